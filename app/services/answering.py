"""What a speaker's calendar answers: kept beside their answer on the page, for an organizer to see. It decides nothing.

A calendar's Accept says nothing of naming and recording, and some calendars accept by themselves: the page behind the
speaker's link stays the only place where a talk is confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.plus_addresses import Purpose, plus_address, read_plus_address
from app.domain.received import CalendarAnswer
from app.domain.site import Site
from app.domain.states import ConfirmationState
from app.mail.compose import ascii_address
from app.mail.inbound import Inbound
from app.mail.itip import Reply
from app.models import CalendarReply, Confirmation
from app.services.auditing import MAIL, Actor, record

_SAID = {
    CalendarAnswer.ACCEPTED: "Accepted in their calendar",
    CalendarAnswer.TENTATIVE: "Tentative in their calendar",
    CalendarAnswer.DECLINED: "Declined in their calendar; nothing is freed by that",
    CalendarAnswer.COUNTER: "Proposed another time in their calendar",
}


def answer_address(confirmation: Confirmation, *, site: Site) -> str:
    """Where the calendar of this speaker answers about this talk; empty where nobody reads mail."""
    if not site.inbound:
        return ""
    return plus_address(site.inbound, Purpose.ANSWER, confirmation.id, secret_key=site.secret_key)


@dataclass(frozen=True)
class TakenAnswer:
    """What became of a calendar's answer. `confirmation` is the speaker whose address it came to, if any.

    `counts`: it is theirs, about that entry. `needs_somebody`: an organizer must look. `flagged` is the answer that
    flags the talk from now on, if it does.
    """

    note: str
    confirmation: Confirmation | None = None
    counts: bool = False
    needs_somebody: bool = True
    flagged: CalendarReply | None = None


def take_answer(session: Session, inbound: Inbound, reply: Reply, *, site: Site, now: datetime) -> TakenAnswer:
    """Keep the answer beside the speaker's own, if it counts. Joins the caller's transaction.

    It counts only when it came to the address of this speaker's own entry, about that entry, in their name. An answer
    about an earlier date changes nothing, and neither does one that was written before one that we have.
    """
    confirmation = confirmation_addressed(session, inbound, site=site)
    if confirmation is None:
        return TakenAnswer("A calendar's answer that did not come to the address of one of our entries.")
    if problem := _problem(confirmation, reply, site=site):
        return TakenAnswer(problem, confirmation)
    if old := _why_old(confirmation, reply):
        return TakenAnswer(f"{_SAID[reply.answer]}. {old}", confirmation, counts=True, needs_somebody=False)
    _keep(session, confirmation, reply, now=now)
    record(session, "confirmation.answered_by_calendar", confirmation, by=MAIL, now=now, answer=reply.answer.value)
    said = ": ".join(filter(None, (_SAID[reply.answer], reply.proposed, reply.words)))
    flagged = confirmation.calendar_reply if reply.answer.needs_somebody else None
    return TakenAnswer(said, confirmation, counts=True, needs_somebody=flagged is not None, flagged=flagged)


def has_accepted(confirmation: Confirmation) -> bool:
    """Whether the speaker accepted the present date in their calendar, and has not answered on the page since."""
    reply = confirmation.calendar_reply
    return reply is not None and reply.answer is CalendarAnswer.ACCEPTED and bool(in_words(confirmation))


def may_not_come(confirmation: Confirmation) -> bool:
    """Whether the speaker's calendar declined the present date, or proposed another, and nobody has dealt with it."""
    reply = confirmation.calendar_reply
    return reply is not None and reply.answer.needs_somebody and bool(in_words(confirmation))


def confirmation_addressed(session: Session, inbound: Inbound, *, site: Site) -> Confirmation | None:
    """The speaker's part whose address the message was sent to, held until the transaction ends."""
    for address in inbound.sent_to:
        number = read_plus_address(address, Purpose.ANSWER, mailbox=site.inbound, secret_key=site.secret_key)
        if number is not None:
            return session.get(Confirmation, number, with_for_update={"of": Confirmation})
    return None


def dismiss_answer(session: Session, confirmation: Confirmation, *, until: datetime, by: Actor, now: datetime) -> None:
    """An organizer has dealt with what the calendar answered by then: the flag goes. Joins the transaction."""
    reply = confirmation.calendar_reply
    if reply is not None and reply.received_at <= until:
        confirmation.calendar_reply = None
        record(session, "confirmation.answer_dismissed", confirmation, by=by, now=now, answer=reply.answer.value)


def in_words(confirmation: Confirmation) -> str:
    """What the speaker's calendar says about the present date, for organizers; empty if nothing that matters still."""
    reply = confirmation.calendar_reply
    if reply is None or reply.sequence != confirmation.talk.sequence:
        return ""
    if confirmation.answered_at is not None and confirmation.answered_at > reply.received_at:
        return ""  # they answered on the page since
    said = _SAID[reply.answer]
    confirmed = confirmation.state is ConfirmationState.CONFIRMED
    if reply.answer is CalendarAnswer.ACCEPTED:
        return "" if confirmed else f"{said}, not confirmed yet"
    if reply.proposed:
        said = f"{said}: {reply.proposed}"
    return f"{said}: {reply.words}" if reply.words else said


def _problem(confirmation: Confirmation, reply: Reply, *, site: Site) -> str:
    """Why the answer is not one of this speaker about this talk, or nothing."""
    if reply.uid != f"{confirmation.talk.uid}@{site.uid_domain}":
        return "A calendar's answer about another event than the entry that we sent to this address."
    if not confirmation.speaker.email or reply.attendee != ascii_address(confirmation.speaker.email).lower():
        return "A calendar's answer in the name of somebody whom we did not invite."
    return ""


def _why_old(confirmation: Confirmation, reply: Reply) -> str:
    """RFC 5546 2.1.5: a lower SEQUENCE is about an earlier date; of two answers the later DTSTAMP counts."""
    known = confirmation.calendar_reply
    if reply.sequence < confirmation.talk.sequence:
        return "That was about an earlier date or text: it changes nothing."
    if known is not None and known.sequence == confirmation.talk.sequence and reply.stamp < known.stamp:
        return "It was written before another answer that we have: it changes nothing."
    return ""


def _keep(session: Session, confirmation: Confirmation, reply: Reply, *, now: datetime) -> None:
    row = confirmation.calendar_reply or CalendarReply()
    row.answer, row.sequence, row.stamp, row.received_at = reply.answer, confirmation.talk.sequence, reply.stamp, now
    row.words, row.proposed = reply.words, reply.proposed[:200]
    confirmation.calendar_reply = row
    session.flush()
