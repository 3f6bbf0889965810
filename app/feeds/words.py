"""A call in the words of a calendar entry: the same for feeds, invitations and previews.

They are made of public values and our own words alone, and so are public themselves.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.domain.attribution import PublicText
from app.domain.localtime import in_zone, when_in_words
from app.domain.notice import RuleScope, notice_of_scope
from app.domain.public_changes import ChangeKind
from app.domain.publication import PublicSegment, PublicSeries, PublicStatus, PublicTalk, PublicTouchpoint
from app.domain.secret import WayIn
from app.domain.wording import Wording

_CHANGES = {
    ChangeKind.PUBLISHED: "New",
    ChangeKind.MOVED: "Moved",
    ChangeKind.CANCELLED: "Cancelled",
    ChangeKind.RESTORED: "Takes place after all",
    ChangeKind.CORRECTED: "Corrected",
}


def summary(touchpoint: PublicTouchpoint) -> PublicText:
    """The entry's title: "Thursday: Title / Second title"; a cancelled one names the series alone."""
    if touchpoint.status is PublicStatus.CANCELLED:
        return PublicText(f"Cancelled: {touchpoint.series.short_name}")
    return _named(touchpoint)


def description(touchpoint: PublicTouchpoint, *, url: str) -> PublicText:
    """The entry's text, without its join link: first the notice, then local time, agenda, talks, the page's address."""
    paragraphs = [
        "\n".join(touchpoint.notice.lines),
        when_in_words(touchpoint.starts_at, touchpoint.minutes, touchpoint.time_zone, touchpoint.day_known),
        _why_not(touchpoint),
        _agenda(touchpoint),
        *(_talk(talk) for talk in touchpoint.talks if talk.speakers),
        f"Details: {url}",
    ]
    return PublicText("\n\n".join(filter(None, paragraphs)))


def feed_title(community: PublicText, what: PublicText | None = None) -> PublicText:
    """What a feed is called in a calendar program: the community, and the series or topic; None for all calls."""
    return PublicText(f"{community}: {what or 'all calls'}")


def feed_text(wording: Wording) -> PublicText:
    """What a feed of calls says of itself, with the notice in this wording."""
    return PublicText(f"Calls and their talks. {notice_of_scope(RuleScope.PARTS, wording=wording)}")


def changes_title(community: PublicText, what: PublicText | None = None) -> PublicText:
    """What a feed of changes is called: of a series; None for all calls."""
    return PublicText(f"{community}: changes of {what or 'all calls'}")


def with_way_in(text: str, way_in: WayIn) -> str:
    """An entry's text with how to join above it: for the calendars of those who may know it."""
    return "\n\n".join(filter(None, ("\n".join(f"{name}: {said}" for name, said in way_in.revealed_lines()), text)))


def change_title(kind: ChangeKind, touchpoint: PublicTouchpoint) -> PublicText:
    """What became of the call, in its words of today: "Moved: Thursday: Title"; a cancelled one has no title."""
    return PublicText(f"{_CHANGES[kind]}: {_named(touchpoint)}")


def change_text(
    kind: ChangeKind, touchpoint: PublicTouchpoint, *, was: tuple[datetime, int] | None, then: tuple[datetime, int]
) -> PublicText:
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
    return PublicText(f"{said}\n\n{touchpoint.notice}")


def farewell_summary(series: PublicSeries, *, moved_to: str) -> PublicText:
    """The last event's title: "Thursday has moved", or "Thursday has ended"."""
    return PublicText(f"{series.short_name} has {'moved' if moved_to else 'ended'}")


def farewell_text(series: PublicSeries, *, last_day: date, moved_to: str) -> PublicText:
    """The last event's text: since when, and where the series went."""
    goes_on = f"It goes on at {moved_to}\nSubscribe there to hear of its calls. " if moved_to else ""
    return PublicText(
        f"{series.name} met here until {last_day:%-d %B %Y}.\n\n{goes_on}"
        "This calendar gets no new events: you can take it out of your program."
    )


def agenda_line(touchpoint: PublicTouchpoint, segment: PublicSegment) -> str:
    """One part: "14:05 Guest talk, 20 min (Chatham House Rule; recorded)" on the clock of the series."""
    known = {"Chatham House Rule": segment.under_rule, "recorded": segment.recorded}
    marks = [mark for mark, holds in known.items() if holds]
    line = f"{_clock(touchpoint, segment.starts)}{segment.title}, {segment.minutes} min"
    return f"{line} ({'; '.join(marks)})" if marks else line


def talk_line(touchpoint: PublicTouchpoint, talk: PublicTalk) -> str:
    """One talk within its part: "14:05 Title, 15 min"."""
    return f"{_clock(touchpoint, talk.starts or 0)}{talk.title}, {talk.minutes} min"


def _named(touchpoint: PublicTouchpoint) -> PublicText:
    return PublicText(": ".join(filter(None, (touchpoint.series.short_name, touchpoint.title))))


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
    """The time so long after the start, with a space behind it; nothing where the day is not known."""
    if not touchpoint.day_known:
        return ""
    moment: datetime = in_zone(touchpoint.starts_at + timedelta(minutes=minutes), touchpoint.time_zone)
    return f"{moment:%H:%M} "
