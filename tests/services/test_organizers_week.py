"""Organizers read on Monday morning what waits for them, and nothing where nothing waits."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import event, select

from app.domain.people import Role
from app.domain.states import ConfirmationState, MailState, ProposalState, TalkState
from app.mail.reading import read_message
from app.models import CadenceRule, OutboxMessage, Series
from app.services import organizers_week
from tests.cast import (
    make_person,
    make_proposal,
    make_series,
    make_sister,
    make_speaker,
    make_talk,
    make_touchpoint,
)

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # seven in Madrid
WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def series(session):
    return make_series(session)


def mail_week(session, site, now=MONDAY):
    return organizers_week.mail_organizers_week(session, site=site, now=now)


def texts(session):
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "agenda").order_by(OutboxMessage.id))
    return [read_message(row.message).text.replace("\r\n", "\n") for row in rows]


def park(session, kind="confirmed"):
    row = OutboxMessage(
        dedup=f"parked {kind}",
        kind=kind,
        recipient="sam@example.org",
        subject="",
        message_id=f"<{kind}@example.org>",
        message=b"",
        state=MailState.PARKED,
        created_at=MONDAY,
        due_at=MONDAY,
    )
    session.add(row)
    session.flush()


def test_it_names_empty_dates_open_invitations_and_mails_that_stick(session, series, site):
    make_touchpoint(session, series, datetime(2026, 12, 3, 14, 0))
    asked = make_touchpoint(session, series, datetime(2026, 12, 17, 14, 0))
    speakers = (make_speaker("Sam Speaker"), make_speaker("Tia Speaker"))
    talk = make_talk(
        session, make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers), asked, state=TalkState.INVITED
    )
    talk.confirmations[1].state = ConfirmationState.CONFIRMED
    park(session)
    park(session, "digest")  # to a subscriber: nobody's business
    assert mail_week(session, site) == 1
    [text] = texts(session)
    assert "- Thursday 3 December 2026, 14:00\N{EN DASH}15:00 Madrid (CET): Europe Chapter and OSPOlogy" in text
    assert "- Upstream first at a railway operator, Thursday 17 December 2026" in text
    assert "waits for Sam Speaker; asked to answer by Monday 30 November 2026, 10:00 Madrid (CET)" in text
    assert "1 mail could not be sent." in text
    assert "http://localhost/mail?box=parked" in text
    assert "http://localhost/board" in text


def test_each_organizer_has_it_once_a_week(session, series, site):
    make_person(session, "Ines Organizer", role=Role.ORGANIZER)
    make_touchpoint(session, series, datetime(2026, 12, 17, 14, 0))
    assert [mail_week(session, site, MONDAY + timedelta(hours=hours)) for hours in (-1, 0, 1, 12, 24)] == [
        0,
        2,
        0,
        0,
        0,
    ]
    assert mail_week(session, site, MONDAY + WEEK) == 2


def test_a_week_in_which_nothing_waits_sends_nothing(session, series, site):
    held = make_touchpoint(session, series, datetime(2026, 12, 3, 14, 0))
    make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), held, state=TalkState.CONFIRMED)
    make_touchpoint(session, series, datetime(2027, 2, 4, 14, 0))  # nobody plans so far ahead
    assert (mail_week(session, site), texts(session)) == (0, [])


def test_long_lists_end_and_say_so(session, series, site):
    for day in range(1, 26):
        make_touchpoint(session, series, datetime(2026, 12, day, 14, 0))
    mail_week(session, site)
    [text] = texts(session)
    assert text.count("Europe Chapter and OSPOlogy") == organizers_week.MOST_LINES
    assert "And 5 more on the board." in text


def test_it_asks_the_database_as_often_for_thirty_as_for_one(session, series, site):
    def queries():
        session.expire_all()
        asked = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
        organizers_week.read_week(session, now=MONDAY)
        return len(asked)

    def add(count, first):
        for number in range(count):
            call = make_touchpoint(session, series, datetime(2026, 11, 26, 10, 0) + timedelta(days=first + number))
            speaker = make_speaker(f"S{first}x{number} Speaker")
            proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=(speaker,))
            make_talk(session, proposal, call, state=TalkState.INVITED)
        session.commit()

    add(1, 0)
    one = queries()
    add(29, 1)
    thirty = queries() // 2  # the first listener counts as well
    assert thirty <= one


def test_the_communitys_clock_is_that_of_its_first_series(session):
    assert organizers_week.community_zone(session, now=MONDAY) == "UTC"
    session.add(Series(slug="new", name="New", short_name="New", role_address="new@example.org", position=0))
    tokyo = make_series(session, "tokyo", zone="Asia/Tokyo")
    tokyo.position = 1
    assert organizers_week.community_zone(session, now=MONDAY) == "Asia/Tokyo"
    coming = make_series(session, "soon", zone="Asia/Seoul")
    coming.position = -1
    coming.rules = [
        CadenceRule(
            valid_from=date(2027, 1, 1),
            rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
            start_time=time(9, 0),
            minutes=60,
            time_zone="Asia/Seoul",
        )
    ]
    session.flush()
    assert organizers_week.community_zone(session, now=MONDAY) == "Asia/Seoul"


def test_it_names_sister_calendars_that_fail_for_a_week(session, series, site):
    failing = make_sister(session, "OpenChain", failing_since=MONDAY - WEEK)
    make_sister(session, "CHAOSS", failing_since=MONDAY - WEEK + timedelta(minutes=1))
    make_sister(session, "SPDX")

    assert mail_week(session, site) == 1
    assert f"could not be fetched for a week: {failing.name}. The last good copy" in texts(session)[0]


def test_it_names_what_is_still_missing_and_who_sees_to_it(session, series, site):
    for day in (5, 12):
        call = make_touchpoint(session, series, datetime(2026, 11, day, 14, 0))
        make_talk(session, make_proposal(session, f"Of the {day}th"), call, state=TalkState.CONFIRMED)
    call.moderator = make_person(session, "Mira", role=Role.MEMBER)
    session.flush()

    assert mail_week(session, site) == 1
    [text] = texts(session)
    assert "- Slides: Of the 5th, 17 days; nobody sees to it" in text
    assert "- Slides: Of the 12th, 10 days; Mira sees to it" in text
