"""Mails about signing in and about an account's address."""

from __future__ import annotations

from app.mail.rendering import render
from app.mail.values import House, Mail, Reader


def sign_in(house: House, reader: Reader, *, link: str, code: str, minutes: int) -> Mail:
    """A link and a code of six digits, for the browser that asked, good for `minutes`."""
    return render("sign_in", house=house, reader=reader, link=link, code=code, minutes=minutes)


def new_address(house: House, reader: Reader, *, link: str, code: str, minutes: int) -> Mail:
    """To the address that shall become an account's: a link and a code that prove it."""
    return render("new_address", house=house, reader=reader, link=link, code=code, minutes=minutes)


def address_changed(house: House, reader: Reader, *, new: str) -> Mail:
    """To the address that an account had until now. `new` is shown in part: enough for its owner to know it."""
    return render("address_changed", house=house, reader=reader, new=new)


def trial(house: House, reader: Reader, *, sender: str) -> Mail:
    """To whoever sets the installation up: mail works."""
    return render("trial", house=house, reader=reader, sender=sender)
