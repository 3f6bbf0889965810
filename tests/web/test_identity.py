"""Who is asking is what the row says, at this moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.domain.people import Role
from app.models import SignIn
from tests.cast import make_person


@pytest.fixture
def vera(session):
    return make_person(session, "Vera")


@pytest.mark.parametrize("token", ["", "forged", "\x00", "é" * 2000, None])
def test_a_cookie_without_a_row_is_nobody(visitor, token):
    with visitor.client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert visitor.get("/profile").status_code == 303


def test_a_forged_cookie_is_nobody(visitor):
    visitor.client.set_cookie("touchpoints", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.forged")
    assert visitor.get("/profile").status_code == 303


def test_a_remember_cookie_is_nothing(visitor):
    visitor.client.set_cookie("remember_token", "1|forged")
    assert visitor.get("/profile").status_code == 303


def test_the_first_use_of_a_day_is_noted_by_reading_and_by_writing(session, sign_in, vera, clock):
    browser = sign_in(vera)
    for act in (lambda: browser.get("/profile"), lambda: browser.client.post("/profile")):
        clock.advance(timedelta(days=1))
        act()
        session.expire_all()
        assert session.scalar(select(SignIn.seen_at)) == clock.now


def test_use_within_a_day_writes_nothing(session, sign_in, vera, clock, now):
    browser = sign_in(vera)
    clock.advance(timedelta(hours=23))
    assert browser.get("/profile").status_code == 200
    session.expire_all()
    assert session.scalar(select(SignIn.seen_at)) == now


def test_a_page_is_shown_even_if_its_use_cannot_be_noted(session, sign_in, vera, clock, engine_name, caplog):
    browser = sign_in(vera)
    clock.advance(timedelta(days=1))
    if engine_name == "sqlite":
        session.execute(text("CREATE TRIGGER no_use BEFORE UPDATE ON sign_in BEGIN SELECT RAISE(ABORT, 'no'); END"))
    else:
        session.execute(text("CREATE RULE no_use AS ON UPDATE TO sign_in DO INSTEAD SELECT 1/0"))
    assert browser.get("/profile").status_code == 200
    assert "the use of a sign-in could not be noted" in caplog.text


def test_a_person_who_is_removed_is_nobody_at_once(session, sign_in, vera):
    browser = sign_in(vera)
    session.delete(vera)
    assert browser.get("/profile").status_code == 303


def test_a_role_that_is_taken_away_is_gone_at_once(session, sign_in):
    olu = make_person(session, "Olu", role=Role.ORGANIZER)
    browser = sign_in(olu)
    assert browser.get("/people").status_code == 200
    olu.role = Role.VOLUNTEER
    assert browser.get("/people").status_code == 404
