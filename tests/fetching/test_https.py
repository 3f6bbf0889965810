"""A calendar is fetched over real TLS from checked addresses alone, within limits, and with nothing of ours."""

from __future__ import annotations

import gzip
import socket
import zlib
from itertools import pairwise

import pytest

from app.domain.secret import Secret
from app.fetching.bodies import MOST_BYTES
from app.fetching.failures import FetchFailed
from app.fetching.https import Answer, Limits, fetch
from app.fetching.reach import Reach
from tests.fixtures.calendar_server import CALENDAR, Says

UNREACHABLE = "It leads to an address that may not be asked: no https, or no host on this site's list."
PRIVATE = "Its host is an address within a private network, and nothing is fetched from there."


def refusal(server, path="/c.ics", *, address=None, reach=None, limits=None):
    with pytest.raises(FetchFailed) as refused:
        fetch(address or server.at(path), reach=reach or server.reach, limits=limits)
    return str(refused.value)


def test_the_owner_is_asked_by_name_and_told_nothing_of_us(calendar_server, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("NETRC", "/nowhere")
    calendar_server.says["/c.ics?key=1"] = Says(headers={"ETag": '"a"', "Last-Modified": "Mon", "Set-Cookie": "a=b"})

    answer = fetch(calendar_server.at("/c.ics?key=1"), reach=calendar_server.reach)

    assert answer == Answer(CALENDAR, '"a"', "Mon")
    assert calendar_server.heard == [
        (
            "/c.ics?key=1",
            {
                "Host": f"calendar.test:{calendar_server.port}",
                "Accept": "text/calendar, */*;q=0.1",
                "Accept-Encoding": "gzip",
                "Connection": "close",
                "User-Agent": "Touchpoints (calendar fetcher)",
            },
        )
    ]


def test_what_has_not_changed_is_not_sent_again(calendar_server):
    calendar_server.says["/c.ics"] = Says(b"", 304)

    answer = fetch(calendar_server.at("/c.ics"), reach=calendar_server.reach, etag='"a"', last_modified="Mon")

    heard = calendar_server.heard[0][1]
    assert (answer.body, heard["If-None-Match"], heard["If-Modified-Since"]) == (None, '"a"', "Mon")


def test_nothing_has_changed_since_nothing_is_no_answer(calendar_server):
    calendar_server.says["/c.ics"] = Says(b"", 304)
    assert refusal(calendar_server) == (
        "Its host says that nothing has changed, but there is no copy yet, or an old one."
    )


def test_a_validator_that_could_not_be_sent_back_is_not_kept(calendar_server):
    calendar_server.says["/c.ics"] = Says(headers={"ETag": '"' + "a" * 600 + '"', "Last-Modified": "caf\xe9"})
    assert fetch(calendar_server.at("/c.ics"), reach=calendar_server.reach) == Answer(CALENDAR)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(CALENDAR)),
        ("x-gzip", gzip.compress(CALENDAR)),
        ("deflate", zlib.compress(CALENDAR)),
        ("deflate", zlib.compress(CALENDAR)[2:-4]),
        ("identity", CALENDAR),
    ],
)
def test_packed_answers_are_unpacked(calendar_server, coding, body):
    calendar_server.says["/c.ics"] = Says(body, headers={"Content-Encoding": coding})
    assert fetch(calendar_server.at("/c.ics"), reach=calendar_server.reach).body == CALENDAR


@pytest.mark.parametrize(
    ("coding", "body", "why"),
    [
        ("gzip", gzip.compress(bytes(MOST_BYTES + 1)), "It is larger than 2 MB."),
        ("deflate", zlib.compress(bytes(50 * MOST_BYTES)), "It is larger than 2 MB."),
        ("identity", bytes(MOST_BYTES + 1), "It is larger than 2 MB."),
        ("gzip", gzip.compress(CALENDAR)[:-9], "Its packing is broken."),
        ("gzip", CALENDAR, "Its packing is broken."),
        ("deflate", CALENDAR, "Its packing is broken."),
        ("br", CALENDAR, "It is packed in a way that nobody asked for."),
        ("gzip, gzip", CALENDAR, "It is packed in a way that nobody asked for."),
    ],
)
def test_bombs_and_broken_packings_are_refused(calendar_server, coding, body, why):
    calendar_server.says["/c.ics"] = Says(body, headers={"Content-Encoding": coding})
    assert refusal(calendar_server) == why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            b"\n<!DOCTYPE html><p>Sign in",
            "There is a web page at this address, and no calendar: perhaps one has to sign in.",
        ),
        (b"hello", "What is at this address is no calendar."),
        (b"", "What is at this address is no calendar."),
        (CALENDAR[:-20], "The calendar breaks off before its end."),
    ],
)
def test_what_is_no_whole_calendar_is_refused(calendar_server, body, why):
    calendar_server.says["/c.ics"] = Says(body, headers={"Content-Type": "text/calendar"})
    assert refusal(calendar_server) == why


def test_a_body_that_breaks_off_is_refused(calendar_server):
    calendar_server.says["/c.ics"] = Says(headers={"Content-Length": "5000"})
    assert refusal(calendar_server) == "Its answer breaks off."


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (404, "There is no calendar at this address any more (404)."),
        (
            403,
            "Its owner does not let us read it (403): perhaps it is not public, or its secret link was renewed.",
        ),
        (429, "Its host is in trouble or busy (429)."),
        (503, "Its host is in trouble or busy (503)."),
        (206, "Its host answers with something else than a calendar (206)."),
        (302, "Its host answers with something else than a calendar (302)."),
    ],
)
def test_other_answers_are_named_in_plain_words(calendar_server, status, why):
    calendar_server.says["/c.ics"] = Says(status=status)
    assert refusal(calendar_server) == why


def lead(server, *steps):
    """Each step redirects to the next; the last one is an address or a path that answers."""
    for here, there in pairwise(steps):
        server.says[here] = Says(b"", 302, {"Location": there})


def test_three_redirects_are_followed_and_no_fourth(calendar_server):
    lead(calendar_server, "/1", "/2", calendar_server.at("/3", "other.test").reveal())
    lead(calendar_server, "/3", "/4")
    calendar_server.says["/4"] = Says()
    assert fetch(calendar_server.at("/1"), reach=calendar_server.reach).body == CALENDAR
    assert calendar_server.heard[-1][1]["Host"] == f"other.test:{calendar_server.port}"

    lead(calendar_server, "/0", "/1")
    assert refusal(calendar_server, "/0") == "It redirects more than three times."


@pytest.mark.parametrize(
    "there",
    [
        "http://calendar.test/c.ics",
        "https://127.0.0.1/c.ics",
        "https://localhost/c.ics",
        "https://user:word@calendar.test/c.ics",
        "https://calendar.test:22/c.ics",
        "file:///etc/passwd",
        "//[::1]/c.ics",
        "https://calendar.test\\@127.0.0.1/",
        "https://[calendar.test",
    ],
)
def test_a_redirect_is_checked_as_the_address_itself(calendar_server, there):
    lead(calendar_server, "/c.ics", there)
    assert refusal(calendar_server) == UNREACHABLE
    assert len(calendar_server.heard) == 1


def test_a_redirect_into_a_private_network_is_not_followed(calendar_server):
    lead(calendar_server, "/c.ics", calendar_server.at("/d.ics", "other.test").reveal())
    inside = {"calendar.test": "127.0.0.1", "other.test": "127.0.0.2"}
    reach = calendar_server.reach_with(resolve=lambda host, _port: [inside[host]])
    assert refusal(calendar_server, reach=reach) == PRIVATE


def test_nothing_but_a_test_reaches_this_machine(calendar_server):
    calendar_server.says["/c.ics"] = Says()
    reach = Reach(calendar_server.reach.hosts, resolve=calendar_server.reach.resolve)
    assert refusal(calendar_server, reach=reach) == PRIVATE
    by_name = Secret(f"https://localhost.localdomain:{calendar_server.port}/c.ics")
    assert refusal(
        calendar_server, address=by_name, reach=Reach([f"localhost.localdomain:{calendar_server.port}"])
    ) in {PRIVATE, "Its host cannot be found."}
    assert calendar_server.heard == []


def test_one_private_address_among_public_ones_spoils_them_all(calendar_server):
    reach = calendar_server.reach_with(resolve=lambda _host, _port: ["127.0.0.1", "10.0.0.1"])
    assert refusal(calendar_server, reach=reach) == PRIVATE


def test_the_address_that_was_checked_is_the_one_that_is_asked(calendar_server):
    asked = []

    def rebinding(host, _port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    calendar_server.says["/c.ics"] = Says()
    fetch(calendar_server.at("/c.ics"), reach=calendar_server.reach_with(resolve=rebinding))
    assert asked == ["calendar.test"]


def test_a_host_that_is_not_found_or_does_not_answer_says_so(calendar_server):
    assert refusal(calendar_server, reach=calendar_server.reach_with(resolve=lambda *_: [])) == (
        "Its host cannot be found."
    )
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    gone = Secret(f"https://calendar.test:{port}/c.ics")
    reach = calendar_server.reach_with(hosts=[f"calendar.test:{port}"])
    assert refusal(calendar_server, address=gone, reach=reach) == "Its host does not answer."
    assert refusal(calendar_server, limits=Limits(whole=-1)) == "It takes longer than -1 seconds."


def test_a_certificate_of_another_name_or_of_nobody_does_not_hold(calendar_server):
    stranger = calendar_server.at("/c.ics", "stranger.test")
    assert refusal(calendar_server, address=stranger) == "Its host's certificate does not hold."
    usual = Reach(
        calendar_server.reach.hosts,
        resolve=calendar_server.reach.resolve,
        may_connect=calendar_server.reach.may_connect,
    )
    assert refusal(calendar_server, reach=usual) == "Its host's certificate does not hold."


def test_a_host_that_answers_drop_by_drop_is_left_in_time(calendar_server):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        while not calendar_server.over.wait(0.02):
            handler.wfile.write(b"B")

    calendar_server.says["/c.ics"] = drip
    assert refusal(calendar_server, limits=Limits(whole=0.3)) == "It takes longer than 0.3 seconds."


def test_a_host_that_says_nothing_is_left_in_time(calendar_server):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        reach = calendar_server.reach_with(hosts=[f"calendar.test:{port}"])
        address = Secret(f"https://calendar.test:{port}/c.ics")
        assert refusal(calendar_server, address=address, reach=reach, limits=Limits(connect=0.2)) == (
            "Its host does not answer."
        )
