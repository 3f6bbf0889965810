"""Mails about people's own data: what was erased, who is told of it, and an account that nobody uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.mail.erasure import Ended, Erased, done_lines
from app.mail.rendering import render
from app.mail.values import House, Mail, Reader


def erased(house: House, reader: Reader, *, done: Erased) -> Mail:
    """The last mail to an address: what was done. Its row is deleted when it has left."""
    return render("erased", house=house, reader=reader, lines=done_lines(done))


def left_organizers(
    house: House, reader: Reader, *, ended: Sequence[Ended], going_on: Sequence[str], unnamed: int, link: str
) -> Mail:
    """To an organizer: somebody has erased their data. Says nothing of who."""
    return render(
        "left_organizers", house=house, reader=reader, ended=ended, going_on=going_on, unnamed=unnamed, link=link
    )


def left(house: House, reader: Reader, *, title: str, is_over: bool) -> Mail:
    """To whoever speaks in the same proposal, or sent it: a speaker is gone. `is_over`: and with them the talk."""
    return render("left", house=house, reader=reader, title=title, is_over=is_over)


def unused(house: House, reader: Reader, *, months: int, goes_at: datetime, link: str) -> Mail:
    """An account has not been used for so long that it will be deleted at `goes_at`; signing in keeps it."""
    return render("unused", house=house, reader=reader, months=months, goes_at=goes_at, link=link)
