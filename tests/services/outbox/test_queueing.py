"""A mail is queued with its cause or not at all, once, and can be taken back until it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.states import MailState
from app.mail.reading import read_message
from app.mail.values import Mail
from app.models import OutboxMessage
from app.services import outbox
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint


def mail(**changes):
    return Mail(
        **{"kind": "received", "to": "vera@example.org", "subject": "Hi", "text": "Hi", "html": "Hi", **changes}
    )


def count(session):
    return session.scalar(select(func.count()).select_from(OutboxMessage))


def test_a_row_holds_the_finished_message(session, site, now):
    proposal = make_proposal(session)
    assert outbox.queue_mail(session, mail(), dedup="one", site=site, now=now, proposal=proposal)
    session.commit()
    row = session.scalars(select(OutboxMessage)).one()
    message = read_message(row.message)
    assert (row.state, row.attempts, row.kind, row.recipient) == (MailState.PENDING, 0, "received", "vera@example.org")
    assert (row.created_at, row.due_at, row.proposal_id, row.talk_id) == (now, now, proposal.id, None)
    assert dict(message.headers)["Message-ID"] == row.message_id
    assert dict(message.headers)["References"] == f"<proposal-{proposal.key}@localhost>"
    assert message.to == "vera@example.org"


def test_a_mail_about_a_talk_is_one_about_its_proposal_too(session, site, now):
    proposal = make_proposal(session)
    talk = make_talk(session, proposal, make_touchpoint(session, make_series(session), now.replace(tzinfo=None)))
    outbox.queue_mail(session, mail(), dedup="one", site=site, now=now, talk=talk)
    row = session.scalars(select(OutboxMessage)).one()
    assert (row.talk_id, row.proposal_id) == (talk.id, proposal.id)


def test_the_same_event_queues_one_mail(session, site, now):
    assert outbox.queue_mail(session, mail(), dedup="one", site=site, now=now)
    first = session.scalars(select(OutboxMessage.message_id)).one()
    assert not outbox.queue_mail(session, mail(subject="Again"), dedup="one", site=site, now=now)
    session.commit()
    assert session.scalars(select(OutboxMessage.message_id)).all() == [first]


def test_two_requests_of_one_event_at_once_queue_one_mail(session, sessions, site, now, engine_name):
    outbox.queue_mail(session, mail(), dedup="one", site=site, now=now)
    session.commit()
    with sessions() as other:
        assert not outbox.queue_mail(other, mail(), dedup="one", site=site, now=now)
        other.commit()
    assert count(session) == 1


def test_a_click_that_fails_leaves_no_mail(session, site, now):
    outbox.queue_mail(session, mail(), dedup="one", site=site, now=now)
    session.rollback()
    assert count(session) == 0


def test_a_mail_that_cannot_be_sent_safely_fails_the_click(session, site, now):
    with pytest.raises(ValueError, match="mail cannot be sent"):
        outbox.queue_mail(session, mail(to="not an address@example.org"), dedup="one", site=site, now=now)
    session.rollback()
    assert count(session) == 0


@pytest.mark.parametrize(("wait", "rings"), [(0, True), (5, False)])
def test_only_a_mail_that_may_leave_at_once_rings_the_bell(session, site, now, wait, rings):
    outbox.queue_mail(session, mail(), dedup="one", due_at=now + timedelta(minutes=wait), site=site, now=now)
    assert session.info.get(outbox.QUEUED, False) is rings


def test_what_waits_can_be_taken_back(session, queue):
    proposal, other = make_proposal(session), make_proposal(session)
    rows = [
        queue("a", kind="accepted", proposal=proposal),
        queue("b", kind="received", proposal=proposal),
        queue("c", kind="accepted", proposal=other),
    ]
    assert len(outbox.cancel_pending(session, ["accepted", "declined"], proposal=proposal)) == 1
    assert [row.state for row in rows] == [MailState.CANCELLED, MailState.PENDING, MailState.PENDING]


def test_what_waits_for_one_talk_is_taken_back_for_that_talk(session, queue, now):
    series = make_series(session)
    proposal = make_proposal(session)
    talk = make_talk(session, proposal, make_touchpoint(session, series, now.replace(tzinfo=None)))
    row = queue("a", kind="moved", talk=talk)
    other = queue("b", kind="moved", proposal=proposal)
    assert len(outbox.cancel_pending(session, ["moved"], talk=talk)) == 1
    assert (row.state, other.state) == (MailState.CANCELLED, MailState.PENDING)


@pytest.mark.parametrize("state", [MailState.LEASED, MailState.SENT, MailState.PARKED])
def test_what_has_left_or_may_have_is_not_taken_back(session, queue, state):
    row = queue()
    row.state = state
    session.flush()
    assert len(outbox.cancel_pending(session, ["received"])) == 0
    assert row.state is state
