"""Calls in public, people who follow them by e-mail, and what the worker mails them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.domain.states import MailState, TalkState, TouchpointState
from app.mail.reading import ReadMessage, read_message
from app.models import OutboxMessage, Subscription, Talk, Touchpoint
from app.services.digesting import digest_next
from app.services.publishing import publish_touchpoints
from app.services.telling import tell_next
from tests.cast import NOW, make_proposal, make_series, make_talk, make_touchpoint

SETTLED = timedelta(minutes=5)


@dataclass(frozen=True)
class Letter:
    """A mail in the outbox as its reader has it."""

    kind: str
    to: str
    message: ReadMessage

    @property
    def text(self) -> str:
        return self.message.text.replace("\r\n", "\n")


class Calls:
    """What organizers do, as far as the public sees it. Each act is a transaction of its own."""

    def __init__(self, session, site, clock) -> None:
        self._session, self._site, self._clock = session, site, clock
        self._others = 0

    def confirm(self, call: Touchpoint, title: str = "Upstream first", **proposal) -> Talk:
        """A talk of the call is confirmed."""
        self._others += 1
        talk = make_talk(
            self._session,
            make_proposal(self._session, title, **proposal),
            call,
            state=TalkState.CONFIRMED,
            position=self._others,
        )
        self.publish(call)
        return talk

    def withdraw(self, talk: Talk) -> None:
        call = talk.touchpoint
        self._session.delete(talk)
        self.publish(call)

    def move(self, call: Touchpoint, **step: float) -> None:
        """By this much, with its talks as they are."""
        call.starts_at += timedelta(**step)
        call.local_start += timedelta(**step)
        self.publish(call)

    def skip(self, call: Touchpoint, reason: str = "Public holiday.") -> None:
        call.state, call.reason = TouchpointState.SKIPPED, reason
        self.publish(call)

    def restore(self, call: Touchpoint) -> None:
        call.state, call.reason = TouchpointState.OPEN, ""
        self.publish(call)

    def publish(self, *calls: Touchpoint) -> None:
        self._session.flush()
        publish_touchpoints(self._session, calls, site=self._site, now=self._clock.now)
        self._session.commit()


@pytest.fixture
def thursday(session):
    return make_series(session)


@pytest.fixture
def call(session, thursday):
    """Thursday 17 December 2026, 14:00 in Madrid, 13:00 UTC: more than three weeks ahead. Nothing of it is public."""
    return make_touchpoint(session, thursday, datetime(2026, 12, 17, 14, 0))


@pytest.fixture
def calls(session, site, clock) -> Calls:
    return Calls(session, site, clock)


@pytest.fixture
def follow(session) -> Callable[..., Subscription]:
    """Somebody subscribes and confirms, at the beginning; to all calls unless `fields` say otherwise."""

    def follow(email: str = "nora@example.org", **fields) -> Subscription:
        fields = {"all_calls": not (fields.keys() & {"series", "topics"}), "confirmed_at": NOW} | fields
        subscription = Subscription(email=email, asked_at=NOW, asked_since=NOW, digested_at=NOW, **fields)
        session.add(subscription)
        session.commit()
        return subscription

    return follow


@pytest.fixture
def mails_leave() -> bool:
    """Whether what was queued has left when the test looks at it; otherwise it waits in the outbox."""
    return False


@pytest.fixture
def letters(session, mails_leave) -> Callable[[], list[Letter]]:
    """The mails that were queued since the last look, in order. They leave."""
    seen: set[int] = set()

    def read() -> list[Letter]:
        session.commit()
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        fresh = [row for row in rows if row.id not in seen]
        seen.update(row.id for row in rows)
        for row in fresh if mails_leave else ():
            row.state, row.sent_at = MailState.SENT, row.due_at
        session.commit()
        return [Letter(row.kind, row.recipient, read_message(row.message)) for row in fresh]

    return read


@pytest.fixture
def tell(session, site, clock, letters) -> Callable[..., list[Letter]]:
    """Let the settle time pass and the worker tell what is due, `rounds` batches at most; returns what it queued."""

    def tell(*, after: timedelta = SETTLED, rounds: int = 100, batch: int = 50) -> list[Letter]:
        clock.advance(after)
        for _ in range(rounds):
            if not tell_next(session, site=site, now=clock.now, batch=batch):
                break
        return letters()

    return tell


@pytest.fixture
def digest(session, site, clock, letters) -> Callable[..., list[Letter]]:
    """Let it be `day` of the month at six, UTC, and the worker write the weekly mails; returns what it queued."""

    def digest(day: datetime, *, batch: int = 50) -> list[Letter]:
        clock.now = day
        while digest_next(session, site=site, now=clock.now, batch=batch):
            pass
        return letters()

    return digest


def kinds(letters: list[Letter]) -> list[tuple[str, str]]:
    """(kind, name before the @) of each."""
    return [(letter.kind, letter.to.partition("@")[0]) for letter in letters]


@pytest.fixture
def meanwhile(session) -> Callable[[Callable[[Session], object]], None]:
    """Has something done in a transaction of somebody else, as soon as the worker has read and written its mails."""

    def meanwhile(act: Callable[[Session], object]) -> None:
        def between(_session: Session) -> None:
            somebody = threading.Thread(target=in_a_transaction)
            somebody.start()
            somebody.join()

        def in_a_transaction() -> None:
            with Session(session.bind) as other:
                act(other)
                other.commit()

        event.listen(session, "after_rollback", between, once=True)

    return meanwhile
