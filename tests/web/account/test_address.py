"""Another address: proven by its holder, told to the old one, and every browser signed out."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from app.models import OutboxMessage
from tests.cast import make_person

NEW = "vera.santos@example.net"


@pytest.fixture
def vera(session):
    return make_person(session, "Vera")


@pytest.fixture
def here(sign_in, vera):
    return sign_in(vera)


@pytest.fixture
def last_mail(session):
    """The newest mail's path of the link, and its code."""

    def read():
        session.expire_all()
        message = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
        text = message_from_bytes(message.message, policy=policy.default).get_body(("plain",)).get_content()
        session.commit()
        code = re.search(r"\b(\d{3})[ \u00a0]?(\d{3})\b", text)
        return re.search(r"http://localhost(/\S+)", text)[1], code[1] + code[2]

    return read


def address_of(session, person):
    session.expire_all()
    return person.email


def mails(session):
    session.expire_all()
    return session.execute(select(OutboxMessage.kind, OutboxMessage.recipient).order_by(OutboxMessage.id)).all()


def test_the_code_changes_the_address(session, vera, here, last_mail):
    assert here.post("/profile/address", {"email": NEW}).headers["Location"] == "/profile/address/code"
    assert NEW in here.get("/profile/address/code").text
    assert address_of(session, vera) == "vera@example.org"
    answer = here.post("/profile/address/code", {"code": last_mail()[1]})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert address_of(session, vera) == NEW
    assert mails(session) == [("new_address", NEW), ("address_changed", "vera@example.org")]


def test_every_browser_is_signed_out(vera, here, sign_in, last_mail):
    elsewhere = sign_in(vera)
    here.post("/profile/address", {"email": NEW})
    answer = here.post("/profile/address/code", {"code": last_mail()[1]})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert [browser.get("/profile").status_code for browser in (here, elsewhere)] == [303, 303]
    assert "Sign in with the new address." in here.get("/sign-in").text


def test_the_link_opens_a_button_that_changes_the_address(session, vera, here, last_mail):
    here.post("/profile/address", {"email": NEW})
    link, _ = last_mail()
    page = here.get(link)
    assert (page.status_code, NEW in page.text, "vera@example.org" in page.text) == (200, True, True)
    assert address_of(session, vera) == "vera@example.org"
    assert here.post(link).headers["Location"] == "/sign-in"
    assert address_of(session, vera) == NEW
    assert here.get(link).status_code == 410


def test_the_link_elsewhere_says_how_to_go_on(session, vera, here, sign_in, visitor, last_mail):
    here.post("/profile/address", {"email": NEW})
    link, _ = last_mail()
    elsewhere, olu = sign_in(vera), sign_in(make_person(session, "Olu"))
    for browser in (visitor, elsewhere, olu):
        assert "Another browser asked for this" in browser.get(link).text
    assert [browser.post(link).status_code for browser in (visitor, elsewhere, olu)] == [303, 422, 422]
    assert address_of(session, vera) == "vera@example.org"


def test_a_wrong_code_changes_nothing(session, vera, here, last_mail):
    here.post("/profile/address", {"email": NEW})
    page = here.post("/profile/address/code", {"code": "x"})
    assert (page.status_code, page.text.count("You have 4 more tries.")) == (422, 2)
    assert address_of(session, vera) == "vera@example.org"


def test_a_late_code_is_over(here, clock, last_mail):
    here.post("/profile/address", {"email": NEW})
    _, code = last_mail()
    clock.advance(timedelta(minutes=10))
    assert here.post("/profile/address/code", {"code": code}).status_code == 410
    assert here.get("/profile/address/code").headers["Location"] == "/profile"


@pytest.mark.parametrize("email", ["nonsense", "vera@example.org", ""])
def test_what_cannot_be_the_new_address_comes_back(here, session, email):
    page = here.post("/profile/address", {"email": email})
    assert page.status_code == 422
    assert "<title>Error: Profile" in page.text
    assert mails(session) == []


def test_an_address_that_somebody_has_is_found_out_by_its_holder_alone(session, vera, here, last_mail):
    make_person(session, "Olu")
    answer = here.post("/profile/address", {"email": "olu@example.org"})
    assert answer.headers["Location"] == "/profile/address/code"
    refused = here.post("/profile/address/code", {"code": last_mail()[1]})
    assert (refused.status_code, "Somebody is here with this address already" in refused.text) == (422, True)
    assert address_of(session, vera) == "vera@example.org"


def test_an_old_sign_in_may_not_change_the_address(session, here, clock):
    clock.advance(timedelta(hours=1))
    answer = here.post("/profile/address", {"email": NEW})
    assert (answer.status_code, "Sign in again first" in answer.text) == (422, True)
    assert mails(session) == []


def test_a_code_for_signing_in_changes_no_address(session, vera, here, last_mail):
    here.post("/profile/address", {"email": NEW})
    here.post("/sign-in", {"email": NEW})
    assert here.post("/profile/address/code", {"code": last_mail()[1]}).status_code == 422
    assert address_of(session, vera) == "vera@example.org"
