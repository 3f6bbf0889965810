"""Mails to whoever moderates a call: where its run sheet is. How to join stands there, for them alone."""

from __future__ import annotations

from dataclasses import dataclass

from app.mail.rendering import render
from app.mail.values import House, Mail, Occasion, Reader


@dataclass(frozen=True)
class Moderated:
    """A call as its moderator is told of it; `link` is its run sheet."""

    occasion: Occasion
    notice: str
    link: str


def moderating(house: House, reader: Reader, *, call: Moderated) -> Mail:
    """Somebody moderates a call from now on."""
    return render("moderating", house=house, reader=reader, call=call)


def moderating_soon(house: House, reader: Reader, *, call: Moderated) -> Mail:
    """The call that they moderate is within a day."""
    return render("moderating_soon", house=house, reader=reader, call=call)
