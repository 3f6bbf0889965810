"""Which wording of the notice holds: the present one for calls to come, and for each call the one that governs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.wording import STANDARD, Wording
from app.models import NoticeWording, Publication, Touchpoint
from app.services.public_history import read_value


def present_wording(session: Session) -> Wording:
    """The newest wording: the organizers', or ours while they have written none."""
    newest = session.scalar(select(NoticeWording).order_by(NoticeWording.number.desc()).limit(1))
    return newest.value() if newest else STANDARD


def governing_wording(session: Session, touchpoint: Touchpoint | None) -> Wording:
    """The wording of this call's notice, which its publication keeps. Where nothing of it is public it is the one that
    was in force when it began, and the present one for a call to come, or for none.
    """
    if touchpoint is None:
        return present_wording(session)
    published = session.get(Publication, touchpoint.id)
    value = read_value(published.value) if published is not None else None
    return value.wording if value is not None else in_force(read_versions(session), at=touchpoint.starts_at)


def read_versions(session: Session) -> Sequence[NoticeWording]:
    """The organizers' versions, newest first."""
    return session.scalars(select(NoticeWording).order_by(NoticeWording.number.desc())).all()


def in_force(versions: Sequence[NoticeWording], *, at: datetime) -> Wording:
    """The newest of these versions that was there at that instant, or ours."""
    return next((row.value() for row in versions if row.made_at <= at), STANDARD)


def list_wordings(session: Session) -> Sequence[NoticeWording]:
    """The organizers' versions, newest first, with their authors."""
    query = select(NoticeWording).order_by(NoticeWording.number.desc())
    return session.scalars(query.options(joinedload(NoticeWording.author))).all()
