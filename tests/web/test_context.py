"""What every page knows of its visitor."""

from __future__ import annotations

import pytest

from app.domain.people import Role
from tests.cast import make_person


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.mark.parametrize(
    ("query", "cookie", "shown"),
    [
        ("", "", ""),
        ("", "Asia/Tokyo", "Asia/Tokyo"),
        ("?tz=Europe/Madrid", "Asia/Tokyo", "Europe/Madrid"),
        ("?tz=nonsense", "Asia/Tokyo", "Asia/Tokyo"),
        ("?tz=../../etc/passwd", "<script>", ""),
        ("?tz=Europe/" + "x" * 99, "", ""),
        ("?tz=%00", "", ""),
    ],
)
def test_a_page_is_in_the_zone_that_was_asked_for(client, query, cookie, shown):
    client.set_cookie("tz", cookie)
    assert f'data-zone="{shown}"' in client.get(f"/sign-in{query}").text


@pytest.mark.parametrize(
    ("cookie", "shown"), [("", "auto"), ("dark", "dark"), ("light", "light"), ('"><script>', "auto")]
)
def test_a_page_has_the_colours_that_were_chosen(client, cookie, shown):
    client.set_cookie("theme", cookie)
    assert f'data-theme="{shown}"' in client.get("/sign-in").text


def test_a_page_says_who_is_signed_in(session, sign_in, visitor):
    assert "Account of" not in visitor.get("/sign-in").text
    olu = sign_in(make_person(session, "Olu Adeyemi", role=Role.ORGANIZER)).get("/sign-in").text
    assert "Account of Olu Adeyemi" in olu
    assert ">OA<" in olu
    assert 'href="/people"' in olu


def test_somebody_without_a_name_is_called_by_the_address(session, sign_in):
    nora = make_person(session, "Nora")
    nora.name = ""
    page = sign_in(nora).get("/sign-in").text
    assert "Account of nora@example.org" in page
    assert 'href="/people"' not in page
