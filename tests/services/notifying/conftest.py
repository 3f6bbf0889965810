"""What the outbox holds after people were told, read as they would read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from icalendar import Calendar, Event
from sqlalchemy import select

from app.domain.states import MailState
from app.mail.reading import ReadMessage, read_message
from app.models import OutboxMessage


@dataclass(frozen=True)
class Told:
    """One mail in the outbox."""

    row: OutboxMessage
    message: ReadMessage

    @property
    def kind(self) -> str:
        return self.row.kind

    @property
    def to(self) -> str:
        return self.row.recipient

    @property
    def text(self) -> str:
        return self.message.text.replace("\r\n", "\n")

    @property
    def due_at(self) -> datetime:
        return self.row.due_at

    @property
    def method(self) -> str:
        return str(Calendar.from_ical(self.message.calendar.encode())["METHOD"]) if self.message.calendar else ""

    @property
    def event(self) -> Event:
        (event,) = Calendar.from_ical(self.message.calendar.encode()).walk("VEVENT")
        return event


@pytest.fixture
def told(session) -> Callable[[], list[Told]]:
    """The mails that were queued since the last look, in order."""
    seen: set[int] = set()

    def read() -> list[Told]:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        fresh = [row for row in rows if row.id not in seen]
        seen.update(row.id for row in rows)
        return [Told(row, read_message(row.message)) for row in fresh]

    return read


@pytest.fixture
def taken_back(session) -> Callable[[Told], None]:
    """Undoes the queueing of a mail, as Undo does."""

    def take(mail: Told) -> None:
        mail.row.state = MailState.CANCELLED
        session.flush()

    return take
