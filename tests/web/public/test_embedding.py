"""The next calls within pages of others: for the hosts that are listed, without cookies; and what oEmbed says of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from app.domain.publication import Audience, PublicDetail
from app.domain.states import TouchpointState
from tests.cast import make_series
from tests.fixtures.application import settings_for

ORDINARY = "frame-ancestors 'none'"


@pytest.fixture
def hosts():
    return "www.example.org *.example.com"


@pytest.fixture
def settings(database_url, base_url, mail_url, tmp_path, hosts):
    return settings_for(database_url, tmp_path / "instance", BASE_URL=base_url, MAIL_URL=mail_url, EMBED_HOSTS=hosts)


def shown(answer):
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def ask(client, url, **more):
    return client.get("/oembed", query_string={"url": url, **more})


@pytest.mark.parametrize("path", ["/embed/next-calls", "/embed/calls/{key}"])
def test_the_frame_is_for_the_listed_hosts_and_sets_no_cookie(client, publish, path):
    answer = client.get(path.format(key=publish().key))
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors https://www.example.org https://*.example.com;" in policy
    assert ORDINARY not in policy
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    again = client.get(path.format(key="none"), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == (304 if path.endswith("next-calls") else 404)


def test_no_other_page_can_be_framed(client, publish):
    publish()
    for path in ("/", "/schedule", "/embed", "/sign-in", "/oembed"):
        assert ORDINARY in client.get(path).headers["Content-Security-Policy"]


def test_the_frame_has_the_next_calls_in_their_own_time(client, publish, session):
    client.set_cookie("tz", "Asia/Tokyo")
    friday = make_series(session, "friday")
    for week in range(3):
        publish(datetime(2026, 12, 3, 14, 0) + timedelta(weeks=week), f"Talk {week}")
    publish(datetime(2026, 12, 4, 17, 30), "On Friday", of=friday)
    page = shown(client.get("/embed/next-calls?count=2"))
    assert [entry.a.get_text() for entry in page.ul.find_all("li", recursive=False)] == ["Talk 0", "On Friday"]
    assert page.ul.find("time", attrs={"data-local": "full"}).get_text() == "Thu 3 Dec, 14:00"
    page = shown(client.get("/embed/next-calls?series=friday&theme=dark"))
    assert [entry.a.get_text() for entry in page.ul.find_all("li", recursive=False)] == ["On Friday"]
    assert page.html["data-theme"] == "dark"
    assert {link["target"] for link in page.find_all("a")} == {"_blank"}
    assert page.find("form") is None


@pytest.mark.parametrize(("count", "listed"), [("", 5), ("0", 5), ("-3", 1), ("1", 1), ("99", 12), ("many", 5)])
def test_a_frame_has_as_many_calls_as_it_has_room_for(client, publish, count, listed):
    for week in range(13):
        publish(datetime(2026, 12, 3, 14, 0) + timedelta(weeks=week))
    page = shown(client.get(f"/embed/next-calls?count={count}"))
    assert len(page.ul.find_all("li", recursive=False)) == listed


def test_a_frame_says_what_does_not_take_place_and_when_nothing_is_planned(client, publish):
    assert "No calls are planned yet." in client.get("/embed/next-calls").text
    call = publish(title="")
    assert "Open agenda" in client.get(f"/embed/calls/{call.key}").text
    off = publish(datetime(2026, 12, 17, 14, 0), state=TouchpointState.SKIPPED)
    assert shown(client.get(f"/embed/calls/{off.key}")).ul.a.get_text() == "No call"


@pytest.mark.parametrize("path", ["/embed/next-calls?series=none", "/embed/calls/none"])
def test_what_there_is_not_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_the_page_for_copying_has_the_frame_and_its_address(client, publish):
    publish()
    page = shown(client.get("/embed?series=thursday"))
    frame = BeautifulSoup(page.find("textarea").get_text(), "html.parser").iframe
    assert frame["src"] == "http://localhost/embed/next-calls?series=thursday"
    assert "has listed none" not in page.get_text()
    assert shown(client.get("/embed?series=unknown")).find("textarea")


class TestWithoutHosts:
    @pytest.fixture
    def hosts(self):
        return ""

    def test_nobody_frames_anything_and_the_page_says_so(self, client, publish):
        publish()
        assert ORDINARY in client.get("/embed/next-calls").headers["Content-Security-Policy"]
        assert "has listed none" in client.get("/embed").text

    def test_programs_are_told_of_a_link(self, client):
        said = ask(client, "http://localhost/schedule").get_json()
        assert (said["type"], "html" in said) == ("link", False)


def test_programs_are_told_of_the_frame_of_a_call(client, publish):
    call = publish(title='Say "why" & <how>')
    said = ask(client, f"http://localhost/touchpoints/{call.key}").get_json()
    assert {name: said[name] for name in ("version", "type", "title", "width", "height", "cache_age")} == {
        "version": "1.0",
        "type": "rich",
        "title": 'Thursday: Say "why" & <how>',
        "width": 640,
        "height": 420,
        "cache_age": 300,
    }
    frame = BeautifulSoup(said["html"], "html.parser").iframe
    assert (frame["src"], frame["title"]) == (f"http://localhost/embed/calls/{call.key}", said["title"])
    assert client.get(frame["src"].removeprefix("http://localhost")).status_code == 200


def test_programs_are_told_the_same_in_xml(client, publish):
    url = f"http://localhost/touchpoints/{publish(title='Fish & <chips>').key}"
    answer = ask(client, url, format="xml")
    root = ET.fromstring(answer.data)
    as_json = ask(client, url, format="json").get_json()
    assert (root.tag, answer.mimetype) == ("oembed", "text/xml")
    assert {child.tag: child.text for child in root} == {name: str(value) for name, value in as_json.items()}


@pytest.mark.parametrize(
    ("most", "size"),
    [({}, (640, 420)), ({"maxwidth": "320", "maxheight": "300"}, (320, 300)), ({"maxwidth": "2000"}, (640, 420)),
     ({"maxwidth": "1", "maxheight": "-5"}, (200, 120)), ({"maxwidth": "wide"}, (640, 420))],
)  # fmt: skip
def test_the_frame_fits_the_room_that_there_is(client, most, size):
    said = ask(client, "http://localhost/schedule", **most).get_json()
    assert (said["width"], said["height"]) == size


@pytest.mark.parametrize("url", ["http://localhost", "http://localhost/", "http://LOCALHOST/schedule?tz=UTC"])
def test_the_schedule_is_the_next_calls(client, url):
    assert ask(client, url).get_json()["title"] == "Touchpoints: all calls"


def test_the_schedule_of_a_series_is_its_next_calls(client, publish):
    publish()
    said = ask(client, "http://localhost/schedule?series=thursday").get_json()
    assert "/embed/next-calls?series=thursday" in said["html"]


@pytest.mark.parametrize(
    "url",
    ["", "schedule", "https://localhost/schedule", "http://localhost.evil.example/schedule", "http://[", "http://localhost/board",
     "http://localhost/touchpoints/none", "http://localhost/schedule?series=none", "javascript:alert(1)"],
)  # fmt: skip
def test_of_any_other_address_programs_are_told_nothing(client, publish, url):
    publish()
    assert ask(client, url).status_code == 404


def test_a_format_that_is_none_is_not_implemented(client):
    assert ask(client, "http://localhost/schedule", format="yaml").status_code == 501


def test_of_a_hidden_call_programs_are_told_nothing(client, publish, session):
    hidden = make_series(session, "friday", audience=Audience.MEMBERS)
    hidden.public_detail = PublicDetail.NOTHING
    call = publish(datetime(2026, 12, 11, 17, 30), of=hidden)
    assert ask(client, f"http://localhost/touchpoints/{call.key}").status_code == 404
    assert client.get(f"/embed/calls/{call.key}").status_code == 404


def test_a_page_says_where_programs_ask(client, publish):
    call = publish()
    for path in ("/schedule", f"/touchpoints/{call.key}"):
        head = shown(client.get(path)).head
        links = {link["type"]: link["href"] for link in head.find_all("link", type=True) if "oembed" in link["type"]}
        assert sorted(links) == ["application/json+oembed", "text/xml+oembed"]
        answers = [client.get(address.removeprefix("http://localhost")) for address in links.values()]
        assert [answer.status_code for answer in answers] == [200, 200]
    assert "oembed" not in client.get("/subscribe").text


class TestInABrowser:
    @pytest.fixture
    def engine_name(self):
        return "sqlite"

    @pytest.fixture
    def page_of_another(self, base_url):
        """Somebody's page, at an address of its own, with our frame in it."""
        frame = (
            f'<!doctype html><html lang="en"><title>A page</title><iframe src="{base_url}/embed/next-calls"></iframe>'
        )

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(frame.encode())

            def log_message(self, *_words):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Answering))
        Thread(target=partial(server.serve_forever, poll_interval=0.05)).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        server.server_close()

    @pytest.fixture
    def hosts(self, request):
        return request.getfixturevalue("page_of_another")

    def test_a_listed_page_shows_the_calls_in_its_visitors_time(self, publish, new_page, page_of_another, violations):
        publish(datetime(2026, 12, 4, 17, 0))
        page = new_page(timezone_id="Asia/Tokyo")
        page.goto(page_of_another)
        frame = page.frame_locator("iframe")
        expect(frame.locator("time[data-local=full]")).to_have_text("Sat 5 Dec, 01:00")
        expect(frame.get_by_text("your time")).to_be_visible()
        assert page.context.cookies() == []
        assert violations(page.frames[1]) == []

    def test_the_data_of_a_call_run_nothing_and_break_no_policy(self, publish, new_page):
        """`new_page` fails for whatever the console says."""
        call = publish(title="</script><script>document.title='x'</script>")
        page = new_page()
        page.goto(f"/touchpoints/{call.key}")
        read = page.evaluate(
            "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent).name"
        )
        assert read == "Thursday: </script><script>document.title='x'</script>"
        assert page.title().startswith("</script>")
