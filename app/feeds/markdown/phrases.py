"""What all of these files say in the same words: when a call is, what is on, who speaks, what is recorded.

All of it is Markdown already, made of public values alone.
"""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.localtime import city, in_zone
from app.domain.publication import PublicSeries, PublicStatus, PublicTalk, PublicTouchpoint
from app.feeds.markdown.escaping import code, inline, link

NOTHING = "–"
NOT_KNOWN = "not known"


def day(call: PublicTouchpoint) -> str:
    """The date on the series' own calendar, its weekday derived: "Thursday, December 10, 2026".

    Where no day is known it is "December 2026 (day not known)", which lint takes for an answer.
    """
    if not call.day_known:
        return f"{_own(call):%B %Y} (day not known)"
    return f"{_own(call):%A, %B %-d, %Y}"


def starts(call: PublicTouchpoint) -> str:
    """The time on the series' own clock and in UTC; the zone by its name: "14:00 Europe/Madrid (13:00 UTC)".

    Letters would lie: CST is three zones, and "GMT" is not London's clock in summer. Without a day no time is said.
    """
    if not call.day_known:
        return NOT_KNOWN
    return f"{_own(call):%H:%M} {inline(call.time_zone)} ({_beside(call, call.starts_at)} UTC)"


def hours(call: PublicTouchpoint) -> str:
    """From when to when: "14:00–15:00 Europe/Madrid (13:00–14:00 UTC)"; "not known" without a day."""
    if not call.day_known:
        return NOT_KNOWN
    own, utc = in_zone(call.ends_at, call.time_zone), call.ends_at.astimezone(UTC)
    both = f"{_own(call):%H:%M}–{own:%H:%M}", f"{_beside(call, call.starts_at)}–{utc:%H:%M}"
    return f"{both[0]} {inline(call.time_zone)} ({both[1]} UTC)"


def starts_in_prose(call: PublicTouchpoint) -> str:
    """The same for a sentence: "14:00 Madrid (13:00 UTC)"."""
    return f"{_own(call):%H:%M} {inline(city(call.time_zone))} ({_beside(call, call.starts_at)} UTC)"


def elsewhere(call: PublicTouchpoint, zone: str) -> str:
    """The time on another clock; with its weekday where that is another: "Fri 03:30"."""
    return _beside(call, in_zone(call.starts_at, zone))


def is_off(call: PublicTouchpoint) -> bool:
    """Whether the call does not take place."""
    return call.skipped or call.status is PublicStatus.CANCELLED


def topic(call: PublicTouchpoint) -> str:
    """What is on, or that nothing is."""
    if is_off(call):
        return "Cancelled" if call.status is PublicStatus.CANCELLED else "No call"
    return inline(call.heading)


def series(of: PublicSeries) -> str:
    return inline(of.name)


def guests(call: PublicTouchpoint) -> str:
    """Who speaks, each as they chose to be named, in the order of the talks."""
    if is_off(call) or (not call.talks and call.agenda):
        return NOTHING
    return "; ".join(dict.fromkeys(inline(name) for talk in call.talks for name in talk.speakers)) or "For members"


def tags(call: PublicTouchpoint) -> str:
    """The topics of its talks, each once."""
    if is_off(call):
        return NOTHING
    named = dict.fromkeys(code(name) for talk in call.talks for name in talk.topics)
    return ", ".join(named) or NOTHING


def recording(call: PublicTouchpoint) -> str:
    """The recordings, or why there is none."""
    if is_off(call) or not call.talks:
        return NOTHING
    return ", ".join(dict.fromkeys(_recorded(talk) for talk in call.talks))


def kept(talk: PublicTalk) -> str:
    """Of one talk, within a line: "15 mins, recorded"."""
    return f"{talk.minutes} mins, {'recorded' if talk.recorded else 'not recorded'}"


def _recorded(talk: PublicTalk) -> str:
    if talk.recording_url:
        return link("Recording", talk.recording_url)
    return "To be published" if talk.recorded else "Not recorded"


def _own(call: PublicTouchpoint) -> datetime:
    return in_zone(call.starts_at, call.time_zone)


def _beside(call: PublicTouchpoint, other: datetime) -> str:
    """The time `other` says of the call's start, with its weekday where that is another than on its own clock."""
    return f"{other:%H:%M}" if other.date() == _own(call).date() else f"{other:%a %H:%M}"
