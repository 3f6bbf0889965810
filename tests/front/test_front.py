"""The front as its neighbours see it: who is answered from memory, who goes on, and that memory is never old."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, text

from app import create_app
from app.domain.states import TalkState, TouchpointState, move_to
from app.extensions import db
from app.services.publishing import publish_touchpoint
from tests.calendars import read_with_ical
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint
from tests.fixtures.application import dispose, settings_for

FEED = "/calendar/all.ics"


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def publish(session, series, site, now):
    def publish(local_start, title="Upstream first"):
        touchpoint = make_touchpoint(session, series, local_start)
        make_talk(session, make_proposal(session, title), touchpoint, state=TalkState.CONFIRMED)
        publish_touchpoint(session, touchpoint, site=site, now=now)
        session.commit()
        return touchpoint

    return publish


def titles(answer):
    return [entry.summary for entry in read_with_ical(answer.data)]


def selects(app):
    """The SELECTs that the application's pool sends from now on."""
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    return statements


def test_the_second_poll_reads_no_publication(app, client, publish):
    publish(datetime(2026, 12, 10, 14, 0))
    first = client.get(FEED)
    statements = selects(app)
    assert client.get(FEED).data == first.data
    assert client.get(FEED, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert [statement for statement in statements if "publication" in statement] == []


def test_nothing_is_remembered_while_there_is_no_mark(client, session, series, publish):
    from app.models import FeedRevision

    publish(datetime(2026, 12, 10, 14, 0))
    session.execute(text("DELETE FROM feed_revision"))
    assert session.get(FeedRevision, 1) is None
    assert titles(client.get(FEED)) == ["Thursday: Upstream first"]
    session.execute(text("UPDATE publication SET status = 'planned'"))
    assert titles(client.get(FEED)) == []


@pytest.mark.parametrize(
    ("local_start", "off", "step"),
    [
        (datetime(2026, 8, 26, 11, 0), False, timedelta(days=1)),
        (datetime(2026, 10, 25, 10, 0), True, timedelta(days=1)),
    ],
)
def test_a_call_leaves_the_feed_on_time_without_any_write(
    client, session, publish, site, now, clock, local_start, off, step
):
    """Held calls 90 days after their start, cancelled ones 30: both stand exactly at the end on the day after."""
    touchpoint = publish(local_start)
    if off:
        move_to(touchpoint, TouchpointState.SKIPPED)
        publish_touchpoint(session, touchpoint, site=site, now=now)
    assert touchpoint.starts_at + timedelta(days=30 if off else 90) == now + step
    first = client.get(FEED)
    assert len(titles(first)) == 1
    clock.advance(step)
    assert client.get(FEED).data == first.data
    clock.advance(timedelta(seconds=1))
    later = client.get(FEED, headers={"If-None-Match": first.headers["ETag"]})
    assert (later.status_code, titles(later)) == (200, [])
    clock.advance(timedelta(seconds=-1))
    assert client.get(FEED).data == first.data


def test_a_new_series_and_a_first_call_are_found_at_once(client, session, publish):
    publish(datetime(2026, 12, 10, 14, 0))
    assert client.get("/calendar/friday.ics").status_code == 404
    make_series(session, "friday", name="General")
    assert client.get("/calendar/friday.ics").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/calendar/.ics", "/calendar/a/b.ics", "/calendar/%00.ics", "/calendar/%C3%A9.ics", "/x.ics", "/calendar/all.ICS"],
)
def test_what_is_no_calendars_address_is_a_404(client, publish, path):
    assert client.get(path).status_code == 404


def test_options_say_what_is_allowed(client):
    assert {"GET", "HEAD", "OPTIONS"} == set(client.options(FEED).headers["Allow"].split(", "))


def test_a_database_that_is_away_is_a_503_and_comes_back(app, client, session, publish):
    publish(datetime(2026, 12, 10, 14, 0))
    session.execute(text("ALTER TABLE publication RENAME TO away"))
    make = {"sqlite": 503, "postgresql": 500}  # PostgreSQL calls a missing table an error of the program
    assert client.get(FEED).status_code == make[session.bind.dialect.name]
    session.execute(text("ALTER TABLE away RENAME TO publication"))
    assert client.get(FEED).status_code == 200


def test_changes_at_once_never_leave_an_old_feed_behind(app, client, session, series, publish, site, now):
    """Pollers ask all the time while calls are committed: each sees the feed grow, and none is late."""
    publish(datetime(2026, 12, 1, 14, 0), "Call 0")
    counts: list[list[int]] = [[], []]
    done = threading.Event()

    def poll(seen):
        poller = app.test_client()
        poller.application.extensions.pop("touchpoints.session-of-test", None)
        while not done.is_set():
            seen.append(poller.get(FEED).data.count(b"BEGIN:VEVENT"))

    pollers = [threading.Thread(target=poll, args=(seen,)) for seen in counts]
    for poller in pollers:
        poller.start()
    try:
        for number in range(1, 9):
            publish(datetime(2026, 12, 1 + number, 14, 0), f"Call {number}")
            assert client.get(FEED).data.count(b"BEGIN:VEVENT") == number + 1
    finally:
        done.set()
        for poller in pollers:
            poller.join()
    assert all(seen == sorted(seen) and seen for seen in counts)


class TestLimits:
    """As it runs outside of tests, where limits of rate hold."""

    @pytest.fixture
    def engine_name(self):
        return "sqlite"

    @pytest.fixture
    def app(self, database_url, tmp_path, clock):
        from app.extensions import limiter

        variables = {"TOUCHPOINTS_ENV": "development", "BASE_URL": "http://localhost"}
        application = create_app(settings_for(database_url, tmp_path / "instance", **variables), clock=clock)
        limiter.reset()
        yield application
        limiter.enabled = False
        dispose(application)

    def ask(self, client, address="198.51.100.7", **headers):
        return client.get(FEED, headers=headers, environ_base={"REMOTE_ADDR": address})

    def test_a_caller_gets_three_hundred_feeds_a_minute_and_any_number_of_304(self, client, publish, clock):
        publish(datetime(2026, 12, 10, 14, 0))
        etag = self.ask(client).headers["ETag"]
        assert {self.ask(client).status_code for _ in range(299)} == {200}
        refused = self.ask(client)
        assert (refused.status_code, refused.mimetype) == (429, "text/plain")
        assert refused.headers["Retry-After"] == "Mon, 23 Nov 2026 09:01:00 GMT"
        assert self.ask(client, **{"If-None-Match": etag}).status_code == 304
        assert self.ask(client, "198.51.100.8").status_code == 200
        clock.advance(timedelta(minutes=1))
        assert self.ask(client).status_code == 200

    def test_a_household_of_ipv6_is_one_caller(self, client):
        answers = [self.ask(client, f"2001:db8:1:2::{number:x}").status_code for number in range(301)]
        assert answers == [200] * 300 + [429]
        assert self.ask(client, "2001:db8:1:3::1").status_code == 200
