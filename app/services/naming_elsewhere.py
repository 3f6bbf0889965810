"""Names in what others wrote: whoever takes a name back is gone from the texts of talks that they do not give, too."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.folding import tokens
from app.domain.mentions import Identity, Mention, MentionKind, find_mentions, merged, without_mentions
from app.domain.states import ProposalState, TalkState
from app.domain.text import clean_line
from app.models import Proposal, Talk, Touchpoint
from app.services.auditing import Actor, record
from app.services.proposal_content import touch


def take_names_out(session: Session, people: Collection[Identity], *, by: Actor, now: datetime) -> Sequence[Touchpoint]:
    """Say in neutral words where titles and abstracts of others' accepted proposals name one of `people`.

    By the whole name, an address or an account: a first name alone may be anybody's, and an organisation stands for
    itself. A talk by somebody of that name keeps it: it is theirs, and follows their own choice. The text is changed
    for good, so that no later publication brings the name back: neither a new one of this talk, nor the first one of a
    talk that waits for its date or its speakers. Returns the calls to publish anew, in order of id. Joins the caller's
    transaction.
    """
    sought = [replace(identity, affiliation="") for identity in people if identity.name or identity.emails]
    if not sought:
        return ()
    query = select(Proposal).where(Proposal.state == ProposalState.ACCEPTED).options(selectinload(Proposal.speakers))
    changed = []
    for proposal in session.scalars(query.order_by(Proposal.id)).all():
        others = [identity for identity in sought if not _speaks(identity, proposal)]
        title, abstract = _without(proposal.title, others), _without(proposal.abstract, others)
        if (title, abstract) != (proposal.title, proposal.abstract):
            proposal.title, proposal.abstract = clean_line(title)[:_LONGEST_TITLE], abstract
            touch(proposal, now=now)
            record(session, "proposal.name_taken_out", proposal, by=by, now=now)
            changed.append(proposal.id)
    session.flush()
    public = Talk.state == TalkState.CONFIRMED, Talk.proposal_id.in_(changed)
    calls = select(Touchpoint).join(Talk, Talk.touchpoint_id == Touchpoint.id).where(*public)
    return session.scalars(calls.distinct().order_by(Touchpoint.id)).all() if changed else ()


def is_named_in(text: str, people: Collection[Identity]) -> bool:
    """Whether `text` names one of `people` so that it can only be them."""
    return any(_mentions(text, identity) for identity in people)


_LONGEST_TITLE = 120
"""Characters that the column takes; neutral words may be longer than a name."""


def _speaks(identity: Identity, proposal: Proposal) -> bool:
    return any(_mentions(speaker.name, identity) for speaker in proposal.speakers)


def _without(text: str, people: Sequence[Identity]) -> str:
    return without_mentions(text, merged([each for one in people for each in _mentions(text, one)], text))


def _mentions(text: str, identity: Identity) -> list[Mention]:
    return [mention for mention in find_mentions(text, [identity]) if _is_plain(mention)]


def _is_plain(mention: Mention) -> bool:
    """Whether this can only be that person, also where nobody spoke of them."""
    if mention.kind is MentionKind.NAME:
        return len(tokens(mention.words)) > 1
    return mention.kind is not MentionKind.AFFILIATION
