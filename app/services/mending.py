"""Calls whose stored event is broken: written anew from the tables, when an organizer asks for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.feeds.ical import is_vevent
from app.models import Touchpoint
from app.services.auditing import Actor, record
from app.services.publishing import publish_touchpoint


def mend_call(session: Session, touchpoint: Touchpoint, *, by: Actor, site: Site, now: datetime) -> bool:
    """Write what is public of the call anew, and say whether feeds can show it. One that is whole stays as it is."""
    row = publish_touchpoint(session, touchpoint, site=site, now=now)
    mended = row is None or is_vevent(row.vevent)
    record(session, "touchpoint.written_anew", touchpoint, by=by, now=now, mended=mended)
    session.commit()
    return mended
