"""What every answer carries, and what no cache may keep."""

from __future__ import annotations

import pytest
from flask import Flask

from app import create_app
from app.domain.permissions import Permission
from app.web.guards import allow
from tests.cast import make_person
from tests.fixtures.application import dispose, settings_for

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/schedule", 200),
        ("/sign-in", 200),
        ("/calendar/all.ics", 200),
        ("/healthz", 200),
        ("/profile", 303),
        ("/people", 303),
        ("/no-such-page", 404),
        ("/sign-out", 405),
        ("/sign-in/link/forged", 410),
    ],
)
def test_every_answer_has_the_headers(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "Server" not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers


def test_a_static_file_is_what_its_type_says_and_runs_nothing(client):
    answer = client.head("/static/favicon.svg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["/profile", "/my/proposals", "/sign-in"])
def test_no_cache_keeps_a_private_page(session, sign_in, path):
    answer = sign_in(make_person(session, "Vera")).get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["/", "/schedule", "/learning"])
def test_no_cache_keeps_a_public_page_that_names_its_visitor(session, sign_in, path):
    answer = sign_in(make_person(session, "Vera")).get(path)
    assert "Vera" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_guarded_view_cannot_make_itself_cacheable(app, session, sign_in):
    def view():
        return "secret", 200, {"Cache-Control": "public, max-age=600"}

    app.add_url_rule("/secret", "secret", allow(Permission.OWN_ACCOUNT)(view))
    answer = sign_in(make_person(session, "Vera")).get("/secret")
    assert (answer.text, answer.headers["Cache-Control"]) == ("secret", "no-store")


@pytest.mark.parametrize("path", ["/calendar/all.ics", "/healthz", "/robots.txt"])
@pytest.mark.parametrize("who", ["visitor", "vera"])
def test_what_is_the_same_for_everybody_sets_no_cookie_and_reads_none(session, sign_in, visitor, path, who):
    browser = visitor if who == "visitor" else sign_in(make_person(session, "Vera"))
    answer = browser.client.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.fixture
def in_production(database_url, tmp_path, clock):
    """The application as it stands on the web."""
    application = create_app(
        settings_for(
            database_url,
            tmp_path / "instance",
            TOUCHPOINTS_ENV="production",
            BASE_URL="https://touchpoints.example.org",
            MAIL_URL="smtp://user:password@mail.example.org",
        ),
        clock=clock,
    )
    yield application
    dispose(application)


def test_on_the_web_cookies_are_bound_to_the_host_and_to_https(in_production: Flask):
    client = in_production.test_client()
    page = client.get("/sign-in", base_url="https://touchpoints.example.org")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    asked = client.post(
        "/sign-in",
        data={"csrf_token": token, "email": "vera@example.org"},
        base_url="https://touchpoints.example.org",
    )
    for answer, name in ((page, "__Host-touchpoints="), (asked, "__Host-asked-sign-in=")):
        (cookie,) = [value for value in answer.headers.getlist("Set-Cookie") if value.startswith(name)]
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_on_the_web_only_its_own_name_is_answered(in_production: Flask):
    client = in_production.test_client()
    assert client.get("/healthz", base_url="https://touchpoints.example.org").status_code == 200
    assert client.get("/healthz", base_url="https://evil.example").status_code == 400
