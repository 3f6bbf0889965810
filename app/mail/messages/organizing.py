"""Mails to an organizer about what a speaker did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.mail.rendering import render
from app.mail.values import House, Mail, Occasion, Reader


@dataclass(frozen=True)
class Unanswered:
    """An invitation to which `speakers` have not said yes or no."""

    title: str
    speakers: tuple[str, ...]
    occasion: Occasion
    answer_by: datetime | None


@dataclass(frozen=True)
class Awaited:
    """A recording or slides (`kind`) that are missing since `days`; `owner` sees to it, empty where nobody does."""

    kind: str
    title: str
    days: int
    owner: str


@dataclass(frozen=True)
class Week:
    """What waits for the organizers: calls of the next `weeks` without a talk, invitations, mails that were given up.

    `more` counts what the lists leave out; `calendars` names those of others that could not be fetched for a week.
    `awaited` are recordings and slides that are missing, the longest first; `awaited_more` counts the others.
    """

    empty: tuple[Occasion, ...]
    unanswered: tuple[Unanswered, ...]
    parked: int
    more: int
    weeks: int
    calendars: tuple[str, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    awaited_more: int = 0

    @property
    def says_something(self) -> bool:
        return bool(self.empty or self.unanswered or self.parked or self.calendars or self.awaited)


def agenda(
    house: House, reader: Reader, *, week: Week, board: str, outbox: str, calendars: str, materials: str
) -> Mail:
    """Once a week: what waits for the organizers. `board`, `outbox`, `calendars` and `materials` are the pages."""
    return render(
        "agenda",
        house=house,
        reader=reader,
        week=week,
        board=board,
        outbox=outbox,
        calendars=calendars,
        materials=materials,
    )


def proposal_withdrawn(house: House, reader: Reader, *, title: str, was: Sequence[Occasion], link: str) -> Mail:
    """A proposal was withdrawn. `was`: the dates that are free again, in order; `link` is the board."""
    return render(
        "withdrawn",
        template="withdrawn_organizer",
        house=house,
        reader=reader,
        title=title,
        was=tuple(was),
        link=link,
    )


def rescheduled(
    house: House,
    reader: Reader,
    *,
    title: str,
    talks: Sequence[str],
    occasion: Occasion,
    was: Occasion,
    link: str,
) -> Mail:
    """A talk, or with an empty `title` a whole call, has another date: for those who run it.

    `talks` are the titles whose speakers are asked for the new date.
    """
    return render(
        "rescheduled",
        house=house,
        reader=reader,
        title=title,
        talks=tuple(talks),
        occasion=occasion,
        was=was,
        link=link,
    )


def another_date(
    house: House,
    reader: Reader,
    *,
    title: str,
    speaker: str,
    occasion: Occasion,
    words: str,
    wishes: Sequence[Occasion],
    link: str,
) -> Mail:
    """A speaker cannot on `occasion`; `words` are theirs, `wishes` the calls that they could do instead."""
    return render(
        "declined_date",
        house=house,
        reader=reader,
        title=title,
        speaker=speaker,
        occasion=occasion,
        words=words,
        wishes=tuple(wishes),
        link=link,
    )


def may_not_come(
    house: House,
    reader: Reader,
    *,
    title: str,
    speaker: str,
    occasion: Occasion,
    proposed: str,
    words: str,
    link: str,
) -> Mail:
    """A speaker's calendar declined `occasion`, or `proposed` another time in its own words. The talk still stands."""
    return render(
        "may_not_come",
        house=house,
        reader=reader,
        title=title,
        speaker=speaker,
        occasion=occasion,
        proposed=proposed,
        words=words,
        link=link,
    )
