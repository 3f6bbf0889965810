"""Mails to speakers that have not left, in the words of today: nobody is named in them as they no longer are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.mail.messages import talks
from app.mail.values import Mail, Reader
from app.models import Confirmation, OutboxMessage, Talk
from app.services.notifying.calls import Call
from app.services.notifying.dates import thanked_mail, upcoming_mail
from app.services.notifying.knowing import Facts, telling
from app.services.notifying.readers import house_of, reader_of
from app.services.notifying.talks import confirmed_mail, moved_mail, updated_mail
from app.services.outbox import mails_not_out, write_anew


@dataclass(frozen=True)
class Waiting:
    """A mail that has not left: whom it is for, what they knew before it, the SEQUENCE of the entry that it carries."""

    call: Call
    answer: Confirmation
    reader: Reader
    was: Facts
    sequence: int | None
    now: datetime


def rewrite_waiting(session: Session, talk: Talk, *, site: Site, now: datetime) -> int:
    """Write the mails to the talk's speakers anew that name who speaks; returns how many. Joins the transaction.

    Each keeps its time, its Message-ID and the SEQUENCE of its entry: to its reader it is the only one there ever was.
    """
    rows = mails_not_out(session, talk, _WRITERS) if talk.touchpoint else ()
    if not rows:
        return 0
    call = Call.of(session, talk, site=site)
    # Organizers who speak get mails as both: theirs have other kinds.
    own = {reader.address: (answer, reader) for answer in talk.confirmations if (reader := reader_of(answer.speaker))}
    mine = [row for row in rows if row.recipient in own]
    for row in mine:
        _rewrite(session, row, call, *own[row.recipient], now=now)
    return len(mine)


def _rewrite(
    session: Session, row: OutboxMessage, call: Call, answer: Confirmation, reader: Reader, *, now: datetime
) -> None:
    told = row.tells or {}
    was = Facts.read(told["was"]) if told.get("was") else call.facts
    waiting = Waiting(call, answer, reader, was, row.entry_sequence, now)
    tells = telling(call.facts, was=was if told.get("was") else None)
    mail, thread = _WRITERS[row.kind](waiting), call.talk.proposal.key
    write_anew(session, row, mail, thread=thread, tells=tells, site=call.site, now=now)


def _invited(mail: Waiting) -> Mail:
    return talks.invited(house_of(mail.call.site), mail.reader, part=mail.call.part(mail.answer))


def _reminded(mail: Waiting) -> Mail:
    return talks.reminded(house_of(mail.call.site), mail.reader, part=mail.call.part(mail.answer))


def _confirmed(mail: Waiting) -> Mail:
    return confirmed_mail(mail.call, mail.answer, mail.reader, sequence=mail.sequence, now=mail.now)


def _moved(mail: Waiting) -> Mail:
    held = mail.sequence is not None
    return moved_mail(mail.call, mail.answer, mail.reader, mail.was, held=held, sequence=mail.sequence, now=mail.now)


def _updated(mail: Waiting) -> Mail:
    return updated_mail(mail.call, mail.answer, mail.reader, mail.was, sequence=mail.sequence, now=mail.now)


def _upcoming(mail: Waiting) -> Mail:
    return upcoming_mail(mail.call, mail.answer, mail.reader, now=mail.now)


def _thanked(mail: Waiting) -> Mail:
    return thanked_mail(mail.call, mail.answer, mail.reader)


_WRITERS: Mapping[str, Callable[[Waiting], Mail]] = {
    "invited": _invited,
    "reminded": _reminded,
    "confirmed": _confirmed,
    "moved": _moved,
    "updated": _updated,
    "upcoming": _upcoming,
    "thanked": _thanked,
}
NAMING = tuple(_WRITERS)
"""The kinds of mails to speakers that say who speaks."""
