"""What messages are made of: plain frozen values, so that no message can reach a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

CalendarMethod = Literal["REQUEST", "CANCEL"]


@dataclass(frozen=True)
class Occasion:
    """When and where a call is: the name of its series, an aware UTC instant, minutes, the IANA zone of the series."""

    series: str
    starts_at: datetime
    minutes: int
    time_zone: str

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class CalendarObject:
    """An iTIP object (RFC 5546) and its method, which must also stand in the MIME type."""

    method: CalendarMethod
    data: bytes


@dataclass(frozen=True)
class Mail:
    """One finished message to one recipient. `kind` is the word that the outbox knows it by."""

    kind: str
    to: str
    subject: str
    text: str
    html: str
    calendar: CalendarObject | None = None
