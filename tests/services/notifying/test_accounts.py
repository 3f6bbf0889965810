"""Whoever signs in or changes an address gets the proof, and the old address hears of it."""

from __future__ import annotations

from app.services import notifying
from tests.cast import make_person


def test_the_key_to_sign_in_goes_to_the_address_and_names_nobody(session, site, now, told):
    make_person(session, "Olu Organizer")
    for address, secret in (("olu@example.org", "a"), ("nobody@example.net", "b")):
        link = f"http://localhost/sign-in/link/{secret}"
        notifying.notify_sign_in(session, address, link=link, code="042137", site=site, now=now)
    known, unknown = told()
    assert [(mail.kind, mail.to, mail.due_at) for mail in (known, unknown)] == [
        ("sign_in", "olu@example.org", now),
        ("sign_in", "nobody@example.net", now),
    ]
    assert known.text.replace("olu@example.org", "").replace("link/a", "") == unknown.text.replace(
        "nobody@example.net", ""
    ).replace("link/b", "")
    assert "042137" in known.text
    assert "for 10 minutes" in known.text
    assert "042137" not in known.message.subject


def test_a_new_address_gets_its_proof(session, site, now, told):
    olu = make_person(session, "Olu Organizer")
    link = "http://localhost/profile/address/link/a"
    notifying.notify_new_address(session, olu, "olu@example.net", link=link, code="042137", site=site, now=now)
    (mail,) = told()
    assert (mail.kind, mail.to) == ("new_address", "olu@example.net")
    assert link in mail.text
    assert "042137" in mail.text


def test_the_old_address_hears_of_the_change_but_not_the_whole_new_one(session, site, now, told):
    olu = make_person(session, "Olu Organizer")
    olu.email = "secret-place@example.net"
    for _ in range(2):
        notifying.notify_address_changed(session, olu, was="olu@example.org", site=site, now=now)
    (mail,) = told()
    assert (mail.kind, mail.to) == ("address_changed", "olu@example.org")
    assert "s\N{HORIZONTAL ELLIPSIS}@example.net" in mail.text
    assert "secret-place" not in mail.text + mail.message.html
