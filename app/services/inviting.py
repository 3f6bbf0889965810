"""Inviting: the speakers of a hold are asked to confirm, reminded once, and asked again after a move."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.models import Talk, Touchpoint
from app.services.auditing import Actor


def invite_talk(session: Session, talk: Talk, *, version: int, by: Actor, site: Site, now: datetime) -> None:
    """Ask the speakers of a hold to confirm."""
    raise NotImplementedError


def invite_touchpoint(session: Session, touchpoint: Touchpoint, *, by: Actor, site: Site, now: datetime) -> int:
    """Invite all holds of a touchpoint; returns how many."""
    raise NotImplementedError


def ask_again(
    session: Session, talk: Talk, *, was: Occasion | None = None, by: Actor, site: Site, now: datetime
) -> None:
    """Ask every speaker for the talk's present date, whatever they answered before. Joins the caller's transaction.

    Mails them too: `notify_moved` where `was`, the date they knew, is another one; `notify_invited` otherwise.
    """
    raise NotImplementedError


def remind_unanswered(session: Session, *, site: Site, now: datetime) -> int:
    """Remind once, by mail, the speakers of each talk whose time to answer is running out; returns how many talks."""
    raise NotImplementedError
