"""Signing in by mail: one answer for everybody, one use, one browser, and an end that nothing outlives."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import func, select

from app.domain.people import Role
from app.models import OutboxMessage, Person, SignIn, SignInRequest
from app.services.auditing import COMMAND
from app.services.signing_in import make_sign_in_link
from tests.cast import make_person

DAY = timedelta(days=1)
PLACES = re.compile(r'csrf_token" value="[^"]+"|X-CSRFToken": "[^"]+"|vera@example.org|nora@example.org')


@pytest.fixture
def vera(session):
    return make_person(session, "Vera")


@pytest.fixture
def olu(session):
    return make_person(session, "Olu", role=Role.ORGANIZER)


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


def ask(visitor, email="vera@example.org", **data):
    return visitor.post("/sign-in", {"email": email, **data})


def is_signed_in(visitor):
    return visitor.get("/profile").status_code == 200


def rows(session, model):
    session.expire_all()
    return session.scalar(select(func.count(model.id)))


def test_the_code_signs_in(visitor, vera, last_mail):
    assert ask(visitor).headers["Location"] == "/sign-in/code"
    _, code = last_mail()
    answer = visitor.post("/sign-in/code", {"code": code})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/my/proposals")
    assert is_signed_in(visitor)


def test_the_link_opens_a_button_and_the_button_signs_in(visitor, vera, session, last_mail):
    ask(visitor)
    link, _ = last_mail()
    for _ in range(3):  # a mail scanner, a preview, and Vera
        page = visitor.get(link)
        assert (page.status_code, "You will be signed in as" in page.text) == (200, True)
    assert not is_signed_in(visitor)
    assert visitor.post(link).headers["Location"] == "/my/proposals"
    assert is_signed_in(visitor)


def test_an_organizer_lands_on_the_board(visitor, olu, last_mail):
    ask(visitor, "olu@example.org")
    assert visitor.post("/sign-in/code", {"code": last_mail()[1]}).headers["Location"] == "/board"


def test_signing_in_leads_back_to_where_one_was(visitor, vera, last_mail):
    asked = visitor.get("/profile")
    assert asked.headers["Location"] == "/sign-in?next=/profile"
    assert 'name="next" value="/profile"' in visitor.get(asked.headers["Location"]).text
    ask(visitor, next="/profile")
    assert visitor.post(last_mail()[0]).headers["Location"] == "/profile"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/no-such-page"])
def test_signing_in_leads_nowhere_else(visitor, vera, last_mail, target):
    assert "evil" not in visitor.get("/sign-in", query_string={"next": target}).text.partition("<main")[2]
    ask(visitor, next=target)
    assert visitor.post(last_mail()[0]).headers["Location"] == "/my/proposals"


def test_known_and_unknown_addresses_get_the_same_answers(new_visitor, vera):
    pages = []
    for email in ("vera@example.org", "nora@example.org"):
        visitor = new_visitor()
        answer = ask(visitor, email)
        wrong = visitor.post("/sign-in/code", {"code": "000000"})
        waiting = visitor.get("/sign-in/code")
        pages.append(
            [
                (page.status_code, page.headers.get("Location"), PLACES.sub("", page.text))
                for page in (answer, wrong, waiting)
            ]
        )
    assert pages[0] == pages[1]
    assert [page[0] for page in pages[0]] == [303, 422, 200]


def test_whoever_proves_a_new_address_is_a_volunteer(visitor, session, last_mail):
    ask(visitor, "Nora@Example.org")
    assert rows(session, Person) == 0
    visitor.post("/sign-in/code", {"code": last_mail()[1]})
    person = session.scalars(select(Person)).one()
    assert (person.email, person.role) == ("nora@example.org", Role.VOLUNTEER)


def test_what_is_no_address_comes_back_with_a_sentence(visitor, session):
    page = ask(visitor, 'vera"><script>')
    assert page.status_code == 422
    assert "<title>Error: Sign in" in page.text
    assert page.text.count("Give an e-mail address that we can write to") == 2
    assert "vera&#34;&gt;&lt;script&gt;" in page.text
    assert rows(session, OutboxMessage) == 0


def test_a_wrong_code_comes_back_and_the_right_one_still_signs_in(visitor, vera, last_mail):
    ask(visitor)
    _, code = last_mail()
    wrong = visitor.post("/sign-in/code", {"code": f"{(int(code) + 1) % 10**6:06}"})
    assert (wrong.status_code, wrong.text.count("This code is wrong. You have 4 more tries.")) == (422, 2)
    visitor.post("/sign-in/code", {"code": code})
    assert is_signed_in(visitor)


def test_after_five_wrong_codes_the_right_one_is_refused(visitor, vera, last_mail):
    ask(visitor)
    _, code = last_mail()
    for _ in range(5):
        visitor.post("/sign-in/code", {"code": "x"})
    answer = visitor.post("/sign-in/code", {"code": code})
    assert (answer.status_code, "too many wrong codes" in answer.text) == (410, True)
    assert not is_signed_in(visitor)


def test_the_code_is_worth_nothing_in_another_browser(visitor, new_visitor, vera, last_mail):
    ask(visitor)
    answer = new_visitor().post("/sign-in/code", {"code": last_mail()[1]})
    assert answer.status_code == 410


def test_the_link_in_another_browser_says_how_to_go_on(visitor, new_visitor, vera, session, last_mail):
    ask(visitor)
    link, code = last_mail()
    phone = new_visitor()
    assert "Another browser asked for this" in phone.get(link).text
    answer = phone.post(link)
    assert (answer.status_code, "six-digit code" in answer.text) == (422, True)
    assert code not in answer.text
    assert (is_signed_in(phone), rows(session, SignIn)) == (False, 0)
    assert "wait" not in visitor.post("/sign-in/code", {"code": code}).text
    assert is_signed_in(visitor)


@pytest.mark.parametrize("again", ["get", "post"])
def test_a_used_link_is_over(visitor, vera, last_mail, again):
    ask(visitor)
    link, _ = last_mail()
    visitor.post(link)
    answer = getattr(visitor, again)(link)
    assert (answer.status_code, "This link has been used, or its time is over." in answer.text) == (410, True)


def test_a_link_is_over_after_ten_minutes(visitor, vera, clock, last_mail):
    ask(visitor)
    link, code = last_mail()
    clock.advance(timedelta(minutes=10))
    assert visitor.get(link).status_code == 410
    assert visitor.post(link).status_code == 410
    assert visitor.post("/sign-in/code", {"code": code}).status_code == 410
    assert visitor.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_a_forged_link_looks_like_an_old_one(visitor):
    assert visitor.get("/sign-in/link/forged").status_code == 410


def test_without_having_asked_there_is_no_page_for_the_code(visitor):
    assert visitor.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_the_sixth_mail_to_an_address_says_when_to_try_again(visitor, new_visitor, session):
    for _ in range(5):
        ask(new_visitor())
    visitor.client.set_cookie("tz", "Europe/Madrid")
    answer = ask(visitor)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "Mon, 23 Nov 2026 10:00:00 GMT"
    assert "Try again after 11:00 CET." in answer.text
    assert rows(session, OutboxMessage) == 5


def test_a_new_sign_in_has_a_new_cookie_whatever_the_browser_held(visitor, vera, session, last_mail):
    with visitor.client.session_transaction() as cookie:
        cookie["_user_id"] = "planted"
        cookie["planted"] = "by an attacker"
    ask(visitor)
    visitor.post("/sign-in/code", {"code": last_mail()[1]})
    with visitor.client.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted"
        assert "planted" not in cookie
        assert cookie["_user_id"] not in {row.token_hash for row in session.scalars(select(SignIn))}


def test_the_cookies_are_out_of_reach_of_scripts_and_of_other_sites(visitor, vera, last_mail):
    asked = ask(visitor)
    signed_in = visitor.post("/sign-in/code", {"code": last_mail()[1]})
    for answer, name in ((asked, "asked-sign-in="), (signed_in, "touchpoints=")):
        cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith(name))
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert any(value.startswith("asked-sign-in=;") for value in signed_in.headers.getlist("Set-Cookie"))


def test_signing_in_again_replaces_the_sign_in_of_this_browser(visitor, vera, olu, session, last_mail):
    ask(visitor)
    visitor.post("/sign-in/code", {"code": last_mail()[1]})
    ask(visitor, "olu@example.org")
    assert "You are signed in as vera@example.org. That ends." in visitor.get(last_mail()[0]).text
    visitor.post(last_mail()[0])
    live = session.scalars(select(Person.email).join(SignIn).where(SignIn.ended_at.is_(None))).all()
    assert live == ["olu@example.org"]


def test_a_cookie_copied_before_signing_out_opens_nothing_afterwards(sign_in, new_visitor, vera):
    vera_at_work, thief = sign_in(vera), new_visitor()
    copied = vera_at_work.client.get_cookie("touchpoints").value
    thief.client.set_cookie("touchpoints", copied)
    assert is_signed_in(thief)
    answer = vera_at_work.post("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    for visitor in (thief, vera_at_work):
        visitor.client.set_cookie("touchpoints", copied)
        assert not is_signed_in(visitor)


def test_signing_out_ends_this_browser_alone(sign_in, vera):
    here, elsewhere = sign_in(vera), sign_in(vera)
    here.post("/sign-out")
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (False, True)


def test_signing_out_without_being_signed_in_is_harmless(visitor):
    assert visitor.post("/sign-out").status_code == 303


def test_opening_the_address_of_signing_out_changes_nothing(sign_in, vera):
    here = sign_in(vera)
    assert here.get("/sign-out").status_code == 405
    assert is_signed_in(here)


def test_an_organizer_who_only_reads_stays_signed_in_for_thirty_days(sign_in, olu, clock):
    reader = sign_in(olu)
    for _ in range(5):
        clock.advance(6 * DAY - timedelta(minutes=1))
        assert reader.get("/people").status_code == 200
    clock.advance(timedelta(minutes=5))
    assert not is_signed_in(reader)


def test_a_week_without_use_signs_out(sign_in, vera, clock):
    reader = sign_in(vera)
    clock.advance(7 * DAY - timedelta(seconds=1))
    assert is_signed_in(reader)
    clock.advance(7 * DAY)
    assert not is_signed_in(reader)


def test_an_operators_link_needs_no_browser_that_asked(visitor, olu, session, site, now):
    link = make_sign_in_link(session, olu.email, lasts=timedelta(minutes=10), by=COMMAND, site=site, now=now)
    path = link.removeprefix("http://localhost")
    assert "olu@example.org" in visitor.get(path).text
    assert visitor.post(path).headers["Location"] == "/board"
    assert visitor.get("/people").status_code == 200


def test_no_address_stays_in_the_questions_longer_than_needed(visitor, session, clock, vera):
    ask(visitor)
    clock.advance(31 * DAY)
    ask(visitor, "sam@example.org")
    assert session.scalars(select(SignInRequest.email)).all() == ["sam@example.org"]
