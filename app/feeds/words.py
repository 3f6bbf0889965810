"""A call in the words of a calendar entry: the same for feeds, invitations and previews."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.domain.localtime import in_zone, when_in_words
from app.domain.public_changes import ChangeKind
from app.domain.publication import PublicSegment, PublicSeries, PublicStatus, PublicTalk, PublicTouchpoint

_CHANGES = {
    ChangeKind.PUBLISHED: "New",
    ChangeKind.MOVED: "Moved",
    ChangeKind.CANCELLED: "Cancelled",
    ChangeKind.RESTORED: "Takes place after all",
    ChangeKind.CORRECTED: "Corrected",
}


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


def change_title(kind: ChangeKind, touchpoint: PublicTouchpoint) -> str:
    """What became of the call, in its words of today: "Moved: Thursday: Title"; a cancelled one has no title."""
    named = ": ".join(filter(None, (touchpoint.series.short_name, touchpoint.title)))
    return f"{_CHANGES[kind]}: {named}"


def change_text(
    kind: ChangeKind, touchpoint: PublicTouchpoint, *, was: tuple[datetime, int] | None, then: tuple[datetime, int]
) -> str:
    """The change in a paragraph: the time it left the call at, the time before where it moved, and the notice."""
    now_at = when_in_words(*then, touchpoint.time_zone)
    match kind:
        case ChangeKind.MOVED if was is not None:
            said = f"Was: {when_in_words(*was, touchpoint.time_zone)}\nNow: {now_at}"
        case ChangeKind.CANCELLED:
            said = f"{now_at}\nThis call does not take place. {touchpoint.reason}".rstrip()
        case ChangeKind.CORRECTED:
            said = f"{now_at}\nIts page says what it holds now."
        case _:
            said = now_at
    return f"{said}\n\n{touchpoint.notice}"


def farewell_summary(series: PublicSeries, *, moved_to: str) -> str:
    """The last event's title: "Thursday has moved", or "Thursday has ended"."""
    return f"{series.short_name} has {'moved' if moved_to else 'ended'}"


def farewell_text(series: PublicSeries, *, last_day: date, moved_to: str) -> str:
    """The last event's text: since when, and where the series went."""
    goes_on = f"It goes on at {moved_to}\nSubscribe there to hear of its calls. " if moved_to else ""
    return (
        f"{series.name} met here until {last_day:%-d %B %Y}.\n\n{goes_on}"
        "This calendar gets no new events: you can take it out of your program."
    )


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
