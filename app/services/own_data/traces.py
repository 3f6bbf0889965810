"""By what somebody could be recognised in texts, and those texts without it: done before the name itself is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from app.domain.mentions import Identity, find_mentions, without_mentions
from app.models import Person, Proposal, Speaker
from app.services.identities import identity_of
from app.services.own_data.holders import Holder


@dataclass(frozen=True)
class Traces:
    """What a text must not say any more. `identities` are the person's, in each spelling that we have."""

    identities: tuple[Identity, ...]

    def are_in(self, text: str) -> bool:
        return bool(find_mentions(text, self.identities))

    def taken_out_of(self, text: str, *, limit: int | None = None) -> str:
        """`text` with neutral words in their place, cut to `limit` characters."""
        return without_mentions(text, find_mentions(text, self.identities))[:limit]

    def taken_out_of_values(self, value: Any) -> Any:
        """A value of JSON with every text in it done so."""
        match value:
            case str():
                return self.taken_out_of(value)
            case list():
                return [self.taken_out_of_values(each) for each in value]
            case dict():
                return {name: self.taken_out_of_values(each) for name, each in value.items()}
            case _:
                return value

    def beside(self, others: Iterable[Speaker]) -> Traces:
        """For a text that others stay on: the affiliation that one of them has is not this person's alone."""
        kept = {speaker.affiliation.casefold() for speaker in others}
        return Traces(
            tuple(
                replace(each, affiliation="") if each.affiliation.casefold() in kept else each
                for each in self.identities
            )
        )

    def without_affiliations(self) -> Traces:
        """For texts about more than their talks, where an organisation stands for itself."""
        return Traces(tuple(replace(each, affiliation="") for each in self.identities))


def traces_of(holder: Holder, speaking: Iterable[Speaker]) -> Traces:
    """By the profile, and by each row as a speaker with the links given there."""
    known: list[Identity] = [identity_of(row, links=_links_of(row)) for row in speaking]
    if isinstance(holder.person, Person):
        known.append(identity_of(holder.person))
    known.append(Identity(emails=holder.addresses))
    return Traces(tuple(dict.fromkeys(known)))


def _links_of(speaker: Speaker) -> list[str]:
    """Links are those of all speakers of a proposal: only where there is one do they say who that is."""
    proposal: Proposal = speaker.proposal
    return proposal.links if len(proposal.speakers) == 1 else []
