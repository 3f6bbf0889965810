"""Cadences: the fixed menu of rhythms, their RFC 5545 text, and the dates that a series' rules give."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, islice, takewhile

from dateutil import rrule

from app.domain.errors import RuleViolation
from app.domain.localtime import city

HORIZON = timedelta(days=731)  # how far ahead touchpoints may be opened: at most 24 months
LAST = -1
NTHS = (1, 2, 3, 4, 5, LAST)
WEEKS = (1, 2, 3, 4)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_WEEKLY = re.compile(f"FREQ=WEEKLY;INTERVAL=([1-4]);BYDAY=({_DAY})")
_MONTHLY = re.compile(f"FREQ=MONTHLY;BYDAY=((?:[1-5]|-1){_DAY}(?:,(?:[1-5]|-1){_DAY})*)")
NTH_WORDS = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", LAST: "last"}


@dataclass(frozen=True)
class Cadence:
    """One choice of the menu: a weekday (ISO, 1 for Monday) every `weeks` weeks, or monthly on the `nths` such days.

    Exactly one of `weeks` (1 to 4) and `nths` (1 to 5, LAST; in the menu's order) is given. A fifth weekday exists in
    four or five months of a year, so a cadence of 5 alone rests in the others.
    """

    weekday: int
    weeks: int = 0
    nths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        weekly = self.weeks in WEEKS and not self.nths
        monthly = not self.weeks and self.nths and self.nths == tuple(nth for nth in NTHS if nth in self.nths)
        if self.weekday not in range(1, 8) or not (weekly or monthly):
            raise ValueError("not on the menu of cadences")

    @property
    def weekday_name(self) -> str:
        return calendar.day_name[self.weekday - 1]


@dataclass(frozen=True)
class Rule:
    """A cadence at a wall-clock time of an IANA zone, in force from `valid_from` until a later rule begins."""

    valid_from: date
    cadence: Cadence
    start: time
    minutes: int
    zone: str

    @property
    def in_words(self) -> str:
        """For people: "2nd Thursday, 14:00 Madrid"."""
        return f"{cadence_in_words(self.cadence)}, {self.start:%H:%M} {city(self.zone)}"


@dataclass(frozen=True)
class Occurrence:
    """A date that `rule` gives. Whether its wall time exists on that day is for `localtime.to_utc` to say."""

    rule: Rule
    date: date

    @property
    def wall(self) -> datetime:
        """The start as a naive wall time of the rule's zone."""
        return datetime.combine(self.date, self.rule.start)


def to_rrule(cadence: Cadence) -> str:
    """The cadence as the value of an RFC 5545 RRULE, as stored."""
    day = _DAYS[cadence.weekday - 1]
    if cadence.weeks:
        return f"FREQ=WEEKLY;INTERVAL={cadence.weeks};BYDAY={day}"
    return "FREQ=MONTHLY;BYDAY=" + ",".join(f"{nth}{day}" for nth in cadence.nths)


def from_rrule(text: str) -> Cadence:
    """The inverse of `to_rrule`: it reads what the menu can make and nothing else.

    Other RRULEs are refused, not expanded: FREQ=SECONDLY would hang a worker. Raises ValueError.
    """
    if match := _WEEKLY.fullmatch(text):
        return Cadence(_DAYS.index(match[2]) + 1, weeks=int(match[1]))
    if match := _MONTHLY.fullmatch(text):
        days = match[1].split(",")
        cadence = Cadence(_DAYS.index(days[0][-2:]) + 1, nths=tuple(int(day[:-2]) for day in days))
        if to_rrule(cadence) == text:
            return cadence
    raise ValueError("not on the menu of cadences")


def cadence_in_words(cadence: Cadence) -> str:
    """For people: "Every Thursday", "Every 2nd Friday", "Friday, every 3 weeks", "1st & 3rd Friday", "Last Monday"."""
    day = cadence.weekday_name
    match cadence.weeks:
        case 0:
            words = [NTH_WORDS[nth] for nth in cadence.nths]
            listed = " & ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
            return f"{listed[0].upper()}{listed[1:]} {day}"
        case 1:
            return f"Every {day}"
        case 2:
            return f"Every 2nd {day}"
        case weeks:
            return f"{day}, every {weeks} weeks"


def dates(rule: Rule, *, after: date, until: date) -> list[datetime]:
    """The rule's starts, as `occurrences` of this one rule: naive wall times of its zone, in order."""
    return [occurrence.wall for occurrence in occurrences([rule], after=after, until=until)]


def occurrences(rules: Sequence[Rule], *, after: date, until: date) -> list[Occurrence]:
    """What a series' rules give on the days after `after` up to and with `until`, each rule until the next begins.

    `rules` are in order of `valid_from`. Raises RuleViolation when `until` is beyond the HORIZON from `after`.
    """
    if until - after > HORIZON:
        raise RuleViolation("Dates can be planned for at most 24 months ahead.")
    return list(takewhile(lambda occurrence: occurrence.date <= until, _given(rules, after=after)))


def next_occurrences(rules: Sequence[Rule], *, after: date, count: int = 12) -> list[Occurrence]:
    """The first `count` occurrences after the day `after`; none without a rule."""
    return list(islice(_given(rules, after=after), count))


def rule_in_force(rules: Sequence[Rule], *, on: date) -> Rule | None:
    """The rule that holds on that day, or None before the first one."""
    return next((rule for rule in reversed(rules) if rule.valid_from <= on), None)


def _given(rules: Sequence[Rule], *, after: date) -> Iterator[Occurrence]:
    ends = [*(rule.valid_from for rule in rules[1:]), date.max]
    return chain.from_iterable(_span(rule, after=after, end=end) for rule, end in zip(rules, ends, strict=False))


def _span(rule: Rule, *, after: date, end: date) -> Iterator[Occurrence]:
    """What the rule gives after the day `after` and before the day `end`."""
    later = (Occurrence(rule, start.date()) for start in _walls(rule) if start.date() > after)
    return takewhile(lambda occurrence: occurrence.date < end, later)


def _walls(rule: Rule) -> Iterator[datetime]:
    """Every start of the rule, on its wall clock: naive, so that no change of clocks can shift the local hour.

    The count of weeks begins at the first such weekday on or after `valid_from`, not in the week around it.
    """
    cadence = rule.cadence
    first = datetime.combine(rule.valid_from, rule.start)
    day = rrule.weekdays[cadence.weekday - 1]
    if cadence.weeks:
        anchor = first + timedelta(days=(cadence.weekday - first.isoweekday()) % 7)
        return iter(rrule.rrule(rrule.WEEKLY, dtstart=anchor, interval=cadence.weeks, byweekday=day))
    return iter(rrule.rrule(rrule.MONTHLY, dtstart=first, byweekday=[day(nth) for nth in cadence.nths]))
