"""Mails to the chairs of working groups."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.mail.messages import chairs as messages
from app.mail.values import Reader
from app.models import Chair
from app.services.links import chair_path
from app.services.notifying.readers import house_of
from app.services.outbox import queue_mail
from app.services.working_groups.publishing import public_group_name


def notify_chair_asked(session: Session, chair: Chair, *, site: Site, now: datetime) -> None:
    """Ask a chair who has an address how they may be named; once for each time that they are asked."""
    session.flush()
    mail = messages.chair_asked(
        house_of(site),
        Reader(chair.email or "", chair.name),
        group=public_group_name(session, chair.group),
        affiliation=chair.affiliation,
        link=site.url(chair_path(chair, site=site)),
    )
    queue_mail(session, mail, dedup=f"chair_asked:chair-{chair.id}.{now:%Y%m%dT%H%M%S%f}", site=site, now=now)
