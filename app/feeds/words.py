"""A call in the words of a calendar entry: the same for feeds, invitations and previews."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.localtime import in_zone, when_in_words
from app.domain.publication import PublicSegment, PublicStatus, PublicTalk, PublicTouchpoint


def summary(touchpoint: PublicTouchpoint) -> str:
    """The entry's title: "Thursday: Title / Second title"; a cancelled one names the series alone."""
    if touchpoint.status is PublicStatus.CANCELLED:
        return f"Cancelled: {touchpoint.series.short_name}"
    return ": ".join(filter(None, (touchpoint.series.short_name, touchpoint.title)))


def description(touchpoint: PublicTouchpoint, *, url: str) -> str:
    """The entry's text, without its join link: notice, local time, agenda, talks and the page's address."""
    paragraphs = [
        str(touchpoint.notice),
        when_in_words(touchpoint.starts_at, touchpoint.minutes, touchpoint.time_zone),
        _why_not(touchpoint),
        _agenda(touchpoint),
        *(_talk(talk) for talk in touchpoint.talks if talk.speakers),
        f"Details: {url}",
    ]
    return "\n\n".join(filter(None, paragraphs))


def agenda_line(touchpoint: PublicTouchpoint, segment: PublicSegment) -> str:
    """One part: "14:05 Guest talk, 20 min (Chatham House Rule; recorded)" on the clock of the series."""
    known = {"Chatham House Rule": segment.under_rule, "recorded": segment.recorded}
    marks = [mark for mark, holds in known.items() if holds]
    line = f"{_clock(touchpoint, segment.starts)} {segment.title}, {segment.minutes} min"
    return f"{line} ({'; '.join(marks)})" if marks else line


def talk_line(touchpoint: PublicTouchpoint, talk: PublicTalk) -> str:
    """One talk within its part: "14:05 Title, 15 min"."""
    return f"{_clock(touchpoint, talk.starts or 0)} {talk.title}, {talk.minutes} min"


def _why_not(touchpoint: PublicTouchpoint) -> str:
    if touchpoint.status is not PublicStatus.CANCELLED:
        return ""
    return f"This call does not take place. {touchpoint.reason}".strip()


def _agenda(touchpoint: PublicTouchpoint) -> str:
    lines = []
    for segment in touchpoint.agenda:
        lines.append(agenda_line(touchpoint, segment))
        lines += [f"    {talk_line(touchpoint, talk)}" for talk in touchpoint.talks_in(segment)]
    return "\n".join(["Agenda", *lines]) if lines else ""


def _talk(talk: PublicTalk) -> str:
    recorded = "This talk is recorded." if talk.recorded else "This talk is not recorded."
    also = [
        f"Also: {other.series}, {when_in_words(other.starts_at, other.minutes, other.time_zone)}" for other in talk.also
    ]
    return "\n".join(filter(None, (talk.title, "; ".join(talk.speakers), recorded, *also, talk.abstract)))


def _clock(touchpoint: PublicTouchpoint, minutes: int) -> str:
    moment: datetime = in_zone(touchpoint.starts_at + timedelta(minutes=minutes), touchpoint.time_zone)
    return f"{moment:%H:%M}"
