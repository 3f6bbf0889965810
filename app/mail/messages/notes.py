"""Mails about the notes of a call: to its scribe, and to the second person who publishes them. Never a word of them."""

from __future__ import annotations

from app.mail.rendering import render
from app.mail.values import House, Mail, Occasion, Reader


def scribe(house: House, reader: Reader, *, occasion: Occasion, link: str) -> Mail:
    """Somebody takes the notes of a call; `link` is where."""
    return render("scribe", house=house, reader=reader, occasion=occasion, link=link)


def notes_ready(house: House, reader: Reader, *, occasion: Occasion, link: str) -> Mail:
    """The notes of a call wait for the reader, who did not write them, to read and publish them."""
    return render("notes_ready", house=house, reader=reader, occasion=occasion, link=link)
