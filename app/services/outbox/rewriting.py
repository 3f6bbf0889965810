"""Mails that have not left, written anew: what they say was true when they were queued, and is not any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.site import Site
from app.domain.states import MailState
from app.domain.text import clean_line
from app.mail.compose import compose
from app.mail.values import Mail
from app.models import OutboxMessage, Talk

NOT_OUT = (MailState.PENDING, MailState.LEASED, MailState.PARKED)


def mails_not_out(session: Session, talk: Talk, kinds: Iterable[str]) -> Sequence[OutboxMessage]:
    """The mails of these kinds about the talk that may still leave: those that wait, that a worker tries at this
    moment and may try again, and that were given up and can be sent again.

    Joins the caller's transaction, until whose end no worker takes them.
    """
    session.flush()
    query = select(OutboxMessage).where(OutboxMessage.talk_id == talk.id, OutboxMessage.state.in_(NOT_OUT))
    of_these = query.where(OutboxMessage.kind.in_(tuple(kinds))).order_by(OutboxMessage.id)
    return session.scalars(of_these.with_for_update(), execution_options={"populate_existing": True}).all()


def write_anew(
    session: Session,
    row: OutboxMessage,
    mail: Mail,
    *,
    thread: str,
    tells: Mapping[str, Any],
    site: Site,
    now: datetime,
) -> None:
    """Put the words of `mail` into `row`, which `mails_not_out` gave; its place, time and Message-ID stay.

    The try that a worker makes at this moment has the earlier words, and is remembered as telling them; the next try
    has these.
    """
    row.message = compose(mail, message_id=row.message_id, thread=thread, site=site, now=now)
    row.subject = clean_line(mail.subject)[:200]
    if row.state is not MailState.LEASED:
        row.tells = dict(tells)
    session.flush()
