"""What the tests of scheduling share: talks on a call, and what came of it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.domain.errors import InvalidInput
from app.domain.states import ProposalState
from app.models import OutboxMessage, Publication
from app.services import publishing
from tests.cast import make_proposal, make_speaker, make_talk

wall = datetime.fromisoformat


def talk_on(session, call, state, *names, site, now, position=0, title="Upstream first at a railway operator"):
    speakers = tuple(make_speaker(name) for name in names or ("Sam",))
    proposal = make_proposal(session, title, state=ProposalState.ACCEPTED, speakers=speakers)
    talk = make_talk(session, proposal, call, state=state, position=position)
    publishing.publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return talk


def starts(touchpoints):
    return [touchpoint.local_start for touchpoint in touchpoints]


def mails(session):
    query = select(OutboxMessage).where(OutboxMessage.state == "pending").order_by(OutboxMessage.id)
    return [(mail.kind, mail.recipient) for mail in session.scalars(query)]


def publication(session, touchpoint):
    return session.get(Publication, touchpoint.id)


def errors_of(act, *args, **kwargs):
    with pytest.raises(InvalidInput) as refused:
        act(*args, **kwargs)
    return refused.value.errors
