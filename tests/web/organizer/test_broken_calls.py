"""A call that feeds must leave out is shown to organizers where they look first, with the way to mend it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.domain.states import TalkState
from app.models import AuditEvent, Publication
from app.services.publishing import publish_touchpoint
from app.services.queries.feeds import list_broken_calls
from tests.calendars import read_with_ical
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def calls(session, site, now):
    """Two published calls; what is stored of the first is cut off."""
    series = make_series(session)
    calls = [make_touchpoint(session, series, datetime(2026, 12, day, 14, 0)) for day in (10, 24)]
    for call in calls:
        make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
        publish_touchpoint(session, call, site=site, now=now)
    session.get(Publication, calls[0].id).vevent = b"BEGIN:VEVENT\r\nSUMMARY:Half\r\n"
    session.commit()
    return calls


@pytest.fixture
def here(session, sign_in):
    return sign_in(make_person(session, "Olu", role=Role.ORGANIZER))


def test_the_feed_goes_on_without_it_and_the_board_says_so_with_a_link(client, calls, here):
    assert len(read_with_ical(client.get("/calendar/all.ics").data)) == 1
    board = here.get("/board").text
    assert "A call is missing from the calendars." in board
    assert f'action="/touchpoints/{calls[0].key}/write-anew"' in board


def test_nothing_is_said_while_all_is_well(here):
    assert "broken-calls" not in here.get("/board").text


def test_a_button_writes_it_anew(session, client, calls, here):
    answer = here.post(f"/touchpoints/{calls[0].key}/write-anew")
    assert answer.status_code == 303
    assert len(read_with_ical(client.get("/calendar/all.ics").data)) == 2
    assert "broken-calls" not in here.get("/board").text
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "touchpoint.written_anew")).one()
    assert event.detail == {"mended": True}


def test_what_cannot_be_written_takes_neither_its_publishing_nor_a_feed_down(session, client, calls, here, caplog):
    calls[1].time_zone = "Europe/Atlantis"
    session.commit()
    assert here.post(f"/touchpoints/{calls[1].key}/write-anew").status_code == 303
    assert f"a call cannot be written as an event: key={calls[1].key}" in caplog.text
    assert read_with_ical(client.get("/calendar/all.ics").data) == []
    session.expire_all()
    assert session.get(Publication, calls[1].id).vevent == b""
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "touchpoint.written_anew")).one()
    assert event.detail == {"mended": False}


def test_a_cut_off_end_and_an_empty_row_are_found_as_well(session, calls, now):
    rows = [session.get(Publication, call.id) for call in calls]
    rows[0].vevent, rows[1].vevent = b"", rows[1].vevent[:-10]
    session.commit()
    assert [call.key for call in list_broken_calls(session, now=now)] == [call.key for call in calls]
