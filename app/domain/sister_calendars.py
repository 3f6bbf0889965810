"""Sister calendars: what an organizer may add, when it is fetched, and what the public sees of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from urllib.parse import SplitResult, urlsplit, urlunsplit

from app.domain.attribution import PublicText
from app.domain.join_links import WHY_NOT, holds_join_link
from app.domain.secret import NO_SECRET, Secret
from app.domain.series import HUES, SHAPES, Problems
from app.domain.text import clean_line

MAX_NAME, MAX_ADDRESS, MAX_TITLE, MAX_URL, MAX_UID = 80, 1000, 200, 500, 255
LOOK_BACK, LOOK_AHEAD = timedelta(days=31), timedelta(days=366)
"""The last good copy holds what is on between these: the present month whole, and a year."""
EVERY, JITTER = timedelta(hours=6), timedelta(minutes=30)
FIRST_RETRY, LONGEST_WAIT = timedelta(minutes=15), timedelta(days=1)
READ_WHOLE_AFTER = timedelta(days=7)
"""Owners may answer "not changed" for ever; the window of the copy moves on all the same."""
STALE_AFTER = timedelta(days=2)
FAILS_FOR_LONG = timedelta(days=7)
LONGEST_EVENT = timedelta(days=31)
MOST_CLASHES, CLASH_LENGTH = 3, 60
NAMELESS = "Event without a title"
_LINK = re.compile(r"\b\w{2,12}://\S+", re.IGNORECASE)


class LeftOut(StrEnum):
    """Why an event of a sister calendar is not in the copy."""

    SUB_DAILY = "sub_daily"
    TOO_LONG = "too_long"
    TOO_SLOW = "too_slow"
    UNREADABLE = "unreadable"
    CANCELLED = "cancelled"
    TOO_MANY = "too_many"

    @property
    def words(self) -> str:
        return _LEFT_OUT_WORDS[self]


class Noted(StrEnum):
    """What was read otherwise than it is written, since it is not written in order."""

    UNKNOWN_ZONE = "unknown_zone"
    FLOATING = "floating"
    NO_END = "no_end"
    NO_TITLE = "no_title"

    @property
    def words(self) -> str:
        return _NOTED_WORDS[self]


_LEFT_OUT_WORDS = {
    LeftOut.SUB_DAILY: "repeating more than four times a day",
    LeftOut.TOO_LONG: "longer than 31 days",
    LeftOut.TOO_SLOW: "with a rule that takes too long to work out",
    LeftOut.UNREADABLE: "that cannot be read",
    LeftOut.CANCELLED: "cancelled by their owners",
    LeftOut.TOO_MANY: "beyond the first 2,000",
}
_NOTED_WORDS = {
    Noted.UNKNOWN_ZONE: "in a time zone that nobody knows: its time is taken for the calendar's own zone, or UTC",
    Noted.FLOATING: "without a time zone: its time is taken for UTC",
    Noted.NO_END: "without an end: shown at its start",
    Noted.NO_TITLE: "without a title that may be shown",
}


@dataclass(frozen=True)
class SisterDraft:
    """A sister calendar as its form has it, cleaned. An empty address keeps the one there is."""

    name: str = ""
    address: Secret = NO_SECRET
    hue: str = HUES[2]
    shape: str = SHAPES[3]
    shown: bool = False


@dataclass(frozen=True)
class PublicSisterCalendar:
    """A sister calendar as the public sees it. `fetched_at` is None before the first good copy; stale ones are old."""

    slug: str
    name: PublicText
    hue: str
    shape: str
    fetched_at: datetime | None
    is_stale: bool


@dataclass(frozen=True)
class PublicSisterEvent:
    """One event of a sister calendar: others' words as plain text, to be escaped. `url` is http(s) or empty.

    Of an event of whole days, both ends are midnights of UTC: it is on from `starts_at`'s date until the day before
    `ends_at`'s date, in whatever zone.
    """

    calendar: str
    title: PublicText
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    url: PublicText
    tentative: bool = False


def read_address(typed: str) -> Secret:
    """The address as it is kept: webcal:// means https://, a fragment means nothing."""
    text = clean_line(typed)
    scheme, separator, rest = text.partition("://")
    if separator and scheme.lower() in {"webcal", "webcals", "https"}:
        text = f"https://{rest.partition('#')[0]}"
    return Secret(text)


def draft_problems(draft: SisterDraft, *, hosts: Iterable[str], is_new: bool) -> Problems:
    """What must be put right before it can be saved: a sentence for each field, in the order of the form."""
    problems: Problems = {}
    if not draft.name:
        problems["name"] = "Give the calendar a name, such as OpenChain."
    elif len(draft.name) > MAX_NAME:
        problems["name"] = f"At most {MAX_NAME} characters; these are {len(draft.name)}."
    elif holds_join_link(draft.name):
        problems["name"] = WHY_NOT
    if (draft.address or is_new) and (problem := address_problem(draft.address.reveal(), hosts=hosts)):
        problems["address"] = problem
    for field, value, choices in (("hue", draft.hue, HUES), ("shape", draft.shape, SHAPES)):
        if value not in choices:
            problems[field] = f"Choose a {field} from the list."
    return problems


def address_problem(address: str, *, hosts: Iterable[str]) -> str | None:
    """Why nobody may fetch from `address`, in a sentence that does not repeat it; None where one may."""
    if len(address) > MAX_ADDRESS:
        return f"At most {MAX_ADDRESS} characters; these are {len(address)}."
    parts = _parts_of(address)
    if parts is None:
        return "Write the address whole, beginning with https:// or webcal://."
    if "@" in parts.netloc:
        return "This address holds a name or a password before the @. Use the calendar's public or secret link instead."
    if not is_listed(parts.hostname or "", parts.port, hosts=hosts):
        return f"{parts.hostname} is not on the list of hosts that this installation may ask. Its operator can add it."
    return None


def _parts_of(address: str) -> SplitResult | None:
    """The parts of an https address in plain letters, or None for anything else."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    is_plain = address.isascii() and address.isprintable() and " " not in address
    is_named = re.fullmatch("[a-z0-9.-]+", parts.hostname or "") is not None
    return parts if is_plain and parts.scheme == "https" and is_named else None


def is_listed(host: str, port: int | None, *, hosts: Iterable[str]) -> bool:
    """Whether `hosts` has `host`: "example.org" at the usual port, "*.example.org" below it, "example.org:8443"."""
    name = host.lower().rstrip(".") + (f":{port}" if port not in (None, 443) else "")
    return any(fnmatchcase(name, each) for each in hosts)


def masked(address: Secret) -> str:
    """What organizers are shown of an address that may hold a key: its host, and an end that opens nothing."""
    parts = urlsplit(address.reveal())
    rest = urlunsplit(("", "", parts.path, parts.query, ""))
    return f"{parts.hostname}/…{rest[-6:]}" if len(rest) > 24 else f"{parts.hostname}/…"


def slug_from(name: str, taken: Sequence[str]) -> str:
    """A short name for addresses and switches, unlike those taken."""
    plain = "-".join(re.findall("[a-z0-9]+", name.lower()))[:32].strip("-") or "calendar"
    numbered = (plain if number == 1 else f"{plain}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in numbered if slug not in taken)


def next_try(*, now: datetime, failures: int, spread: float) -> datetime:
    """When to fetch again: after six hours or so, later and later while it fails. `spread` is from 0 to 1."""
    wait = EVERY if not failures else min(FIRST_RETRY * 2 ** min(failures - 1, 16), LONGEST_WAIT)
    return now + wait + spread * min(JITTER, wait / 4)


def is_stale(fetched_at: datetime | None, *, now: datetime) -> bool:
    """Whether so long has passed since the owner last said what is on that readers should be told."""
    return fetched_at is None or now - fetched_at > STALE_AFTER


def shown_title(text: str) -> str:
    """Others' title as plain text: one line, cut, and without links; empty when it holds the way into a call."""
    plain = clean_line(_LINK.sub("", text))
    cut = plain if len(plain) <= MAX_TITLE else f"{plain[: MAX_TITLE - 1].rstrip()}…"
    return "" if holds_join_link(cut) else cut


def public_event(
    calendar: str, *, title: str, starts_at: datetime, ends_at: datetime, all_day: bool, url: str, tentative: bool
) -> PublicSisterEvent:
    """The public value of a stored occurrence: the one place where others' words become public text."""
    return PublicSisterEvent(
        calendar=calendar,
        title=PublicText(shown_title(title) or NAMELESS),
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=all_day,
        url=PublicText("" if holds_join_link(url) else url),
        tentative=tentative,
    )


def public_calendar(
    slug: str, *, name: str, hue: str, shape: str, fetched_at: datetime | None, now: datetime
) -> PublicSisterCalendar:
    return PublicSisterCalendar(
        slug, PublicText(clean_line(name)), hue, shape, fetched_at, is_stale(fetched_at, now=now)
    )


@dataclass(frozen=True)
class Occurrence:
    """One event at one time, read from a sister calendar. Ends of whole days are midnights of UTC."""

    uid: str
    title: str
    url: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    tentative: bool


@dataclass(frozen=True)
class Expansion:
    """All occurrences of a calendar within a window, in order, and how many events were left out or read otherwise."""

    occurrences: tuple[Occurrence, ...]
    left_out: dict[LeftOut, int]
    noted: dict[Noted, int]


@dataclass(frozen=True)
class SisterTime:
    """When something of a sister community is on, for a warning."""

    calendar: str
    title: str
    starts_at: datetime
    ends_at: datetime

    @property
    def words(self) -> str:
        """A few words that say whose it is: "OpenChain Telco call", "SPDX: General meeting"."""
        title = self.title or NAMELESS
        whole = title if self.calendar.casefold() in title.casefold() else f"{self.calendar}: {title}"
        return whole if len(whole) <= CLASH_LENGTH else f"{whole[: CLASH_LENGTH - 1].rstrip()}…"

    def is_during(self, start: datetime, end: datetime) -> bool:
        """Whether somebody who is there misses part of it. What has no length is missed if it begins then."""
        return self.starts_at < end and (self.ends_at > start or self.starts_at == start)


def clashing(
    calls: Mapping[int, tuple[datetime, datetime]], events: Sequence[SisterTime]
) -> dict[int, tuple[str, ...]]:
    """What is on during each call, by its id: each thing once, the first few. `events` are in order of their start."""
    starts = [event.starts_at for event in events]
    longest = max((event.ends_at - event.starts_at for event in events), default=timedelta())
    found = {}
    for pk, (start, end) in calls.items():
        near = events[bisect_left(starts, start - longest) : bisect_left(starts, end)]
        words = dict.fromkeys(event.words for event in near if event.is_during(start, end))
        if words:
            found[pk] = tuple(words)[:MOST_CLASHES]
    return found
