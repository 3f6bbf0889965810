"""What an earlier release published is published anew by the rules of this one, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.publication import FORM, PublicTouchpoint
from app.domain.site import Site
from app.models import Publication, Touchpoint
from app.services.publishing import publish_touchpoints


def publish_what_is_older(session: Session, *, site: Site, now: datetime) -> int:
    """Publish anew what was last written by a release whose values said less or masked less, and say how many calls.
    The archive, too: what people keep back must not stay in it until somebody happens to change it.

    An entry that is right already keeps its bytes and its number. Joins the caller's transaction.
    """
    is_older = func.coalesce(Publication.value["form"].as_integer(), 0) < FORM
    query = select(Touchpoint).where(Touchpoint.id.in_(select(Publication.touchpoint_id).where(is_older)))
    older = session.scalars(query.order_by(Touchpoint.starts_at, Touchpoint.id)).all()
    for row in publish_touchpoints(session, older, site=site, now=now):
        row.value = PublicTouchpoint.from_json(row.value).to_json()  # one that was right is marked as looked at
    return len(older)
