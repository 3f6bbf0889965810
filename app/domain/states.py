"""The states of proposals, talks, touchpoints, mails, notes, working groups and the like; the moves between them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from app.domain.errors import RuleViolation


class ProposalState(StrEnum):
    DRAFT = "draft"  # saved, known only to whoever writes it
    UNCONFIRMED = "unconfirmed"  # sent, but the e-mail address is not confirmed yet
    SUBMITTED = "submitted"  # in the pool, waiting for the organizers
    ACCEPTED = "accepted"  # may be placed on the board
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TalkState(StrEnum):
    HOLD = "hold"  # placed by an organizer; the speakers have not been asked
    INVITED = "invited"  # the speakers have been asked and not all have confirmed
    CONFIRMED = "confirmed"  # every speaker confirmed: public
    DECLINED = "declined"  # a speaker asked for another date or said no to this one
    RELEASED = "released"  # taken off the board; its row keeps the UID for the next date
    WITHDRAWN = "withdrawn"  # the proposal was withdrawn


class ConfirmationState(StrEnum):
    WAITING = "waiting"  # not asked yet: the talk is a hold
    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class TouchpointState(StrEnum):
    OPEN = "open"
    SKIPPED = "skipped"


class MailState(StrEnum):
    PENDING = "pending"
    LEASED = "leased"  # a worker is sending it; free again when the lease runs out
    SENT = "sent"
    PARKED = "parked"  # given up; an organizer may send it again
    CANCELLED = "cancelled"  # taken back before it left
    BOUNCED = "bounced"  # it left, and a mail server sent it back for good


class NotesState(StrEnum):
    DRAFT = "draft"  # being written
    READY = "ready"  # finished by those who wrote it: waits for a second person
    PUBLISHED = "published"  # the published text is this one


class QuestionState(StrEnum):
    NEW = "new"
    ACCEPTED = "accepted"  # stands on the run sheet
    DISMISSED = "dismissed"


class WorkingGroupState(StrEnum):
    ACTIVE = "active"
    MAINTENANCE = "maintenance"  # keeps what it made in order, and begins nothing new
    ARCHIVED = "archived"  # over: its page stays, folded away


class ImportState(StrEnum):
    """A run of an import. What fails is continued or undone: what it wrote before stays known."""

    MAPPING = "mapping"  # a table whose columns have no meaning yet
    PREVIEWED = "previewed"  # the dry run: nothing is written
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


P, T, C, S, M = ProposalState, TalkState, ConfirmationState, TouchpointState, MailState
N, Q, G, R = NotesState, QuestionState, WorkingGroupState, ImportState
# A table for each kind of state: the words of different kinds are equal as dictionary keys.
TRANSITIONS: dict[type[StrEnum], dict[StrEnum, frozenset[StrEnum]]] = {
    ProposalState: {
        P.DRAFT: frozenset({P.UNCONFIRMED, P.SUBMITTED, P.WITHDRAWN}),
        P.UNCONFIRMED: frozenset({P.SUBMITTED, P.WITHDRAWN}),
        P.SUBMITTED: frozenset({P.ACCEPTED, P.DECLINED, P.WITHDRAWN}),
        P.ACCEPTED: frozenset({P.SUBMITTED, P.WITHDRAWN}),  # back to submitted: undone before the mail left
        P.DECLINED: frozenset({P.SUBMITTED, P.WITHDRAWN}),
        P.WITHDRAWN: frozenset(),
    },
    TalkState: {
        T.HOLD: frozenset({T.INVITED, T.CONFIRMED, T.RELEASED, T.WITHDRAWN}),
        T.INVITED: frozenset({T.CONFIRMED, T.DECLINED, T.HOLD, T.RELEASED, T.WITHDRAWN}),
        T.CONFIRMED: frozenset({T.INVITED, T.DECLINED, T.RELEASED, T.WITHDRAWN}),
        T.DECLINED: frozenset({T.HOLD, T.INVITED, T.CONFIRMED, T.RELEASED, T.WITHDRAWN}),
        # An undo puts a released talk back exactly as it stood.
        T.RELEASED: frozenset({T.HOLD, T.INVITED, T.CONFIRMED, T.DECLINED, T.WITHDRAWN}),
        T.WITHDRAWN: frozenset(),
    },
    ConfirmationState: {
        C.WAITING: frozenset({C.ASKED, C.CONFIRMED, C.DECLINED}),
        C.ASKED: frozenset({C.CONFIRMED, C.DECLINED, C.WAITING}),
        C.CONFIRMED: frozenset({C.ASKED, C.DECLINED, C.WAITING}),
        C.DECLINED: frozenset({C.ASKED, C.CONFIRMED, C.WAITING}),
    },
    TouchpointState: {
        S.OPEN: frozenset({S.SKIPPED}),
        S.SKIPPED: frozenset({S.OPEN}),
    },
    MailState: {
        M.PENDING: frozenset({M.LEASED, M.CANCELLED}),
        M.LEASED: frozenset({M.SENT, M.PENDING, M.PARKED, M.LEASED}),
        M.SENT: frozenset({M.BOUNCED}),
        M.PARKED: frozenset({M.PENDING}),
        M.CANCELLED: frozenset({M.PENDING}),
        M.BOUNCED: frozenset(),
    },
    NotesState: {
        N.DRAFT: frozenset({N.READY}),
        N.READY: frozenset({N.DRAFT, N.PUBLISHED}),
        N.PUBLISHED: frozenset({N.DRAFT}),  # changed, or taken back
    },
    QuestionState: {
        Q.NEW: frozenset({Q.ACCEPTED, Q.DISMISSED}),
        Q.ACCEPTED: frozenset({Q.DISMISSED}),
        Q.DISMISSED: frozenset({Q.ACCEPTED}),
    },
    ImportState: {
        R.MAPPING: frozenset({R.PREVIEWED}),
        R.PREVIEWED: frozenset({R.APPLYING, R.MAPPING}),
        R.APPLYING: frozenset({R.APPLIED, R.FAILED}),
        R.APPLIED: frozenset({R.UNDOING}),
        R.UNDOING: frozenset({R.UNDONE, R.FAILED}),
        R.UNDONE: frozenset(),
        R.FAILED: frozenset({R.APPLYING, R.UNDOING}),
    },
    WorkingGroupState: {state: frozenset(G) - {state} for state in G},
}
ON_THE_BOARD = frozenset({T.HOLD, T.INVITED, T.CONFIRMED, T.DECLINED})
TAKES_MINUTES = frozenset({T.HOLD, T.INVITED, T.CONFIRMED})


class HasState(Protocol):
    """Anything with a `state` column."""

    state: Any


def move_to(subject: HasState, state: StrEnum) -> None:
    """Write `state`: the only writer of a state after a row's birth. Moving to the present state changes nothing.

    Raises RuleViolation for a move that the table does not hold.
    """
    if subject.state == state:
        return
    if state not in TRANSITIONS[type(subject.state)][subject.state]:
        thing = type(subject).__name__.lower()
        raise RuleViolation(f"This {thing} is {subject.state.value} and cannot become {state.value}.")
    subject.state = state
