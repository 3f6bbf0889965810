"""Mails to people who follow the calls by e-mail: made of publications' values, so of public words alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.attribution import PublicText
from app.domain.publication import PublicTouchpoint
from app.mail.rendering import render
from app.mail.values import House, Mail, Occasion, Reader

_NOTHING = PublicText("")


@dataclass(frozen=True)
class Call:
    """A call in public words. `reason` is why it does not take place, if that was said."""

    title: PublicText
    speakers: tuple[PublicText, ...]
    occasion: Occasion
    notice: str
    page_url: str
    reason: PublicText = _NOTHING

    @classmethod
    def of(cls, value: PublicTouchpoint, *, house: House) -> Call:
        return cls(
            title=value.title,
            speakers=tuple(dict.fromkeys(name for talk in value.talks for name in talk.speakers)),
            occasion=Occasion(value.series.name, value.starts_at, value.minutes, value.time_zone),
            notice=str(value.notice),
            page_url=f"{house.url}/touchpoints/{value.key}",
            reason=value.reason,
        )


@dataclass(frozen=True)
class Ways:
    """A subscriber's own addresses: the page with their choices, and the one that ends the subscription."""

    manage: str
    leave: str


@dataclass(frozen=True)
class Change:
    """One line of a digest. `word` says what became of `call`; `was` is its date before a move."""

    word: str
    call: Call
    was: Occasion | None = None


def subscribe(house: House, reader: Reader, *, link: str, days: int) -> Mail:
    """Asks whoever reads the address whether they want the mails. The link is good for `days`."""
    return render("subscribe", house=house, reader=reader, link=link, days=days)


def subscribed(house: House, reader: Reader, *, link: str) -> Mail:
    """Somebody asked for an address that is subscribed: nothing has changed, `link` opens its choices."""
    return render("subscribed", house=house, reader=reader, link=link)


def call_published(house: House, reader: Reader, *, call: Call, ways: Ways, again: bool) -> Mail:
    """A call is confirmed; `again`: it had been cancelled."""
    return render(
        "call_published", house=house, reader=reader, unsubscribe=ways.leave, call=call, ways=ways, again=again
    )


def call_moved(house: House, reader: Reader, *, call: Call, was: Occasion, ways: Ways) -> Mail:
    """A call has another date or length, and is confirmed for it."""
    return render("call_moved", house=house, reader=reader, unsubscribe=ways.leave, call=call, was=was, ways=ways)


def call_cancelled(house: House, reader: Reader, *, call: Call, instead: Occasion | None, ways: Ways) -> Mail:
    """A call does not take place on its date; `instead` is one for which its speakers are asked."""
    return render(
        "call_cancelled", house=house, reader=reader, unsubscribe=ways.leave, call=call, instead=instead, ways=ways
    )


def call_tomorrow(house: House, reader: Reader, *, call: Call, ways: Ways) -> Mail:
    """The day before a call."""
    return render("call_tomorrow", house=house, reader=reader, unsubscribe=ways.leave, call=call, ways=ways)


def digest(
    house: House, reader: Reader, *, changes: Sequence[Change], coming: Sequence[Call], ways: Ways, days: int
) -> Mail:
    """Once a week: what changed, and the calls of the next `days`."""
    return render(
        "digest",
        house=house,
        reader=reader,
        unsubscribe=ways.leave,
        changes_made=tuple(changes),
        coming=tuple(coming),
        ways=ways,
        days=days,
    )
