"""By what people could be recognised in a text: everyone we know, and the speakers whom the public knows of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.attribution import Attribution
from app.domain.identity_words import addresses_in, handles_of
from app.domain.mentions import A_PARTICIPANT, Identity
from app.domain.people import RoleCategory
from app.domain.states import ConfirmationState, TalkState
from app.models import Confirmation, Person, Proposal, Speaker, Talk, Touchpoint

_NAMED = (Attribution.NAME_AND_AFFILIATION, Attribution.NAME)
_WITH_AFFILIATION = (Attribution.NAME_AND_AFFILIATION, Attribution.AFFILIATION)


def everyone_known(session: Session, touchpoint: Touchpoint) -> tuple[Identity, ...]:
    """Whoever has to do with the call, then everyone else we know of; each once."""
    speakers = select(*_of(Speaker), Proposal.links).join(Proposal).order_by(Speaker.id)
    here = select(Talk.proposal_id).where(Talk.touchpoint_id == touchpoint.id)
    people = select(*_of(Person)).order_by(Person.id)
    found = [
        *(identity_of(row, links=row.links) for row in session.execute(speakers.where(Proposal.id.in_(here)))),
        *(identity_of(row) for row in session.execute(people)),
        *(identity_of(row, links=row.links) for row in session.execute(speakers)),
    ]
    return tuple(dict.fromkeys(found))


def identity_of(known: Person | Speaker | Row[*tuple[Any, ...]], *, links: Sequence[str] = ()) -> Identity:
    """By what this person could be recognised; `links` are addresses that they gave, perhaps with others."""
    own = handles_of(addresses_in(known.bio), name=known.name)
    given = handles_of(links, name=known.name, alone=False)
    return Identity(
        name=known.name,
        affiliation=known.affiliation,
        emails=(known.email,) if known.email else (),
        handles=tuple(dict.fromkeys((*own, *given))),
        stand_in=_stand_in(known.role_category),
    )


def announced_on(session: Session, touchpoint: Touchpoint) -> tuple[Identity, ...]:
    """The speakers of the call's confirmed talks, with no more than the public is told of each."""
    query = (
        select(Speaker.name, Speaker.affiliation, Confirmation.attribution)
        .join(Confirmation, Confirmation.speaker_id == Speaker.id)
        .join(Talk, Talk.id == Confirmation.talk_id)
        .where(Talk.touchpoint_id == touchpoint.id, Talk.state == TalkState.CONFIRMED)
        .where(Confirmation.state == ConfirmationState.CONFIRMED)
        .order_by(Speaker.id)
    )
    return tuple(
        Identity(
            name=name if level in _NAMED else "",
            affiliation=affiliation if level in _WITH_AFFILIATION else "",
            stand_in="a speaker",
        )
        for name, affiliation, level in session.execute(query)
    )


def _of(table: type[Person] | type[Speaker]) -> tuple[InstrumentedAttribute[Any], ...]:
    return table.name, table.affiliation, table.email, table.role_category, table.bio


def _stand_in(category: RoleCategory | None) -> str:
    """Somebody of this category inside a sentence; "a participant" where it says nothing."""
    if category is None or category is RoleCategory.OTHER:
        return A_PARTICIPANT
    return f"{category.someone[0].lower()}{category.someone[1:]}"
