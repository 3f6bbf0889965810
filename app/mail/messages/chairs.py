"""Mails to whoever chairs a working group: how they may be named there is theirs to say."""

from __future__ import annotations

from app.mail.rendering import render
from app.mail.values import House, Mail, Reader


def chair_asked(house: House, reader: Reader, *, group: str, affiliation: str, link: str) -> Mail:
    """Organizers put the reader down as a chair of `group`; `link` is where they say how they are named."""
    return render("chair_asked", house=house, reader=reader, group=group, affiliation=affiliation, link=link)
