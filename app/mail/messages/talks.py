"""Mails to a speaker about one talk on one call."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.receipts import together
from app.mail.rendering import render
from app.mail.values import Appearance, CalendarObject, House, Mail, Materials, Occasion, Reader, Retracted


def invited(house: House, reader: Reader, *, part: Appearance) -> Mail:
    """Asks the speaker to confirm date, text, naming and recording."""
    return render("invited", house=house, reader=reader, part=part)


def reminded(house: House, reader: Reader, *, part: Appearance) -> Mail:
    """Asks once more, before the time to answer is over."""
    return render("reminded", house=house, reader=reader, part=part)


def confirmed(house: House, reader: Reader, *, part: Appearance, calendar: CalendarObject, role_address: str) -> Mail:
    """Everybody has confirmed: the talk is public. Carries the calendar entry of the whole call."""
    return render("confirmed", house=house, reader=reader, calendar=calendar, also_reply_to=role_address, part=part)


def moved(
    house: House,
    reader: Reader,
    *,
    part: Appearance,
    was: Occasion,
    old_title: str = "",
    calendar: CalendarObject | None = None,
    role_address: str = "",
) -> Mail:
    """The talk has another date, which needs the speaker's yes. `calendar` moves the entry that they have, if any.

    `old_title` is the title that they know, where it has changed too.
    """
    return render(
        "moved",
        house=house,
        reader=reader,
        calendar=calendar,
        also_reply_to=role_address,
        part=part,
        was=was,
        old_title=old_title,
    )


def updated(
    house: House,
    reader: Reader,
    *,
    part: Appearance,
    was: Occasion,
    old_title: str,
    new_link: bool,
    fewer_names: bool = False,
    calendar: CalendarObject,
    role_address: str,
) -> Mail:
    """The date stands; the title, the join link or the name of the series is another one. `old_title` is empty where
    the title stays. `fewer_names`: the entry names somebody no more who took that back.
    """
    return render(
        "updated",
        house=house,
        reader=reader,
        calendar=calendar,
        also_reply_to=role_address,
        part=part,
        was=was,
        old_title=old_title,
        new_link=new_link,
        fewer_names=fewer_names,
    )


def upcoming(house: House, reader: Reader, *, part: Appearance, days: int, materials: Materials) -> Mail:
    """The talk is `days` days ahead on the reader's calendar; asks for what is missing."""
    return render("upcoming", house=house, reader=reader, part=part, days=days, materials=materials)


def thanked(house: House, reader: Reader, *, part: Appearance, materials: Materials, may_be_recorded: bool) -> Mail:
    """After the call: thank you, with the way to give slides and to decide on the recording."""
    return render(
        "thanked", house=house, reader=reader, part=part, materials=materials, may_be_recorded=may_be_recorded
    )


def retracted(house: House, reader: Reader, *, receipts: Sequence[Retracted], link: str) -> Mail:
    """What the speaker, or an organizer, took back: what changed, what is served now, what nobody can call back.

    `link` opens the page that shows it at any time.
    """
    overall = together([each.receipt for each in receipts])
    return render("retracted", house=house, reader=reader, receipts=tuple(receipts), overall=overall, link=link)


def cancelled(
    house: House,
    reader: Reader,
    *,
    title: str,
    was: Occasion,
    reason: str,
    calendar: CalendarObject | None = None,
    role_address: str = "",
) -> Mail:
    """The talk is not on that date any more. `calendar` takes back the entry that the speaker has, if any."""
    return render(
        "cancelled",
        house=house,
        reader=reader,
        calendar=calendar,
        also_reply_to=role_address,
        title=title,
        was=was,
        reason=reason,
    )


def withdrawn(
    house: House,
    reader: Reader,
    *,
    title: str,
    was: Sequence[Occasion],
    calendar: CalendarObject | None = None,
    role_address: str = "",
) -> Mail:
    """The proposal was withdrawn: for its volunteer and every speaker. `was`: the dates that it had, in order."""
    return render(
        "withdrawn",
        house=house,
        reader=reader,
        calendar=calendar,
        also_reply_to=role_address,
        title=title,
        was=tuple(was),
    )
