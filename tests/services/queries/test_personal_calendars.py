"""People's own calendars and the members' page take as many queries for thirty calls as for one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.secret import Secret
from app.domain.states import ConfirmationState, TalkState, TouchpointState, move_to
from app.models import JoinLink, MemberEntry, Publication
from app.services.publishing import publish_touchpoints
from app.services.queries.joining import coming_member_calls
from app.services.queries.personal_calendars import read_member_calendar, read_speaker_calendar
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint


@pytest.fixture
def sam(session):
    return make_person(session, "Sam", role=Role.MEMBER)


@pytest.fixture
def friday(session):
    friday = make_series(session, "friday", audience=Audience.MEMBERS)
    session.add(JoinLink(series_id=friday.id, url=Secret("https://meet.example.org/friday")))
    session.flush()
    return friday


@pytest.fixture
def calls(session, friday, sam, site, now):
    """Makes so many more members' calls on which Sam speaks."""

    def calls(count, *, first=datetime(2026, 12, 4, 17, 30)):
        made = [make_touchpoint(session, friday, first + timedelta(days=day)) for day in range(count)]
        for call in made:
            talk = make_talk(
                session, make_proposal(session, speakers=(make_speaker(),)), call, state=TalkState.CONFIRMED
            )
            talk.confirmations[0].state = ConfirmationState.CONFIRMED
        publish_touchpoints(session, made, site=site, now=now)
        session.commit()
        return made

    return calls


def test_none_of_them_asks_more_for_more_calls(session, sam, calls, site, now):
    def statements():
        """How many were sent, and how many calls each of the three shows."""
        session.expire_all()
        session.refresh(sam)
        seen = []
        event.listen(session.bind, "before_cursor_execute", lambda *args: seen.append(args[2]))
        files = (
            read_member_calendar(session, site=site, now=now),
            read_speaker_calendar(session, sam, site=site, now=now),
        )
        shown = coming_member_calls(session, now=now)
        return len(seen), [file.body.count(b"BEGIN:VEVENT") for file in files], len(shown)

    calls(1)
    few = statements()
    calls(20, first=datetime(2027, 1, 1, 17, 30))
    many = statements()
    assert (few[1:], many[1:]) == (([1, 1], 1), ([21, 21], 21))
    assert many[0] == few[0]


def test_the_members_page_leaves_out_what_does_not_take_place_and_cannot_be_read(session, calls, site, now):
    made = calls(3)
    move_to(made[0], TouchpointState.SKIPPED)
    publish_touchpoints(session, made[:1], site=site, now=now)
    session.get(MemberEntry, made[1].id).value = {"series": 5}
    planned = make_touchpoint(session, made[0].series, datetime(2027, 2, 5, 17, 30))
    off = make_touchpoint(session, made[0].series, datetime(2027, 2, 12, 17, 30))
    move_to(off, TouchpointState.SKIPPED)
    publish_touchpoints(session, [planned, off], site=site, now=now)
    session.commit()
    shown = coming_member_calls(session, now=now)
    assert [(each.call.key, each.way_in.address.reveal()) for each in shown] == [
        (made[2].key, "https://meet.example.org/friday"),
        (planned.key, "https://meet.example.org/friday"),
    ]


def test_a_speakers_calendar_leaves_out_what_cannot_be_read(session, sam, calls, site, now):
    made = calls(2)
    session.get(Publication, made[0].id).value = {"series": 5}
    session.commit()
    assert read_speaker_calendar(session, sam, site=site, now=now).body.count(b"BEGIN:VEVENT") == 1
