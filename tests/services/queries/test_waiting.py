"""What organizers see of the mails that have not left: how many, when, and who can take them back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from app.domain.errors import Conflict
from app.domain.people import Role
from app.domain.states import MailState, ProposalState, TalkState
from app.models import AuditEvent, OutboxMessage
from app.services import outbox, placing, scheduling
from app.services.auditing import Actor
from app.services.queries.waiting import read_waiting_mails
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

MINUTE = timedelta(minutes=1)


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def december(session, series):
    return make_touchpoint(session, series, datetime(2026, 12, 10, 14), talk_minutes=120)


@pytest.fixture
def january(session, series):
    return make_touchpoint(session, series, datetime(2027, 1, 14, 14), talk_minutes=120)


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def ines(session):
    return make_person(session, "Ines Organizer", role=Role.ORGANIZER)


@pytest.fixture
def talk(session, december):
    return make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), december, state=TalkState.CONFIRMED)


@pytest.fixture
def move(session, olu, site, now):
    def move(talk, onto, at=now):
        room = {"by": Actor.signed_in(olu), "site": site, "now": at}
        placing.move_talk(session, talk, onto=onto, version=talk.version, **room)

    return move


def test_nothing_waits(session, olu, now):
    assert read_waiting_mails(session, organizer=olu, now=now) == []


def test_a_move_waits_for_five_minutes_and_who_made_it_may_undo_it(session, talk, january, olu, ines, move, now):
    move(talk, january)
    [shown] = read_waiting_mails(session, organizer=olu, now=now + MINUTE)
    assert (shown.kind, shown.pk, shown.label) == ("talk", talk.id, talk.proposal.title)
    assert (shown.mails, shown.minutes, shown.undo) == (3, 4, True)  # to Sam, Olu and Ines
    [hers] = read_waiting_mails(session, organizer=ines, now=now + 5 * MINUTE - timedelta(seconds=1))
    assert (hers.minutes, hers.undo) == (1, False)
    assert read_waiting_mails(session, organizer=olu, now=now + 5 * MINUTE) == []


def test_a_moved_call_waits_beside_its_talks(session, talk, december, olu, site, now):
    room = {"by": Actor.signed_in(olu), "site": site, "now": now}
    scheduling.move_touchpoint(session, december, to=datetime(2026, 12, 16, 14), version=december.version, **room)
    shown = read_waiting_mails(session, organizer=olu, now=now)
    assert {(each.kind, each.pk, each.mails) for each in shown} == {
        ("talk", talk.id, 1),
        ("touchpoint", december.id, 1),
    }
    assert {each.label for each in shown} == {talk.proposal.title, "Thursday, Wed 16 Dec"}
    assert {each.undo for each in shown} == {False}  # Undo does not bring the old time back


def test_sent_now_it_is_due_at_once_and_written_down(session, talk, january, olu, move, now):
    move(talk, january)
    [shown] = read_waiting_mails(session, organizer=olu, now=now)
    by = Actor.signed_in(olu)
    assert outbox.send_now(session, talk, seen=shown.newest, by=by, now=now + MINUTE) == 2
    due = session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.state == MailState.PENDING)).all()
    assert due == [now + MINUTE] * 2
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (last.action, last.subject_id, last.detail) == ("talk.mail_sent_now", talk.id, {"mails": 2})
    with pytest.raises(Conflict, match="No mail waits here any more"):
        outbox.send_now(session, talk, seen=shown.newest, by=by, now=now + MINUTE)


def test_what_somebody_changed_since_is_not_sent_unseen(session, talk, january, december, olu, move, now):
    move(talk, january)
    [shown] = read_waiting_mails(session, organizer=olu, now=now)
    third = make_touchpoint(session, january.series, datetime(2027, 1, 28, 14), talk_minutes=120)
    move(talk, third)
    with pytest.raises(Conflict, match="another mail waits"):
        outbox.send_now(session, talk, seen=shown.newest, by=Actor.signed_in(olu), now=now)
    session.rollback()
    assert len(read_waiting_mails(session, organizer=olu, now=now)) == 1


def test_a_call_is_sent_now_too_and_a_mail_that_was_tried_is_not_ours_to_hasten(
    session, talk, december, olu, site, now
):
    by = Actor.signed_in(olu)
    room = {"by": by, "site": site, "now": now}
    scheduling.move_touchpoint(session, december, to=datetime(2026, 12, 16, 14), version=december.version, **room)
    newest = max(session.scalars(select(OutboxMessage.id).where(OutboxMessage.touchpoint_id == december.id)))
    assert outbox.send_now(session, december, seen=newest, by=by, now=now) == 1
    for row in session.scalars(select(OutboxMessage).where(OutboxMessage.talk_id == talk.id)):
        row.attempts = 1
    session.commit()
    assert read_waiting_mails(session, organizer=olu, now=now) == []


def test_thirty_take_as_many_queries_as_one(session, series, december, january, olu, move, now):
    def count():
        asked = []

        def listen(*args):
            asked.append(args[2])

        session.expire_all()
        event.listen(session.get_bind(), "before_cursor_execute", listen)
        found = read_waiting_mails(session, organizer=olu, now=now)
        event.remove(session.get_bind(), "before_cursor_execute", listen)
        return len(found), len(asked)

    def add(numbers):
        for number in numbers:
            speaker = make_speaker(f"S{number} Speaker")
            proposal = make_proposal(
                session, f"Talk {number:02}", state=ProposalState.ACCEPTED, speakers=(speaker,), minutes=1
            )
            talk = make_talk(session, proposal, december, state=TalkState.CONFIRMED, position=number)
            move(talk, january)

    add(range(1))
    one = count()
    add(range(1, 30))
    assert (one[0], count()[0]) == (1, 30)
    assert count()[1] <= one[1]
