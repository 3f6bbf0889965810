"""The outbox with mails in it, and workers that share its database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from app.mail.transport import MemoryTransport
from app.mail.values import Mail
from app.models import OutboxMessage
from app.services import outbox


@pytest.fixture
def queue(session, site, now) -> Callable[..., OutboxMessage]:
    """Puts one mail into the outbox, commits, and returns its row."""

    def queued(name="one", *, to="sam@example.org", kind="received", due_at=None, **about) -> OutboxMessage:
        mail = Mail(kind, to, f"Mail {name}", f"Text of {name}.\n", f"<p>HTML of {name}.</p>")
        outbox.queue_mail(session, mail, dedup=f"{kind}:{name}", due_at=due_at, site=site, now=now, **about)
        session.commit()
        return session.scalars(select(OutboxMessage).where(OutboxMessage.dedup == f"{kind}:{name}")).one()

    return queued


@pytest.fixture
def sessions(session):
    """Makes sessions of their own, as another process would."""
    return sessionmaker(session.get_bind())


@pytest.fixture
def sink() -> MemoryTransport:
    return MemoryTransport()


@pytest.fixture
def deliver(session, sessions, sink, site, clock):
    """Runs one worker until nothing is due, and lets the test see what it wrote."""

    def run(transport=sink, **options) -> outbox.Delivery:
        session.commit()
        settings = {"jitter": lambda: 0.5, **options}
        done = outbox.deliver_due(sessions, transport, site=site, clock=clock, **settings)
        session.expire_all()
        return done

    return run
