"""Mails to the moderator of a call: when they are appointed, and the day before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.mail.messages import moderating as messages
from app.mail.messages.moderating import Moderated
from app.mail.values import Reader
from app.models import Person, Touchpoint
from app.services.board_moves import occasion_of
from app.services.notices import notice_of_call
from app.services.notifying.readers import house_of
from app.services.outbox import queue_mail


def notify_moderating(
    session: Session, touchpoint: Touchpoint, moderator: Person, *, site: Site, now: datetime
) -> bool:
    """Tell who moderates the call where its run sheet is; once for each appointment. False if told already."""
    mail = messages.moderating(house_of(site), _reader(moderator), call=_moderated(session, touchpoint, site=site))
    dedup = f"{mail.kind}:touchpoint-{touchpoint.id}.{touchpoint.version}:person-{moderator.id}"
    return queue_mail(session, mail, dedup=dedup, touchpoint=touchpoint, site=site, now=now)


def notify_moderating_soon(
    session: Session, touchpoint: Touchpoint, moderator: Person, *, site: Site, now: datetime
) -> bool:
    """Remind who moderates the call; once for each date that it has. False if done."""
    mail = messages.moderating_soon(house_of(site), _reader(moderator), call=_moderated(session, touchpoint, site=site))
    dedup = f"{mail.kind}:touchpoint-{touchpoint.id}:{touchpoint.starts_at:%Y%m%dT%H%M}:person-{moderator.id}"
    return queue_mail(session, mail, dedup=dedup, touchpoint=touchpoint, site=site, now=now)


def _reader(person: Person) -> Reader:
    return Reader(person.email, person.name, person.time_zone)


def _moderated(session: Session, touchpoint: Touchpoint, *, site: Site) -> Moderated:
    return Moderated(
        occasion=occasion_of(touchpoint),
        notice=str(notice_of_call(session, touchpoint)),
        link=site.url(f"/touchpoints/{touchpoint.key}/run"),
    )
