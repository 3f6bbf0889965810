"""A change of a country's clocks: calls keep their hour on the wall there, and everyone hears of their new instant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.confirming import Answer
from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.states import ConfirmationState, TalkState
from app.models import AuditEvent, MemberEntry, OutboxMessage, Publication, PublicChange
from app.services.auditing import LINK, Actor
from app.services.clock_changes import catch_up, follow_clock_changes
from app.services.confirming import confirm_talk
from app.services.inviting import invite_talk
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def call(session, series, site, now):
    """A call as it was published while Madrid was thought to stay an hour ahead: 14:00 there was 12:00 UTC."""
    call = make_touchpoint(session, series, datetime(2026, 12, 10, 14, 0))
    talk = make_talk(session, make_proposal(session, speakers=(make_speaker(),)), call, state=TalkState.CONFIRMED)
    for answer in talk.confirmations:
        answer.state = ConfirmationState.CONFIRMED
    call.starts_at -= timedelta(hours=1)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return call


def published(session, call):
    return session.scalars(select(Publication).where(Publication.touchpoint_id == call.id)).one()


def test_a_call_whose_instant_changed_is_moved_and_keeps_its_hour_on_the_wall(session, call, site, clock):
    later = clock.advance(timedelta(hours=1))
    assert follow_clock_changes(session, site=site, now=later) == [call]

    row = published(session, call)
    assert (call.local_start, call.starts_at) == (
        datetime(2026, 12, 10, 14, 0),
        datetime(2026, 12, 10, 13, 0, tzinfo=UTC),
    )
    assert (row.sequence, row.starts_at, row.last_modified) == (1, call.starts_at, later)
    assert b"DTSTART:20261210T130000Z" in row.vevent
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "touchpoint.shifted")).one()
    assert (event.actor, event.detail) == ("system", {"was": "2026-12-10T12:00:00+00:00"})
    kinds = session.scalars(select(PublicChange.kind).order_by(PublicChange.updated_at)).all()
    assert [kind.value for kind in kinds] == ["published", "moved"]


def test_the_second_start_finds_nothing_to_do(session, call, site, clock):
    follow_clock_changes(session, site=site, now=clock.advance(timedelta(hours=1)))
    before = published(session, call).vevent
    assert follow_clock_changes(session, site=site, now=clock.advance(timedelta(hours=1))) == []
    assert published(session, call).vevent == before
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "touchpoint.shifted")).all()) == 1


def test_several_that_start_at_one_moment_move_it_once(session, call, site, now):
    engine = session.get_bind()

    def start(_number):
        with Session(engine) as own:
            return len(follow_clock_changes(own, site=site, now=now))

    with ThreadPoolExecutor(4) as pool:
        moved = list(pool.map(start, range(4)))
    session.expire_all()
    assert sorted(moved) == [0, 0, 0, 1]
    assert published(session, call).sequence == 1


def test_what_is_over_and_what_holds_stay_as_they_are(session, series, call, site, now):
    call.starts_at = now - timedelta(hours=2)
    held = make_touchpoint(session, series, datetime(2027, 1, 14, 14, 0))
    session.commit()
    assert follow_clock_changes(session, site=site, now=now) == []
    assert held.version == 1


@pytest.mark.parametrize(
    ("wall", "zone"),
    [(datetime(2027, 3, 28, 2, 30), "Europe/Madrid"), (datetime(2027, 3, 25, 14, 0), "Europe/Atlantis")],
    ids=["skipped by the clocks", "of a zone that is no more"],
)
def test_an_hour_that_is_no_instant_any_more_stays_and_is_logged(session, series, site, now, caplog, wall, zone):
    call = make_touchpoint(session, series, datetime(2027, 3, 25, 14, 0))
    call.local_start, call.time_zone, stood = wall, zone, call.starts_at
    session.commit()
    assert follow_clock_changes(session, site=site, now=now) == []
    assert call.starts_at == stood
    assert f"choose another: touchpoint={call.id}" in caplog.text


@pytest.fixture
def asked(session, series, site, now):
    """A talk whose speaker, in Tokyo, was asked for the old instant by mail."""
    olu = make_person(session, "Olu", role=Role.ORGANIZER)
    call = make_touchpoint(session, series, datetime(2026, 12, 10, 14, 0))
    call.starts_at -= timedelta(hours=1)
    talk = make_talk(session, make_proposal(session, speakers=(make_speaker(zone="Asia/Tokyo"),)), call)
    session.commit()
    invite_talk(session, talk, version=talk.version, by=Actor.signed_in(olu), site=site, now=now)
    return talk


def mails(session, kind):
    """Sam's mails of this kind, parsed."""
    query = select(OutboxMessage).where(OutboxMessage.kind == kind, OutboxMessage.recipient == "sam@example.org")
    rows = session.scalars(query.order_by(OutboxMessage.id))
    return [message_from_bytes(row.message, policy=policy.default) for row in rows]


def words(mail):
    return mail.get_body(("plain",)).get_content()


def test_a_speaker_who_was_asked_reads_was_and_now(session, asked, site, clock):
    follow_clock_changes(session, site=site, now=clock.advance(timedelta(hours=1)))
    (mail,) = mails(session, "moved")
    assert "was: Thursday 10 December 2026, 21:00" in words(mail)
    assert "now: Thursday 10 December 2026, 22:00" in words(mail)
    assert session.scalars(select(OutboxMessage.recipient).where(OutboxMessage.kind == "rescheduled")).all() == [
        "olu@example.org"
    ]


def test_a_speaker_who_confirmed_stays_so_and_gets_the_new_time_with_an_entry(session, asked, site, clock):
    (confirmation,) = asked.confirmations
    answer = Answer(asked.proposal.title, asked.proposal.abstract, Attribution.NAME, recording_consent=False)
    confirm_talk(session, confirmation, answer, by=LINK, site=site, now=clock.advance(timedelta(hours=1)))
    assert asked.state is TalkState.CONFIRMED

    follow_clock_changes(session, site=site, now=clock.advance(timedelta(hours=1)))
    (mail,) = mails(session, "updated")
    assert "Madrid has changed its clocks by law." in words(mail)
    assert "was: Thursday 10 December 2026, 21:00" in words(mail)
    assert b"DTSTART:20261210T130000Z" in mail.get_body(("calendar",)).get_payload(decode=True)
    assert (asked.state, confirmation.state) == (TalkState.CONFIRMED, ConfirmationState.CONFIRMED)


def test_a_call_of_an_earlier_release_gets_its_members_entry_at_the_start(session, site, now):
    friday = make_series(session, "friday", audience=Audience.MEMBERS)
    call = make_touchpoint(session, friday, datetime(2026, 12, 11, 17, 30))
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    kept = session.scalars(select(MemberEntry)).one()
    session.delete(kept)
    session.commit()
    for _ in range(2):
        assert catch_up(session, site=site, now=now) == []
        assert [entry.touchpoint_id for entry in session.scalars(select(MemberEntry))] == [call.id]
