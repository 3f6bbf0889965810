"""Placing: an accepted proposal onto a touchpoint, from one to another, and back to the inbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.models import Person, Proposal, Talk, Touchpoint
from app.services.auditing import Actor


def place_proposal(
    session: Session,
    proposal: Proposal,
    *,
    onto: Touchpoint,
    position: int | None = None,
    version: int,
    by: Actor,
    site: Site,
    now: datetime,
) -> Talk:
    """Put an accepted proposal on a touchpoint as a hold. The speakers hear nothing."""
    raise NotImplementedError


def move_talk(
    session: Session,
    talk: Talk,
    *,
    onto: Touchpoint,
    position: int | None = None,
    version: int,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """Move a talk to another place or touchpoint. Speakers who were asked for the old date are asked again."""
    raise NotImplementedError


def release_talk(session: Session, talk: Talk, *, version: int, by: Actor, site: Site, now: datetime) -> None:
    """Take a talk off the board: its proposal is in the inbox again. Speakers who were asked are told."""
    raise NotImplementedError


def undo_last_move(session: Session, organizer: Person, *, site: Site, now: datetime) -> Talk:
    """Put the talk of the organizer's last move back exactly as it stood, and take its mails back."""
    raise NotImplementedError
