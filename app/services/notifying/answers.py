"""Mails about what speakers' calendars answer: to the organizers, never to whoever answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.mail.messages import organizing
from app.models import CalendarReply
from app.services.board_moves import occasion_of
from app.services.notifying.readers import house_of, organizers
from app.services.outbox import queue_mail


def notify_may_not_come(session: Session, reply: CalendarReply, *, site: Site, now: datetime) -> None:
    """To each organizer: this speaker's calendar declined the date, or proposed another time. At once.

    Once for each entry and kind of answer, however often a calendar says it.
    """
    confirmation, talk = reply.confirmation, reply.confirmation.talk
    if talk.touchpoint is None:
        return
    for person, reader in organizers(session):
        mail = organizing.may_not_come(
            house_of(site),
            reader,
            title=talk.proposal.title,
            speaker=confirmation.speaker.name,
            occasion=occasion_of(talk.touchpoint),
            proposed=reply.proposed,
            words=reply.words,
            link=site.url(f"/talks/{talk.key}"),
        )
        entry = f"confirmation-{confirmation.id}.{reply.sequence}.{reply.answer.value}"
        queue_mail(session, mail, dedup=f"{mail.kind}:{entry}:person-{person.id}", talk=talk, site=site, now=now)
