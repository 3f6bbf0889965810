"""Times in words, in the reader's zone and that of the series, each zone named."""

from __future__ import annotations

from datetime import datetime

from app.domain.localtime import abbreviation, city, day_in_words, in_zone, when_in_words
from app.mail.values import Occasion


def moments(occasion: Occasion, zone: str) -> tuple[str, ...]:
    """When it is for a reader in `zone` (empty if unknown), then for the series; once where both clocks agree."""
    own = _whole(occasion, occasion.time_zone)
    if not zone or _same_clock(occasion.starts_at, zone, occasion.time_zone):
        return (own,)
    return (_whole(occasion, zone), own)


def moment(instant: datetime, zone: str, day_known: bool = True) -> str:  # noqa: FBT001, FBT002 (a filter of templates)
    """An instant in words: "Monday 30 November 2026, 10:00 Madrid (CET)"; of a month alone "November 2026"."""
    local = in_zone(instant, zone)
    if not day_known:
        return day_in_words(instant, zone, day_known=False)
    return f"{local:%A %-d %B %Y}, {local:%H:%M} {city(zone)} ({abbreviation(instant, zone)})"


def day(occasion: Occasion, zone: str) -> str:
    """The day on which it is for a reader in `zone`, or for the series: "Thursday 3 December"."""
    return f"{in_zone(occasion.starts_at, zone or occasion.time_zone):%A %-d %B}"


def changes(now: Occasion, was: Occasion, zone: str) -> list[tuple[str, str, str]]:
    """What a move changes, as rows of a table: what, was, now; in the reader's zone and in that of the series.

    Both are named even where their clocks agree: on the other date they may not.
    """
    rows = [("Call", was.series, now.series)] if was.series != now.series else []
    before, after = (_whole(occasion, occasion.time_zone) for occasion in (was, now))
    if not zone or zone == was.time_zone == now.time_zone:
        return [*rows, ("When", before, after)]
    rows.append(("For you", _whole(was, zone), _whole(now, zone)))
    return [*rows, ("For the call", before, after)]


def _whole(occasion: Occasion, zone: str) -> str:
    words = when_in_words(occasion.starts_at, occasion.minutes, zone)
    return f"{words} ({abbreviation(occasion.starts_at, zone)})"


def _same_clock(instant: datetime, zone: str, other: str) -> bool:
    return in_zone(instant, zone).utcoffset() == in_zone(instant, other).utcoffset()
