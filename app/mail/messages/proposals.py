"""Mails to a volunteer about their proposal."""

from __future__ import annotations

from app.domain.proposals import DECIDED_WITHIN
from app.mail.rendering import render
from app.mail.values import House, Mail, Reader


def verify(house: House, reader: Reader, *, link: str) -> Mail:
    """Asks whoever reads this address to confirm it.

    Nobody knows yet who filled the form, so the mail holds not a word of what was typed into it.
    """
    return render("verify", house=house, reader=reader, link=link)


def draft_saved(house: House, reader: Reader, *, link: str) -> Mail:
    """The link with which a draft is continued. It holds no typed words either, for the same reason."""
    return render("draft_saved", house=house, reader=reader, link=link)


def received(house: House, reader: Reader, *, title: str, link: str) -> Mail:
    """The proposal is in the pool; `link` opens its page with the timeline."""
    days = DECIDED_WITHIN.days
    return render("received", house=house, reader=reader, title=title, link=link, decided_within=days)


def accepted(house: House, reader: Reader, *, title: str, message: str, link: str) -> Mail:
    """Accepted; `message` is the organizer's, or empty."""
    return render("accepted", house=house, reader=reader, title=title, message=message, link=link)


def declined(house: House, reader: Reader, *, title: str, reason: str, link: str) -> Mail:
    """Declined, with the reason in the organizer's words."""
    return render("declined", house=house, reader=reader, title=title, reason=reason, link=link)
