"""Which calendar an address means, and its file from the database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import read_only
from app.domain.site import Site
from app.services.queries.feeds import CalendarFile, read_call_file, read_feed

_PATH = re.compile(r"/(calendar|touchpoints)/([A-Za-z0-9-]{1,64})\.ics")


class Kind(StrEnum):
    FEED = "calendar"
    CALL = "touchpoints"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A feed by its slug, or one call by its key; it need not exist."""

    kind: Kind
    name: str

    @classmethod
    def at(cls, path: str) -> Self | None:
        """The calendar that this path means, if it can mean one."""
        found = _PATH.fullmatch(path)
        return cls(Kind(found[1]), found[2]) if found else None

    @property
    def disposition(self) -> str:
        """Shown by the program that subscribes, or kept as a file."""
        if self.kind is Kind.FEED:
            return f"inline; filename={self.name}.ics"
        return f"attachment; filename=touchpoint-{self.name}.ics"


def read_calendar(engine: Engine, calendar: Calendar, *, site: Site, now: datetime) -> CalendarFile:
    """The file as it stands in the database. Raises NotFound, and what SQLAlchemy raises."""
    with read_only(), Session(engine) as session:
        if calendar.kind is Kind.CALL:
            return read_call_file(session, calendar.name)
        return read_feed(session, calendar.name, site=site, now=now)
