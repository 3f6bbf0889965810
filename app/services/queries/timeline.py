"""A proposal's timeline: what happened, what is to come, who must act next and by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.domain.proposals import DECIDED_WITHIN, UNSENT_KEPT
from app.domain.site import Site
from app.domain.states import ConfirmationState, ProposalState, TalkState
from app.models import Proposal, Talk
from app.services.proposing import is_given
from app.services.queries.proposal_choices import DateChoice, date_choice

ORGANIZERS, YOU = "The organizers", "You"
_KNOWN = frozenset({TalkState.INVITED, TalkState.CONFIRMED, TalkState.DECLINED})


@dataclass(frozen=True)
class Step:
    """One step. `at` is when it happened; `who` should act, until `by_when`. `words` explain, or are an organizer's.

    `date` is the call that it is about; `public` says that the call's own page shows the talk.
    """

    title: str
    status: Literal["done", "good", "bad", "now", "next"] = "done"
    at: datetime | None = None
    words: str = ""
    who: str = ""
    by_when: datetime | None = None
    date: DateChoice | None = None
    public: bool = False


def timeline(
    proposal: Proposal, state: ProposalState, talks: Sequence[Talk], *, site: Site, now: datetime
) -> list[Step]:
    """The steps in order. `state` is what the volunteer may know; `talks` are in the order of their dates.

    A hold shows nowhere: the speakers hear of a date when the invitation to it has left.
    """
    match state:
        case ProposalState.DRAFT:
            return [Step("Finish it and send it", "now", who=YOU)]
        case ProposalState.UNCONFIRMED:
            return list(_unconfirmed(proposal))
        case ProposalState.SUBMITTED:
            return list(_submitted(proposal))
        case ProposalState.DECLINED:
            return [_sent(proposal), Step("Declined", "bad", at=proposal.decided_at, words=proposal.decision_reason)]
        case ProposalState.ACCEPTED:
            return [_sent(proposal), _accepted(proposal), *_dates(proposal, talks, site=site, now=now)]
        case _:
            given = [step for talk in talks if is_given(talk, now=now) for step in _given(talk)]
            return [_sent(proposal), *given, Step("Withdrawn", "bad", at=proposal.withdrawn_at)]


def _sent(proposal: Proposal) -> Step:
    return Step("Sent", at=proposal.submitted_at or proposal.created_at)


def _accepted(proposal: Proposal) -> Step:
    return Step("Accepted", "good", at=proposal.decided_at, words=proposal.decision_reason)


def _unconfirmed(proposal: Proposal) -> Iterator[Step]:
    yield Step("Written", at=proposal.updated_at)
    yield Step("Confirm your address", "now", who=YOU, by_when=proposal.updated_at + UNSENT_KEPT)
    yield Step("The organizers read it and vote", "next")


def _submitted(proposal: Proposal) -> Iterator[Step]:
    yield _sent(proposal)
    sent_at = proposal.submitted_at or proposal.created_at
    yield Step("The organizers read it and vote", "now", who=ORGANIZERS, by_when=sent_at + DECIDED_WITHIN)
    yield Step("They offer you a date", "next")
    yield Step("You confirm it, and the public calendar shows it", "next")


def _dates(proposal: Proposal, talks: Sequence[Talk], *, site: Site, now: datetime) -> Iterator[Step]:
    known = [talk for talk in talks if _is_known(talk, site=site, now=now)]
    for talk in known:
        yield from _talk(talk, now=now)
    if len(known) < proposal.preference.talks:
        title = "Find a date on the other call" if known else "Find a date"
        yield Step(title, "now", who=ORGANIZERS, words="You get a mail when they offer you one.")


def _is_known(talk: Talk, *, site: Site, now: datetime) -> bool:
    if talk.state is TalkState.INVITED and talk.invited_at is not None:
        return talk.invited_at + site.settle <= now
    return talk.state in _KNOWN


def _talk(talk: Talk, *, now: datetime) -> Iterator[Step]:
    date = _date(talk)
    if is_given(talk, now=now):
        yield from _given(talk)
    elif talk.state is TalkState.CONFIRMED:
        yield Step("Confirmed", "good", at=talk.confirmed_at, date=date, public=True)
        yield Step("The call", "next", at=talk.touchpoint.starts_at if talk.touchpoint else None)
    elif talk.state is TalkState.INVITED:
        waiting = [each.speaker.name for each in talk.confirmations if each.state is not ConfirmationState.CONFIRMED]
        words = "The mail that we sent holds a link for it, to each speaker their own."
        yield Step("Invited", at=talk.invited_at, date=date)
        yield Step("Confirm the date", "now", who=_listed(waiting), by_when=talk.answer_by, words=words)
    else:
        said = " ".join(each.words for each in talk.confirmations if each.words)
        yield Step("Another date was asked for", "bad", words=said, date=date)
        yield Step("Find another date", "now", who=ORGANIZERS, words="You get a mail when they offer you one.")


def _given(talk: Talk) -> Iterator[Step]:
    yield Step("Held", "good", date=_date(talk), public=True)


def _date(talk: Talk) -> DateChoice | None:
    return date_choice(talk.touchpoint) if talk.touchpoint else None


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
