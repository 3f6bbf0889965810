"""The schedule's list is made once for many, and is never old."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from app.domain.people import Role
from app.domain.states import TouchpointState, move_to
from app.extensions import db
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_series


@pytest.fixture
def publications_read(app, publish):
    """How many SELECTs of publications a visit takes."""
    publish()
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    def visit(client, path="/schedule"):
        statements.clear()
        answer = client.get(path)
        assert answer.status_code == 200
        return len([text for text in statements if "FROM publication" in text])

    return visit


def test_a_list_is_made_once_for_each_zone_series_and_page(client, publications_read):
    for path in ("/schedule", "/schedule?tz=Asia/Tokyo", "/schedule?series=thursday", "/schedule?page=2"):
        assert publications_read(client, path) > 0
        assert publications_read(client, path) == 0


def test_each_zone_and_series_has_its_own(client, session, publish):
    publish()
    publish(datetime(2026, 12, 11, 17, 30), "On Friday", of=make_series(session, "friday", name="General"))
    for _ in range(2):
        assert "22:00–23:00" in client.get("/schedule?tz=Asia/Tokyo").text
        assert "22:00–23:00" not in client.get("/schedule?tz=Europe/Madrid").text
        assert "On Friday" in client.get("/schedule?series=friday").text
        assert "On Friday" not in client.get("/schedule?series=thursday").text


def test_a_change_shows_at_once(client, session, publish, site, now):
    touchpoint = publish()
    assert "Upstream first" in client.get("/schedule").text
    move_to(touchpoint, TouchpointState.SKIPPED)
    publish_touchpoint(session, touchpoint, site=site, now=now)
    assert "Upstream first" not in client.get("/schedule").text


def test_a_call_leaves_when_it_ends(client, publish, clock):
    touchpoint = publish(datetime(2026, 11, 23, 10, 0))
    ends_at = touchpoint.ends_at
    assert "Upstream first" in client.get("/schedule").text
    clock.advance(ends_at - clock.now - timedelta(seconds=1))
    assert "Upstream first" in client.get("/schedule").text
    clock.advance(timedelta(seconds=1))
    assert "Upstream first" not in client.get("/schedule").text


def test_who_is_signed_in_sees_the_tables(session, sign_in, publications_read):
    olu = sign_in(make_person(session, "Olu", role=Role.ORGANIZER)).client
    assert [publications_read(olu) > 0 for _ in range(2)] == [True, True]


def test_many_lists_do_not_fill_the_memory(app, client, publications_read):
    for number in range(70):
        client.get(f"/schedule?page={number}")
    assert len(app.extensions["touchpoints.listings"]) <= 64
