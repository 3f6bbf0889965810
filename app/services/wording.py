"""Which wording of the notice holds: the present one for calls to come, and for each call the one that governs it."""

from __future__ import annotations

from collections.abc import Sequence

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
    """The wording of this call's notice, which its publication keeps; the present one for what was never published."""
    published = session.get(Publication, touchpoint.id) if touchpoint is not None else None
    value = read_value(published.value) if published is not None else None
    return value.wording if value is not None else present_wording(session)


def list_wordings(session: Session) -> Sequence[NoticeWording]:
    """The organizers' versions, newest first, with their authors."""
    query = select(NoticeWording).order_by(NoticeWording.number.desc())
    return session.scalars(query.options(joinedload(NoticeWording.author))).all()
