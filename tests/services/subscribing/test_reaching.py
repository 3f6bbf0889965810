"""How many mails to people who follow the calls may have named somebody, as far as anybody still knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.receipts import MailsOut
from app.domain.states import MailState
from app.models import OutboxMessage
from app.services.reaching import mails_to_followers
from tests.cast import make_speaker


@pytest.fixture
def told(session, follow, calls, call, tell, clock):
    """Mira's mail of the call left an hour ago, Nora's waits."""
    follow("mira@example.org"), follow("nora@example.org")
    calls.confirm(call, speakers=(make_speaker("Sam Stone"),))
    calls.publish(call)
    tell()
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == "mira@example.org")).one()
    row.state, row.sent_at = MailState.SENT, clock.now - timedelta(hours=1)
    session.commit()
    return row.sent_at


def test_those_that_left_since_then_are_counted(session, call, told):
    assert mails_to_followers(session, [call.id], since=told - timedelta(days=3)) == MailsOut(1, told, told)
    assert mails_to_followers(session, [call.id], since=told + timedelta(minutes=1)) == MailsOut()


def test_of_somebody_who_was_never_named_there_are_none(session, call, told):
    assert mails_to_followers(session, [call.id], since=None) == MailsOut()
