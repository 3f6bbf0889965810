"""Which calendar an address means, and its file from the database."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import read_only
from app.domain.errors import NotFound
from app.domain.site import Site
from app.services.queries.feeds import CalendarFile, read_call_file, read_feed

_PATH = re.compile(r"/(calendar|touchpoints)/([A-Za-z0-9-]{1,64})\.ics")


def read_calendar(engine: Engine, path: str, *, site: Site, now: datetime) -> CalendarFile:
    """What the database has at this address. Raises NotFound, and what SQLAlchemy raises."""
    kind, name = _parts(path)
    with read_only(), Session(engine) as session:
        if kind == "touchpoints":
            return read_call_file(session, name)
        return read_feed(session, name, site=site, now=now)


def disposition(path: str) -> str:
    """A feed is shown by the program that subscribes; one call is kept as a file."""
    kind, name = _parts(path)
    return f"attachment; filename=touchpoint-{name}.ics" if kind == "touchpoints" else f"inline; filename={name}.ics"


def _parts(path: str) -> tuple[str, str]:
    found = _PATH.fullmatch(path)
    if found is None:
        raise NotFound("There is no such calendar.")
    return found[1], found[2]
