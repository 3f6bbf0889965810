"""What a speaker's calendar answers: kept beside their answer on the page, for an organizer to see. It decides nothing.

A calendar's Accept says nothing of naming and recording, and some calendars accept by themselves: the page behind the
speaker's link stays the only place where a talk is confirmed.
"""

from __future__ import annotations

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
from app.services.auditing import MAIL, record

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


def take_answer(
    session: Session, inbound: Inbound, reply: Reply, *, site: Site, now: datetime
) -> tuple[Confirmation | None, str]:
    """Keep the answer, if it is one: the speaker that it is of, or None, and what was made of it in words.

    It counts only when it came to the address of this speaker's own entry, about that entry, in their name. Joins the
    caller's transaction.
    """
    confirmation = _addressed(session, inbound, site=site)
    if confirmation is None:
        return None, "A calendar's answer that did not come to the address of one of our entries."
    problem = _problem(confirmation, reply, site=site)
    if problem:
        return None, problem
    if _is_old(confirmation, reply):
        return confirmation, "An answer about an earlier date, or older than one that we have: it changes nothing."
    _keep(session, confirmation, reply, now=now)
    record(session, "confirmation.answered_by_calendar", confirmation, by=MAIL, now=now, answer=reply.answer.value)
    return confirmation, f"{in_words(confirmation)}."


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


def _addressed(session: Session, inbound: Inbound, *, site: Site) -> Confirmation | None:
    """The confirmation that the message's address names."""
    for address in inbound.sent_to:
        number = read_plus_address(address, Purpose.ANSWER, mailbox=site.inbound, secret_key=site.secret_key)
        if number is not None:
            return session.get(Confirmation, number, with_for_update={"of": Confirmation})
    return None


def _problem(confirmation: Confirmation, reply: Reply, *, site: Site) -> str:
    """Why the answer is not one of this speaker about this talk, or nothing."""
    if reply.uid != f"{confirmation.talk.uid}@{site.uid_domain}":
        return "A calendar's answer about another event than the entry that we sent to this address."
    if not confirmation.speaker.email or reply.attendee != ascii_address(confirmation.speaker.email).lower():
        return "A calendar's answer in the name of somebody whom we did not invite."
    return ""


def _is_old(confirmation: Confirmation, reply: Reply) -> bool:
    """RFC 5546 2.1.5: a lower SEQUENCE is about an earlier date; of two answers the later DTSTAMP counts."""
    known = confirmation.calendar_reply
    older = known is not None and known.sequence == reply.sequence and reply.stamp < known.stamp
    return reply.sequence < confirmation.talk.sequence or older


def _keep(session: Session, confirmation: Confirmation, reply: Reply, *, now: datetime) -> None:
    row = confirmation.calendar_reply
    if row is None:
        row = confirmation.calendar_reply = CalendarReply(confirmation=confirmation)
    row.answer, row.sequence, row.stamp, row.received_at = reply.answer, confirmation.talk.sequence, reply.stamp, now
    row.words, row.proposed = reply.words, reply.proposed[:200]
    session.flush()
