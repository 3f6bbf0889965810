"""Mails about the notes of a call. None holds a word of the notes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.mail.messages import notes as messages
from app.mail.values import Reader
from app.models import Notes, Person, Touchpoint
from app.services.board_moves import occasion_of
from app.services.notifying.readers import house_of, organizers
from app.services.outbox import queue_mail


def notify_scribe(session: Session, touchpoint: Touchpoint, scribe: Person, *, site: Site, now: datetime) -> None:
    """Tell the scribe of a call where its notes are; once for each appointment."""
    reader = Reader(scribe.email, scribe.name, scribe.time_zone)
    mail = messages.scribe(house_of(site), reader, occasion=occasion_of(touchpoint), link=_link(touchpoint, site))
    dedup = f"scribe:touchpoint-{touchpoint.id}.{touchpoint.version}:person-{scribe.id}"
    queue_mail(session, mail, dedup=dedup, touchpoint=touchpoint, site=site, now=now)


def notify_notes_ready(
    session: Session, touchpoint: Touchpoint, notes: Notes, *, but: Collection[Person], site: Site, now: datetime
) -> int:
    """Ask a second person to publish: the moderator, or else every organizer, `but` whoever wrote. Returns how many."""
    moderator = touchpoint.moderator
    if moderator is not None and moderator not in but:
        asked = [(moderator, Reader(moderator.email, moderator.name, moderator.time_zone))]
    else:
        asked = [(person, reader) for person, reader in organizers(session) if person not in but]
    occasion, link = occasion_of(touchpoint), _link(touchpoint, site)
    mailed = 0
    for person, reader in asked:
        mail = messages.notes_ready(house_of(site), reader, occasion=occasion, link=link)
        dedup = f"notes_ready:touchpoint-{touchpoint.id}.{notes.version}:person-{person.id}"
        mailed += queue_mail(session, mail, dedup=dedup, touchpoint=touchpoint, site=site, now=now)
    return mailed


def _link(touchpoint: Touchpoint, site: Site) -> str:
    return site.url(f"/touchpoints/{touchpoint.key}/notes")
