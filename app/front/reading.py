"""Which calendar an address means, and its file from the database."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import read_only
from app.domain.errors import NotFound
from app.domain.site import Site
from app.services.queries.feeds import CalendarFile, read_call_file, read_feed, read_topic_feed
from app.services.queries.public_changes import read_changes

ENDINGS = (".ics", ".atom")
OWN = "/calendar/mine/"
"""Where people's own calendars are: never here, they are for one reader and their addresses are secrets."""
_PATH = re.compile(r"/(calendar(?:/topics)?|touchpoints)/([A-Za-z0-9-]{1,64})\.(ics|atom)")


def read_calendar(engine: Engine, path: str, *, site: Site, now: datetime) -> CalendarFile:
    """What the database has at this address. Raises NotFound, and what SQLAlchemy raises."""
    kind, name = _parts(path)
    with read_only(), Session(engine) as session:
        match kind:
            case "touchpoints.ics":
                return read_call_file(session, name)
            case "calendar/topics.ics":
                return read_topic_feed(session, name, site=site, now=now)
            case "calendar.atom":
                return read_changes(session, name, site=site, now=now)
            case _:
                return read_feed(session, name, site=site, now=now)


def disposition(path: str) -> str:
    """A feed is shown by the program that subscribes; one call is kept as a file."""
    kind, name = _parts(path)
    if kind == "touchpoints.ics":
        return f"attachment; filename=touchpoint-{name}.ics"
    return f"inline; filename={name}.{kind.rpartition('.')[2]}"


def _parts(path: str) -> tuple[str, str]:
    """The kind of file, such as "calendar/topics.ics", and its name. Raises NotFound."""
    found = _PATH.fullmatch(path)
    if found is None or (found[3] == "atom" and found[1] != "calendar"):
        raise NotFound("There is no such calendar.")
    return f"{found[1]}.{found[3]}", found[2]
