"""Speakers are reminded as their series says, each time once, and thanked after their talk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput
from app.domain.people import Role
from app.domain.secret import Secret
from app.domain.states import ConfirmationState, ProposalState, TalkState, TouchpointState
from app.mail.reading import read_message
from app.models import AuditEvent, JoinLink, OutboxMessage
from app.services import reminding
from app.services.auditing import Actor
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def call(session, series):
    return make_touchpoint(session, series, datetime(2026, 12, 17, 14, 0))


@pytest.fixture
def talk(session, call, now):
    tia = make_speaker("Tia Speaker", zone="Asia/Tokyo")
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=(make_speaker("Sam Speaker"), tia))
    talk = make_talk(session, proposal, call, state=TalkState.CONFIRMED)
    talk.confirmed_at = now
    session.commit()
    return talk


def mails(session):
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.kind, row.recipient) for row in rows]


def text_of(session, recipient):
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == recipient)).one()
    return read_message(row.message).text.replace("\r\n", "\n")


def test_each_speaker_is_reminded_at_fourteen_three_and_one_day_once(session, talk, call, site):
    both = ["sam@example.org", "tia@example.org"]
    for days in (14, 3, 1):
        for late in (timedelta(0), HOUR, DAY - HOUR):
            reminding.remind_speakers(session, site=site, now=call.starts_at - days * DAY + late)
    assert mails(session) == [("upcoming", each) for each in both] * 3
    events = session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "talk.speakers_reminded")).all()
    assert events == [{"days": days, "mails": 2} for days in (14, 3, 1)]


def test_who_confirms_late_hears_only_of_what_is_to_come(session, talk, call, site):
    talk.confirmed_at = call.starts_at - 2 * DAY
    for hours in range(2 * 24):
        reminding.remind_speakers(session, site=site, now=call.starts_at - 2 * DAY + hours * HOUR)
    assert mails(session) == [("upcoming", "sam@example.org"), ("upcoming", "tia@example.org")]


def test_a_talk_that_moves_is_reminded_of_its_new_date(session, talk, call, series, site):
    reminding.remind_speakers(session, site=site, now=call.starts_at - 3 * DAY)
    later = make_touchpoint(session, series, datetime(2026, 12, 31, 14, 0))
    talk.touchpoint = later
    reminding.remind_speakers(session, site=site, now=call.starts_at - DAY)  # the day before the old date
    reminding.remind_speakers(session, site=site, now=later.starts_at - 3 * DAY)
    assert len(mails(session)) == 4


def test_it_says_when_where_and_what_is_missing(session, talk, call, site):
    session.add(JoinLink(series_id=call.series_id, url=Secret("https://meet.example.org/secret")))
    talk.confirmations[1].recording_consent = talk.confirmations[1].attribution = None
    reminding.remind_speakers(session, site=site, now=call.starts_at - DAY)
    sam, tia = text_of(session, "sam@example.org"), text_of(session, "tia@example.org")
    for text in (sam, tia):
        assert "Your talk is tomorrow." in text
        assert "Join at:   https://meet.example.org/secret" in text
        assert "- the address of your slides, if you have any" in text
        assert "http://localhost/materials/" in text
    assert "22:00\N{EN DASH}23:00 Tokyo" in tia
    assert "- whether your talk may be recorded" in tia
    assert "- how you may be named" in tia
    assert "- whether your talk may be recorded" not in sam
    assert "- how you may be named" not in sam


def test_who_has_given_everything_is_asked_for_nothing(session, talk, call, site):
    talk.slides_url = "https://slides.example.org/1"
    reminding.remind_speakers(session, site=site, now=call.starts_at - 3 * DAY)
    assert "Still missing" not in text_of(session, "sam@example.org")
    assert "/materials/" not in text_of(session, "sam@example.org")


def test_days_are_counted_on_the_readers_calendar(session, talk, site):
    talk.touchpoint.local_start, talk.touchpoint.starts_at = (
        datetime(2026, 12, 17, 20, 0),
        talk.touchpoint.starts_at + 6 * HOUR,
    )
    reminding.remind_speakers(session, site=site, now=talk.touchpoint.starts_at - DAY + 6 * HOUR)
    assert "Your talk is today." in text_of(session, "sam@example.org")  # two in the morning in Madrid
    assert "Your talk is tomorrow." in text_of(session, "tia@example.org")


@pytest.mark.parametrize("why", ["invited", "skipped", "no reminders", "no address", "unknown"])
def test_nobody_else_is_reminded(session, talk, call, series, site, why):
    if why == "invited":
        talk.state = TalkState.INVITED
    elif why == "skipped":
        call.state = TouchpointState.SKIPPED
    elif why == "no reminders":
        series.reminder_days = []
    elif why == "unknown":
        talk.confirmed_at = None  # from a record of the past
    else:
        for answer in talk.confirmations:
            answer.speaker.email = None
    session.commit()
    assert reminding.remind_speakers(session, site=site, now=call.starts_at - DAY) == 0
    assert (mails(session), session.scalars(select(AuditEvent)).all()) == ([], [])


def test_speakers_are_thanked_once_two_days_after(session, talk, call, site):
    for hours in (0, 49, 50, 100):
        reminding.thank_speakers(session, site=site, now=call.ends_at + hours * HOUR)
    assert mails(session) == [("thanked", "sam@example.org"), ("thanked", "tia@example.org")]
    text = text_of(session, "sam@example.org")
    assert "Slides:    We do not have them yet." in text
    assert "Recording: You agreed that it is shown." in text
    assert "http://localhost/materials/" in text


def test_where_nothing_is_recorded_nobody_asks_about_a_recording(session, talk, call, site):
    for segment in call.segments:
        segment.recorded = False
    reminding.thank_speakers(session, site=site, now=call.ends_at + 2 * DAY)
    assert "ecording" not in text_of(session, "sam@example.org").replace("Recording:", "")


def test_a_talk_of_years_ago_is_not_thanked_for(session, talk, call, site):
    assert reminding.thank_speakers(session, site=site, now=call.ends_at + 12 * DAY) == 0
    assert reminding.thank_speakers(session, site=site, now=call.ends_at + 400 * DAY) == 0


def test_only_who_confirmed_is_thanked(session, talk, call, site):
    talk.confirmations[1].state = ConfirmationState.DECLINED
    reminding.thank_speakers(session, site=site, now=call.ends_at + 2 * DAY)
    assert mails(session) == [("thanked", "sam@example.org")]


def test_the_days_of_a_series_are_its_own(session, series, now):
    olu = Actor.signed_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))
    assert series.reminder_days == [14, 3, 1]
    version = series.version
    reminding.save_reminder_days(session, series, "7 2", version=version, by=olu, now=now)
    assert series.reminder_days == [7, 2]
    with pytest.raises(Conflict):
        reminding.save_reminder_days(session, series, "1", version=version, by=olu, now=now)
    with pytest.raises(InvalidInput):
        reminding.save_reminder_days(session, series, "soon", version=series.version, by=olu, now=now)


def test_the_moderator_is_reminded_the_day_before_once_for_each_date(session, call, talk, site, clock):
    call.moderator = make_person(session, "Mira Member", role=Role.MEMBER)
    session.commit()
    for ahead in (DAY + HOUR, DAY, HOUR, timedelta(0)):
        reminding.remind_moderators(session, site=site, now=call.starts_at - ahead)
    assert mails(session) == [("moderating_soon", "mira@example.org")]
    text = text_of(session, "mira@example.org")
    assert f"http://localhost/touchpoints/{call.key}/run\n" in text
    assert "Guest talk and questions, 20 min: recorded, not under the Rule." in text

    call.starts_at += DAY
    assert reminding.remind_moderators(session, site=site, now=call.starts_at - HOUR) == 1


def test_nobody_is_reminded_of_a_call_that_is_skipped_or_has_no_moderator(session, call, site):
    assert reminding.remind_moderators(session, site=site, now=call.starts_at - HOUR) == 0
    call.moderator, call.state = make_person(session, "Mira Member", role=Role.MEMBER), TouchpointState.SKIPPED
    assert reminding.remind_moderators(session, site=site, now=call.starts_at - HOUR) == 0
