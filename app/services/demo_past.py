"""The past of the demo: an ended series, imported as any community imports its own record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.demo_past import PAST, key_of, record
from app.domain.history import read_history
from app.domain.site import Site
from app.models import Proposal, Topic, Touchpoint
from app.services.auditing import Actor
from app.services.importing.history import import_history
from app.services.publishing import publish_touchpoints


def add_past(session: Session, *, by: Actor, site: Site, now: datetime) -> None:
    """Import the webinars, and say what a record does not know: their topics, and what their speakers are. Commits."""
    import_history(session, read_history(record(now.date())), name="webinars.json", by=by, site=site, now=now)
    keys = {key_of(number): talk for number, talk in enumerate(PAST)}
    topics = {topic.slug: topic for topic in session.scalars(select(Topic))}
    for proposal in session.scalars(select(Proposal).where(Proposal.import_key.in_(keys))):
        told = keys[str(proposal.import_key)]
        proposal.topics = [topics[slug] for slug in told.topics]
        proposal.speakers[0].role_category = told.category
    calls = session.scalars(select(Touchpoint).where(Touchpoint.import_key.in_(keys))).all()
    publish_touchpoints(session, calls, site=site, now=now)
    session.commit()
