"""Votes on a proposal and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Vote(StrEnum):
    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class Ground(StrEnum):
    """What a decision stands on: the organizers' majority, or the steering committee, which settles conflicts."""

    MAJORITY = "majority"
    COMMITTEE = "committee"


@dataclass(frozen=True)
class Tally:
    """The votes on one proposal. `electorate` counts the organizers who may vote on it."""

    yes: int
    no: int
    abstain: int
    electorate: int

    @property
    def needed(self) -> int:
        """Yes votes that make a simple majority of the organizers who may vote."""
        return self.electorate // 2 + 1

    @property
    def accepts(self) -> bool:
        return self.electorate > 0 and self.yes >= self.needed

    @property
    def declines(self) -> bool:
        return self.electorate > 0 and self.no >= self.needed

    @property
    def outstanding(self) -> int:
        return max(0, self.electorate - self.yes - self.no - self.abstain)


def tally(votes: Iterable[Vote], *, electorate: int) -> Tally:
    """Count `votes`; `electorate` is the number of organizers who may vote (those whose proposal it is may not)."""
    cast = list(votes)
    return Tally(cast.count(Vote.YES), cast.count(Vote.NO), cast.count(Vote.ABSTAIN), electorate)
