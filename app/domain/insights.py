"""Counting without singling out: how long, how often, at what hour; and small counts that stand together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median

from app.domain.localtime import in_zone

A_YEAR = timedelta(days=365)
COMFORTABLE = time(8), time(20)
"""From when until when most people would join a call, on their own clock."""
LEAST = 5
"""A group in public has at least so many members: of fewer, somebody could be made out."""


@dataclass(frozen=True)
class Spread:
    """Where numbers lie: half of them between `low` and `high`."""

    count: int
    shortest: int
    low: int
    median: int
    high: int
    longest: int


@dataclass(frozen=True)
class Step:
    """How many numbers are at most `up_to`, and more than the step before; None for all that are more."""

    up_to: int | None
    count: int


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; as a percentage rounded to the nearest."""

    part: int
    whole: int

    @property
    def percent(self) -> int:
        return (200 * self.part + self.whole) // (2 * self.whole) if self.whole else 0


@dataclass(frozen=True)
class Organisation:
    """How many talks an organisation has in all, and the most that it has within any twelve months."""

    name: str
    talks: int
    most_in_a_year: int

    def is_over(self, limit: int) -> bool:
        return self.most_in_a_year > limit


def spread(numbers: Iterable[int]) -> Spread | None:
    """None for no numbers. The quarters are the medians of the lower and of the upper half."""
    ordered = sorted(numbers)
    if not ordered:
        return None
    half = (len(ordered) + 1) // 2
    low, middle, high = (round(median(part)) for part in (ordered[:half], ordered, ordered[-half:]))
    return Spread(len(ordered), ordered[0], low, middle, high, ordered[-1])


def in_steps(numbers: Iterable[int], edges: Sequence[int]) -> tuple[Step, ...]:
    """How many numbers lie in each step between rising `edges`, and above the last."""
    counts = [0] * (len(edges) + 1)
    for number in numbers:
        counts[sum(number > edge for edge in edges)] += 1
    return tuple(Step(up_to, count) for up_to, count in zip((*edges, None), counts, strict=True))


def is_comfortable(starts_at: datetime, ends_at: datetime, zone: str) -> bool:
    """Whether the whole call lies within the comfortable hours of one day there."""
    start, end = in_zone(starts_at, zone), in_zone(ends_at, zone)
    return start.date() == end.date() and COMFORTABLE[0] <= start.time() and end.time() <= COMFORTABLE[1]


def comfortable_share(calls: Sequence[tuple[datetime, datetime]], zone: str) -> Share:
    """Of these calls, from when until when, those that suit people there."""
    return Share(sum(is_comfortable(starts_at, ends_at, zone) for starts_at, ends_at in calls), len(calls))


def count_organisations(talks: Iterable[tuple[str, datetime]]) -> tuple[Organisation, ...]:
    """Organisations by how often they have a talk in twelve months: `talks` are pairs of a name and the call's start.

    Names are the same whatever their case and spaces, and shown as written last.
    """
    names: dict[str, str] = {}
    dates: dict[str, list[datetime]] = defaultdict(list)
    for name, at in sorted(talks, key=lambda talk: talk[1]):
        key = " ".join(name.split()).casefold()
        if key:
            names[key] = " ".join(name.split())
            dates[key].append(at)
    counted = (Organisation(names[key], len(held), _most_in_a_year(held)) for key, held in dates.items())
    return tuple(sorted(counted, key=lambda each: (-each.most_in_a_year, -each.talks, each.name.casefold())))


def _most_in_a_year(dates: Sequence[datetime]) -> int:
    """The most of these rising dates that lie within twelve months of each other."""
    first = most = 0
    for last, at in enumerate(dates):
        while at - dates[first] >= A_YEAR:
            first += 1
        most = max(most, last - first + 1)
    return most


def group_small(counts: Mapping[str, int], *, least: int = LEAST) -> tuple[tuple[str, int], ...]:
    """The counts from most to least, those below `least` as one under the name "".

    Where that one would be small itself, the next smallest joins it: what is left out can then not be reckoned from a
    total. Where even all together are fewer than `least`, there is nothing.
    """
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = [(name, count) for name, count in ordered if count >= least]
    rest = sum(count for _, count in ordered if count < least)
    while shown and 0 < rest < least:
        rest += shown.pop()[1]
    if rest >= least:
        shown.append(("", rest))
    return tuple(shown)
