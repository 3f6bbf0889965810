"""What becomes of mails when somebody goes: theirs are deleted, and what others got says nothing of them any more.

Every function joins the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.domain.states import MailState
from app.mail.reading import ReadMessage, read_message
from app.models import Confirmation, OutboxMessage, Proposal, ReceivedMessage
from app.services.own_data.holders import Holder, is_mailed_to, is_received_from
from app.services.own_data.traces import Traces


def forget_mails_from(session: Session, holder: Holder, answers: Iterable[int]) -> int:
    """Delete what came in from them, in answer for these confirmations, or about mails to them; returns how many."""
    theirs = or_(
        is_received_from(holder),
        ReceivedMessage.confirmation_id.in_(list(answers)),
        ReceivedMessage.outbox_id.in_(select(OutboxMessage.id).where(is_mailed_to(holder))),
    )
    return len(session.scalars(delete(ReceivedMessage).where(theirs).returning(ReceivedMessage.id)).all())


def forget_mails_to(session: Session, holder: Holder) -> int:
    """Delete the mails to them, those that have not left too; returns how many those were."""
    rows = session.execute(
        delete(OutboxMessage).where(is_mailed_to(holder)).returning(OutboxMessage.id, OutboxMessage.state)
    ).all()
    return sum(row.state in (MailState.PENDING, MailState.LEASED) for row in rows)


def take_out_of_mails(session: Session, proposals: Iterable[Proposal], traces: Traces) -> None:
    """Let mails to others say nothing of them: texts that name them are emptied, and what waits does not leave.

    Followers' mails are emptied all at once: nobody can read or send them again. Those that wait and name somebody who
    is public no more are taken back as for any other change (`services/recalling`).
    """
    session.flush()
    sent_to_many = OutboxMessage.is_bulk.is_(True), OutboxMessage.state == MailState.SENT
    session.execute(update(OutboxMessage).where(*sent_to_many).values(message=b""))
    about = {proposal.id for proposal in proposals}
    told = or_(OutboxMessage.message != b"", OutboxMessage.proposal_id.in_(about))
    for row in session.scalars(select(OutboxMessage).where(OutboxMessage.is_bulk.is_(False), told)):
        if row.proposal_id in about:
            row.subject = traces.taken_out_of(row.subject, limit=200)
            row.tells = traces.taken_out_of_values(row.tells)
        if row.message and traces.are_in(_words(read_message(row.message))):
            _empty(session, row)


def answers_of(session: Session, speakers: Iterable[int]) -> list[int]:
    """The numbers of these speakers' confirmations."""
    return list(session.scalars(select(Confirmation.id).where(Confirmation.speaker_id.in_(list(speakers)))))


def _empty(session: Session, row: OutboxMessage) -> None:
    """Without its text. One that waits is taken back; one that a worker holds at this moment may be out already."""
    row.message = b""
    session.flush()
    waits = OutboxMessage.id == row.id, OutboxMessage.state == MailState.PENDING
    session.execute(update(OutboxMessage).where(*waits).values(state=MailState.CANCELLED))


def _words(message: ReadMessage) -> str:
    return "\n".join((message.subject, message.text, message.html, message.calendar.replace("\r\n ", "")))
