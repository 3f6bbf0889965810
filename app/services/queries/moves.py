"""From when calls were moved to where they are now: said alike by pages, open data and what search engines read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Publication, PublicChange


def moved_from(session: Session, keys: Collection[str]) -> Mapping[str, datetime]:
    """When those of these calls that were moved would have begun before their last move, by key, while it is kept.

    The step may have another name than moved: speakers are asked again, and until they answer the call is cancelled.
    """
    query = (
        select(Publication.key, PublicChange.was_starts_at)
        .join(Publication, Publication.touchpoint_id == PublicChange.touchpoint_id)
        .where(Publication.key.in_(keys), PublicChange.starts_at == Publication.starts_at)
        .where(PublicChange.was_starts_at != PublicChange.starts_at)
        .order_by(PublicChange.updated_at, PublicChange.key)
    )
    return {key: was for key, was in session.execute(query) if was is not None}
