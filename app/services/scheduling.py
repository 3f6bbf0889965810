"""Touchpoints as organizers keep them: opened from the cadence, added, moved, skipped, restored, their agenda."""

from __future__ import annotations

from datetime import date, datetime
from typing import NoReturn

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.models import Touchpoint
from app.services.auditing import Actor


def open_touchpoints(session: Session, *, until: date, by: Actor, site: Site, now: datetime) -> list[Touchpoint]:
    """Open every touchpoint that the cadence of the living series gives from today to `until`, both included.

    Returns the new ones in order of time. Dates that were opened before, even if moved or skipped since, and dates with
    an exception stay as they are: running it twice changes nothing.
    """
    raise NotImplementedError


def move_touchpoint(
    session: Session, touchpoint: Touchpoint, *, to: datetime, version: int, by: Actor, site: Site, now: datetime
) -> NoReturn:
    """Move the call to `to`, naive wall time in the touchpoint's zone."""
    raise NotImplementedError
