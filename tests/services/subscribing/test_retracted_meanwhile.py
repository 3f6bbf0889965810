"""A name that is taken back while a worker writes mails to followers is in none of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.models import Talk, Touchpoint
from app.services.digesting import digest_next
from app.services.telling import tell_next
from tests.cast import make_speaker
from tests.services.subscribing.conftest import SETTLED, Calls

MONDAY = datetime(2026, 12, 14, 6, tzinfo=UTC)


@pytest.fixture
def mails_leave():
    return True


@pytest.fixture
def talk(calls, call):
    return calls.confirm(call, speakers=(make_speaker("Sam Stone"),))


@pytest.fixture
def take_back(talk, site, clock):
    """Sam takes the name back, in somebody else's session; the transaction stays open unless `commit`."""
    talk_id, call_id = talk.id, talk.touchpoint_id

    def take_back(other, *, commit=True):
        other.get(Talk, talk_id).confirmations[0].attribution = Attribution.NONE
        theirs = Calls(other, site, clock)
        if not commit:
            other.commit = other.flush
        theirs.publish(other.get(Touchpoint, call_id))

    return take_back


def test_a_weekly_mail_that_was_being_written_is_written_anew(
    follow, tell, session, site, clock, letters, meanwhile, take_back
):
    follow(weekly=True)
    tell()
    clock.now = MONDAY
    meanwhile(take_back)
    while digest_next(session, site=site, now=clock.now):
        pass
    (mail,) = letters()
    assert (mail.kind, "Stone" in mail.text, "A speaker" in mail.text) == ("digest", False, True)


@pytest.mark.parametrize("engine_name", ["postgresql"])  # on SQLite whoever writes is alone
@pytest.mark.parametrize(("queue_next", "weekly"), [(tell_next, False), (digest_next, True)])
def test_no_mail_is_queued_about_a_call_that_somebody_is_publishing(
    follow, tell, session, site, clock, letters, take_back, queue_next, weekly
):
    follow(weekly=weekly)
    if weekly:
        tell()
    clock.now = MONDAY if weekly else clock.now + SETTLED
    session.commit()
    with Session(session.get_bind()) as other:
        take_back(other, commit=False)
        assert queue_next(session, site=site, now=clock.now)
        assert letters() == []
        Session.commit(other)
    while queue_next(session, site=site, now=clock.now):
        pass
    (mail,) = letters()
    assert "Stone" not in mail.text
