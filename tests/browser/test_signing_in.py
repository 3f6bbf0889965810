"""Signing in and managing people in real Chromium: by keyboard, on a phone, without scripts, in two browsers."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.models import OutboxMessage, Person
from tests.cast import make_person

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.fixture
def last_mail(session):
    """The link and the code of the newest mail."""

    def read():
        newest = select(OutboxMessage.message).order_by(OutboxMessage.id.desc()).limit(1)
        message = message_from_bytes(session.scalar(newest), policy=policy.default)
        session.rollback()  # a row that the test still reads would hold SQLite's lock against the server
        text = message.get_body(("plain",)).get_content()
        code = re.search(r"\b(\d{3})[ \u00a0]?(\d{3})\b", text)
        return re.search(r"http://\S+/sign-in/link/\S+", text)[0], f"{code[1]} {code[2]}"

    return read


def ask(page, email):
    page.goto("/sign-in?next=/profile")
    page.get_by_label("E-mail address").fill(email)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code")


@pytest.mark.parametrize(
    "options", [{}, PHONE, {"java_script_enabled": False}], ids=["desk", "phone", "without scripts"]
)
def test_the_code_signs_in_by_keyboard_alone(session, new_page, last_mail, options):
    make_person(session, "Vera")
    session.commit()
    page = new_page(**options)
    ask(page, "vera@example.org")
    page.get_by_label("Six-digit code").fill(last_mail()[1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/profile")
    assert page.get_by_label("Name", exact=True).input_value() == "Vera"


@pytest.mark.allows_console_errors(r"status of 410")
def test_the_link_signs_in_where_it_was_asked_for_and_nowhere_else(new_page, last_mail):
    desk, phone = new_page(), new_page(**PHONE)
    ask(desk, "nora@example.org")
    link, _ = last_mail()
    phone.goto(link)
    assert phone.get_by_role("heading", level=1).inner_text() == "Another browser asked for this"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    desk.goto(link)
    desk.get_by_role("main").get_by_role("button", name="Sign in").press("Enter")
    desk.wait_for_url("**/profile")
    desk.goto(link)
    assert "This link has been used" in desk.get_by_role("main").inner_text()


def test_a_wrong_code_moves_the_focus_to_what_must_be_corrected(page):
    ask(page, "vera@example.org")
    page.get_by_label("Six-digit code").fill("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#summary:focus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "code"


def test_after_signing_out_the_way_back_shows_nothing(session, page, last_mail):
    ask(page, "vera@example.org")
    page.get_by_label("Six-digit code").fill(last_mail()[1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/profile")
    page.locator("#account-menu summary").click()
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_text("You are signed out.").wait_for()
    page.go_back()
    page.wait_for_url("**/sign-in?next=/profile")
    assert "vera@example.org" not in page.content()


@pytest.fixture
def desk(session, new_page, live_server, sign_in):
    """Olu's browser."""
    cookie = sign_in(make_person(session, "Olu", role=Role.ORGANIZER)).client.get_cookie("touchpoints")
    page = new_page()
    page.context.add_cookies([{"name": "touchpoints", "value": cookie.value, "url": live_server}])
    return page


def test_a_role_is_changed_in_place_and_the_focus_stays(session, desk):
    vera = make_person(session, "Vera")
    session.commit()
    vera_id = vera.id
    session.rollback()
    desk.goto("/people")
    desk.get_by_label("Role of Vera").select_option("member")
    desk.locator(f"#role-{vera_id}-change").press("Enter")
    desk.locator("#toasts", has_text="Vera is member now.").wait_for()
    assert desk.evaluate("document.activeElement.id") == f"role-{vera_id}-change"
    assert session.scalar(select(Person.role).where(Person.id == vera_id)) is Role.MEMBER


def test_a_refused_change_puts_the_choice_back(desk):
    desk.goto("/people")
    desk.get_by_label("Role of Olu").select_option("volunteer")
    desk.get_by_role("button", name="Change the role of Olu").click()
    desk.locator("#toasts", has_text="There must be an organizer.").wait_for()
    assert desk.get_by_label("Role of Olu").input_value() == "organizer"


def test_people_are_found_while_the_address_says_how(session, desk):
    make_person(session, "Vera")
    session.commit()
    desk.goto("/people")
    desk.get_by_label("Search people").fill("vera")
    desk.keyboard.press("Enter")
    desk.get_by_role("heading", name="1 person").wait_for()
    assert "q=vera" in desk.url


@pytest.mark.allows_console_errors(r"status of 410")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_account_hinders_anybody(desk, page, violations, scheme):
    found = {}
    for path in ("/people", "/profile"):
        desk.emulate_media(color_scheme=scheme)
        desk.goto(path)
        found[path] = violations(desk)
    page.emulate_media(color_scheme=scheme)
    page.goto("/sign-in/link/forged")
    found["/sign-in"] = violations(page)
    ask(page, "vera@example.org")
    found["/sign-in/code"] = violations(page)
    assert found == {"/people": [], "/profile": [], "/sign-in": [], "/sign-in/code": []}
