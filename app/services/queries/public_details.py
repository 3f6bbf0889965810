"""What a series may show in public of a members-only call, as a calendar would show it: the preview of its form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from app.domain.agenda import STANDARD_AGENDA
from app.domain.attribution import PublicText
from app.domain.disclosure import CallFacts, TalkFacts, public_series, public_touchpoint
from app.domain.localtime import when_in_words
from app.domain.publication import MEMBERS_DETAILS, Audience, PublicDetail
from app.feeds.words import summary

_EXAMPLE = TalkFacts(title="How we answer an audit", abstract="", speakers=(), minutes=20, consented=False)


_CHOICES = {
    PublicDetail.TITLE_AND_TIME: (
        "Title and time",
        "Everybody sees when there is a call and what it is called.",
    ),
    PublicDetail.TIME: ("Time only", "Everybody sees that this series meets, and when; not what is on."),
    PublicDetail.NOTHING: (
        "Nothing",
        "Nobody else learns that the series exists: no page, feed or mail has it. Members use their own calendar.",
    ),
}


@dataclass(frozen=True)
class DetailChoice:
    """One choice: its word in the form, its name, what follows, and what public calendars would say of a call."""

    value: str
    label: str
    words: str
    example: str


def detail_choices(*, short_name: str, now: datetime) -> list[DetailChoice]:
    """What a members-only series may choose; the examples are made by the very code that publishes."""
    return [
        DetailChoice(detail.value, *_CHOICES[detail], _line(detail, short_name or "Friday", now=now))
        for detail in MEMBERS_DETAILS
    ]


def _line(detail: PublicDetail, short_name: str, *, now: datetime) -> str:
    if detail is PublicDetail.NOTHING:
        return "Not found"
    starts_at = datetime.combine(now.date() + timedelta(days=7), time(16, 30), UTC)
    series = public_series(
        slug="example",
        name=short_name,
        short_name=short_name,
        audience=Audience.MEMBERS,
        hue="",
        shape="",
        role_address="",
        detail=detail,
    )
    facts = CallFacts(
        key="",
        uid="",
        series=series,
        starts_at=starts_at,
        minutes=60,
        time_zone="UTC",
        skipped=False,
        reason="",
        segments=STANDARD_AGENDA,
        talks=(_EXAMPLE,),
    )
    line: PublicText = summary(public_touchpoint(facts, before=None))
    return f"{line}, {when_in_words(starts_at, 60, 'UTC')}"
