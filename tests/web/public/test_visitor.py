"""A visitor's zone and colours: cookies that the page's own script may read, set by plain forms."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.fixture
def send(client):
    """Send one of the forms of the schedule page, with its token."""

    def send(path, **fields):
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/schedule").text)[1]
        return client.post(path, data={"csrf_token": token, **fields})

    return send


def cookies(answer) -> list[str]:
    return [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(("tz=", "theme="))]


def test_a_zone_is_kept_for_a_year_and_the_visitor_comes_back(send, client):
    answer = send("/time-zone", zone="Asia/Tokyo", next="/past?page=2")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/past?page=2")
    (cookie,) = cookies(answer)
    assert re.match(r"tz=Asia/Tokyo; .*Max-Age=31536000; Path=/; SameSite=Lax$", cookie)
    assert 'data-zone="Asia/Tokyo"' in client.get("/schedule").text


def test_a_zone_in_the_address_does_not_outlive_the_choice(send):
    assert send("/time-zone", zone="Asia/Tokyo", next="/schedule?tz=UTC").headers["Location"] == "/schedule"


def test_choosing_no_zone_forgets_it(send):
    (cookie,) = cookies(send("/time-zone", zone=""))
    assert "Max-Age=0" in cookie


@pytest.mark.parametrize("zone", ["Nowhere/Land", "../../etc/passwd", "a" * 65, "EST5EDT\r\nX: y"])
def test_what_is_no_zone_is_refused(send, zone):
    answer = send("/time-zone", zone=zone)
    assert (answer.status_code, cookies(answer)) == (422, [])


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_colours_are_kept(send, client, theme):
    answer = send("/theme", theme=theme, next="/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert f'data-theme="{theme}"' in client.get("/").text


def test_what_is_no_theme_is_refused(send):
    answer = send("/theme", theme='"><script>')
    assert (answer.status_code, cookies(answer)) == (422, [])


@pytest.mark.parametrize("path", ["/time-zone", "/theme"])
def test_nobody_is_sent_elsewhere(send, path):
    answer = send(path, zone="UTC", theme="dark", next="//evil.example/schedule")
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/time-zone", "/theme"])
def test_another_site_cannot_choose(client, path):
    answer = client.post(path, data={"zone": "UTC", "theme": "dark"})
    assert (answer.status_code, cookies(answer)) == (400, [])


def test_over_https_the_cookies_are_secure(database_url, clock, tmp_path):
    from app import create_app
    from tests.fixtures.application import dispose, settings_for

    app = create_app(settings_for(database_url, tmp_path, BASE_URL="https://touchpoints.example"), clock=clock)
    client, base = app.test_client(), "https://touchpoints.example"
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/schedule", base_url=base).text)[1]
    answer = client.post("/theme", data={"csrf_token": token, "theme": "dark"}, base_url=base)
    dispose(app)
    assert "Secure" in cookies(answer)[0]
