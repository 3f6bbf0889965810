"""What Undo remembers: each move on the board, with the talk exactly as it stood before, and what its speakers knew.

Every function joins the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.states import ConfirmationState, MailState, TalkState, move_to
from app.mail.values import Occasion
from app.models import BoardMove, Confirmation, OutboxMessage, Person, Talk, Touchpoint
from app.services import outbox
from app.services.auditing import Actor

UNDO_WITHIN = timedelta(hours=1)
"""Ctrl+Z is for what was just done, not for last week."""
ASKS = ("invited", "moved")
"""The mails that ask speakers for a date."""
_KNOW_THEIR_DATE = frozenset({TalkState.INVITED, TalkState.CONFIRMED, TalkState.DECLINED})
_INSTANTS = ("invited_at", "answer_by", "reminded_at", "confirmed_at")


@dataclass(frozen=True)
class Told:
    """What the speakers had been told before a move: the date that they know, if any, and whether mails to them were
    taken back that Undo must send again.
    """

    knew: Occasion | None = None
    taken_back: bool = False


def take_questions_back(session: Session, talk: Talk) -> Told:
    """Take back the questions to the speakers that have not left, and say what date they know without them."""
    if talk.touchpoint is None or talk.state not in _KNOW_THEIR_DATE:
        return Told()
    last = next((move for move in _moves_of(session, talk) if move.before["mails"] in ASKS), None)
    taken = len(outbox.cancel_pending(session, (*ASKS, "reminded"), talk=talk))
    if taken and last and taken >= last.before["queued"]:
        return Told(known_before(last), taken_back=True)
    return Told(occasion_of(talk.touchpoint), taken_back=taken > 0)


def snapshot(talk: Talk) -> dict[str, Any]:
    """The talk and its confirmations as they stand, as plain JSON."""
    return {
        "version": talk.version,
        "touchpoint": talk.touchpoint_id,
        "position": talk.position,
        "state": talk.state.value,
        "minutes": talk.minutes,
        **{name: _to_text(getattr(talk, name)) for name in _INSTANTS},
        "confirmations": [_confirmation_snapshot(confirmation) for confirmation in talk.confirmations],
    }


def restore(talk: Talk, before: dict[str, Any]) -> None:
    """Write the talk and its confirmations as `snapshot` found them, all but the place.

    A confirmation that came later goes to WAITING; one that is gone stays gone.
    """
    move_to(talk, TalkState(before["state"]))
    talk.minutes = before["minutes"]
    for name in _INSTANTS:
        setattr(talk, name, _to_instant(before[name]))
    answers = {stored["id"]: stored for stored in before["confirmations"]}
    for confirmation in talk.confirmations:
        if stored := answers.get(confirmation.id):
            _restore_confirmation(confirmation, stored)
        else:
            move_to(confirmation, ConfirmationState.WAITING)


def remember(
    session: Session,
    talk: Talk,
    before: dict[str, Any],
    *,
    told: Told | None = None,
    mails: str = "",
    batch: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """Write the move down for Undo; the talk is as the move leaves it.

    `told` is what the speakers knew before, `mails` the kind of the mails that the move queued, `batch` a word that
    moves done together share. Moves of nobody in particular (the command line) have no Undo.
    """
    session.flush()
    if by.person is None:
        return
    told = told or Told()
    about = {
        "knew": told.knew and {**asdict(told.knew), "starts_at": told.knew.starts_at.isoformat()},
        "taken_back": told.taken_back,
        "mails": mails,
        "queued": _pending(session, talk, mails),
        "batch": batch,
        "answers_after": answers(talk),
    }
    session.add(
        BoardMove(
            organizer_id=by.person.id, talk=talk, moved_at=now, before={**before, **about}, version_after=talk.version
        )
    )


def answers(talk: Talk) -> list[list[int | str]]:
    """Each confirmation's id and state: what tells whether a speaker has answered since."""
    return [[confirmation.id, confirmation.state.value] for confirmation in talk.confirmations]


def last_moves(session: Session, organizer: Person, *, now: datetime) -> list[BoardMove]:
    """The organizer's last move that is not undone, with those done together with it, the latest first."""
    query = (
        select(BoardMove)
        .where(BoardMove.organizer_id == organizer.id, BoardMove.undone_at.is_(None))
        .where(BoardMove.moved_at >= now - UNDO_WITHIN)
        .order_by(BoardMove.id.desc())
    )
    moves = session.scalars(query).all()
    batch = moves[0].before["batch"] if moves else ""
    return [move for move in moves if move is moves[0] or (batch and move.before["batch"] == batch)]


def follow(session: Session, undone: BoardMove) -> None:
    """Let the move before the undone one be the next to undo: the talk stands as that one had left it."""
    session.flush()
    previous = next(_moves_of(session, undone.talk), None)
    if previous is not None and previous.version_after == undone.before["version"]:
        previous.version_after = undone.talk.version


def known_before(move: BoardMove) -> Occasion | None:
    """The date that the speakers had been told when the move was made."""
    knew = move.before["knew"]
    return None if knew is None else Occasion(**{**knew, "starts_at": datetime.fromisoformat(knew["starts_at"])})


def occasion_of(touchpoint: Touchpoint) -> Occasion:
    """When and where the call is, as mails say it."""
    return Occasion(
        series=touchpoint.series.name,
        starts_at=touchpoint.starts_at,
        minutes=touchpoint.minutes,
        time_zone=touchpoint.time_zone,
        mailbox=touchpoint.series.role_address,
    )


def kinds_of(mails: str) -> tuple[str, ...]:
    """The kinds of the mails that a move queued: some speakers may know the new date already, and are only asked."""
    return ASKS if mails in ASKS else (mails,)


def _moves_of(session: Session, talk: Talk) -> Iterator[BoardMove]:
    """The moves of this talk that are not undone, whoever did them, the latest first."""
    query = select(BoardMove).where(BoardMove.talk_id == talk.id, BoardMove.undone_at.is_(None))
    yield from session.scalars(query.order_by(BoardMove.id.desc()))


def _pending(session: Session, talk: Talk, mails: str) -> int:
    kinds = OutboxMessage.kind.in_(kinds_of(mails))
    query = select(func.count()).where(
        OutboxMessage.talk_id == talk.id, kinds, OutboxMessage.state == MailState.PENDING
    )
    return session.scalar(query) or 0


def _confirmation_snapshot(confirmation: Confirmation) -> dict[str, Any]:
    return {
        "id": confirmation.id,
        "state": confirmation.state.value,
        "attribution": confirmation.attribution and confirmation.attribution.value,
        "recording_consent": confirmation.recording_consent,
        "slides_consent": confirmation.slides_consent,
        "agreed_sentences": list(confirmation.agreed_sentences),
        "consent": _last_consent(confirmation),
        "words": confirmation.words,
        "wishes": list(confirmation.wishes),
        "answered_at": _to_text(confirmation.answered_at),
        "on_behalf_by_id": confirmation.on_behalf_by_id,
        "on_behalf_note": confirmation.on_behalf_note,
    }


def _restore_confirmation(confirmation: Confirmation, stored: dict[str, Any]) -> None:
    """What was chosen anew since the move stays: no Undo brings back a name that was taken back."""
    move_to(confirmation, ConfirmationState(stored["state"]))
    confirmation.answered_at = _to_instant(stored["answered_at"])
    for name in ("words", "wishes", "on_behalf_by_id", "on_behalf_note"):
        setattr(confirmation, name, stored[name])
    if _last_consent(confirmation) == stored["consent"]:
        confirmation.attribution = stored["attribution"] and Attribution(stored["attribution"])
        for name in ("recording_consent", "slides_consent", "agreed_sentences"):
            setattr(confirmation, name, stored[name])


def _last_consent(confirmation: Confirmation) -> int | None:
    return confirmation.consents[-1].id if confirmation.consents else None


def _to_text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _to_instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
