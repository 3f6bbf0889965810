"""A speaker's own calendar: each of their talks as an event, under the UID that their invitation has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from icalendar import vText

from app.domain.publication import PublicTouchpoint
from app.domain.secret import WayIn
from app.domain.text import clean_line, clean_text
from app.feeds.ical import FeedHead, add_way_in, begun, feed, organizer
from app.feeds.words import description, with_way_in


@dataclass(frozen=True)
class OwnTalk:
    """A talk on the whole of its call, as its speaker sees it. Instants are aware UTC, to the second.

    `uid` is whole, `sequence` that of the speaker's invitation. `is_sure`: every speaker confirmed. `way_in` is
    for speakers; `url` is the call's page.
    """

    uid: str
    sequence: int
    created_at: datetime
    last_modified: datetime
    title: str
    is_sure: bool
    call: PublicTouchpoint
    way_in: WayIn
    url: str


def own_talks(head: FeedHead, talks: Iterable[OwnTalk]) -> bytes:
    """The calendar of these talks, in the order given. Same values, same bytes."""
    listed = list(talks)
    newest = max((talk.last_modified for talk in listed), default=None)
    return feed(head, [_vevent(talk) for talk in listed], last_modified=newest)


def _vevent(talk: OwnTalk) -> bytes:
    call = talk.call
    event = begun(talk.uid, talk, call.starts_at, call.ends_at)
    event.add("SUMMARY", vText(clean_line(f"{call.series.name}: {talk.title}")))
    event.add("DESCRIPTION", vText(clean_text(_text(talk))))
    event.add("URL", talk.url)
    event.add("STATUS", "CONFIRMED" if talk.is_sure else "TENTATIVE")
    event.add("TRANSP", "OPAQUE")
    event.add("CLASS", "PRIVATE")
    event.add("ORGANIZER", organizer(call.series))
    add_way_in(event, talk.way_in)
    return bytes(event.to_ical())


def _text(talk: OwnTalk) -> str:
    words = description(talk.call, url=talk.url)
    return with_way_in(words if talk.is_sure else f"Not confirmed yet.\n\n{words}", talk.way_in)
