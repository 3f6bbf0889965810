"""The receipt of what a speaker took back: what changed, what is served now, and which copies nobody can call back.

It names nobody: it is kept with the talk, and can be shown again at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.attribution import Attribution, is_stricter_or_same
from app.domain.consent import Choices

CLEAN_WITHIN = timedelta(minutes=5)
"""How long anybody may keep a public copy of ours without asking again: the longest `max-age` that we send."""


@dataclass(frozen=True)
class Served:
    """A call on which the talk stands, and the version of it that is public now. Instants are aware UTC.

    `changed` is false where nothing public changed: a members-only series names nobody anyway.
    """

    key: str
    series: str
    starts_at: datetime
    minutes: int
    time_zone: str
    sequence: int
    last_modified: datetime
    changed: bool
    day_known: bool = True


@dataclass(frozen=True)
class MailsOut:
    """Mails that left before: how many, the first and the last."""

    count: int = 0
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True)
class Receipt:
    """`rewritten` are mails that waited and are written anew, `entries` calendars of speakers that follow now."""

    at: datetime
    before: Choices
    now: Choices
    by_organizer: bool
    calls: tuple[Served, ...]
    rewritten: int
    entries: int
    to_speakers: MailsOut
    to_followers: MailsOut

    @property
    def clean_at(self) -> datetime:
        """From when on no public copy of ours says what was taken back."""
        return self.at + CLEAN_WITHIN

    @property
    def changes(self) -> tuple[str, ...]:
        """What changed, in words."""
        was, level = self.before.attribution or Attribution.NONE, self.now.attribution or Attribution.NONE
        words = [f"Named as: was “{was.label}”, is “{level.label}”."] if was is not level else []
        if self.before.recording and not self.now.recording:
            words.append("Recording: was shown if there is one, is not shown.")
        if self.before.slides and not self.now.slides:
            words.append("Slides: were shown if there are any, are not shown.")
        return tuple(words)

    @property
    def done(self) -> tuple[str, ...]:
        """What we did with it, in words; the versions served stand beside it."""
        mails = _counted(self.rewritten, "mail that had not left was", "mails that had not left were")
        entries = _counted(self.entries, "speaker’s calendar entry follows", "speakers’ calendar entries follow")
        return tuple(
            words for words in (mails and f"{mails} written anew.", entries and f"{entries} by mail.") if words
        )

    @property
    def beyond_reach(self) -> tuple[str, ...]:
        """The copies that nobody can call back, in words."""
        if not self.takes_back_naming:
            return (
                "Copies of the recording or the slides that others made.",
                "Where they are kept: we show no address any more, but took nothing down there.",
                "Search engines show what they found until they visit the page again.",
            )
        return (
            "Calendars that have fetched ours: most ask again within a day, some never do.",
            _left(self.to_speakers, "other speakers", "named you as before"),
            _left(self.to_followers, "people who follow the calls", "may have named you as before")
            + " We keep those mails for 30 days: earlier ones cannot be counted.",
            "Search engines and archives of the web: they show the old page until they visit it again.",
            "Copies that readers made, and what people remember.",
        )

    @property
    def takes_back_naming(self) -> bool:
        """Whether the speaker is named less than before."""
        was, level = self.before.attribution or Attribution.NONE, self.now.attribution or Attribution.NONE
        return not is_stricter_or_same(was, than=level)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON; `from_json` is its inverse."""
        stored: dict[str, Any] = _plain(asdict(self))
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Receipt:
        """The receipt that `to_json` wrote."""
        return cls(
            at=datetime.fromisoformat(stored["at"]),
            before=_choices(stored["before"]),
            now=_choices(stored["now"]),
            by_organizer=stored["by_organizer"],
            calls=tuple(_served(call) for call in stored["calls"]),
            rewritten=stored["rewritten"],
            entries=stored["entries"],
            to_speakers=_mails(stored["to_speakers"]),
            to_followers=_mails(stored["to_followers"]),
        )


def together(receipts: Sequence[Receipt]) -> Receipt:
    """Several receipts of one act as one: what was done with it, and what nobody can call back.

    Mails to other speakers are about one talk each; one to a follower may tell of all of them.
    """
    first = next((receipt for receipt in receipts if receipt.takes_back_naming), receipts[0])
    to_speakers = [receipt.to_speakers for receipt in receipts]
    days = [day for mails in to_speakers for day in (mails.first, mails.last) if day is not None]
    return replace(
        first,
        to_speakers=MailsOut(
            sum(mails.count for mails in to_speakers), min(days, default=None), max(days, default=None)
        ),
        to_followers=max((receipt.to_followers for receipt in receipts), key=lambda mails: mails.count),
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def _left(mails: MailsOut, readers: str, what: str) -> str:
    if mails.first is None or mails.last is None:
        return f"Mails to {readers}: we know of none that left and {what}."
    days = [f"{day:%-d %B %Y}" for day in (mails.first, mails.last)]
    when = f"on {days[0]}" if days[0] == days[1] else f"between {days[0]} and {days[1]}"
    return f"Mails to {readers}: {mails.count} that {what} left {when}."


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _choices(stored: Mapping[str, Any]) -> Choices:
    level = stored["attribution"]
    return Choices(Attribution(level) if level else None, stored["recording"], stored["slides"])


def _served(stored: Mapping[str, Any]) -> Served:
    instants = {name: datetime.fromisoformat(stored[name]) for name in ("starts_at", "last_modified")}
    return Served(**{**stored, **instants})


def _mails(stored: Mapping[str, Any]) -> MailsOut:
    first, last = (datetime.fromisoformat(when) if when else None for when in (stored["first"], stored["last"]))
    return MailsOut(stored["count"], first, last)
