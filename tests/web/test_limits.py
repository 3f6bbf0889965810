"""How much one request may hold, and who counts as one caller."""

from __future__ import annotations

import pytest

from app.web.limits import caller
from tests.work import counted


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("not-an-address", "unknown"),
        ("198.51.100.7:4711", "unknown"),
    ],
)
def test_a_household_with_many_addresses_is_one_caller(app, address, counted):
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
        assert caller() == counted


def test_a_server_without_addresses_counts_everybody_as_one(app):
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": ""}):
        assert caller() == "127.0.0.1"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"a=" + b"x" * 10_000_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=x" % number for number in range(60_000)), "application/x-www-form-urlencoded"),
        (b"a=x&" * 60_000, "application/x-www-form-urlencoded"),
        (
            b"".join(b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % n for n in range(5_000))
            + b"--b--",
            "multipart/form-data; boundary=b",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n' + b"x" * 900_000 + b"\r\n--b--",
            "multipart/form-data; boundary=b",
        ),
    ],
    ids=["10 MB", "60,000 fields", "60,000 times one field", "5,000 parts", "one part of 900 kB"],
)
@pytest.mark.parametrize("path", ["/sign-in", "/propose", "/time-zone"])
def test_what_is_too_large_is_refused_without_much_work(client, path, body, content_type):
    with counted() as work:
        answer = client.post(path, data=body, content_type=content_type)
    assert (answer.status_code, "too large" in answer.text) == (413, True)
    assert work.calls < 1_500_000


def test_a_thousand_fields_are_read(visitor):
    fields = {f"f{number}": "x" for number in range(990)}
    assert visitor.post("/sign-in", {**fields, "email": "vera@example.org"}).status_code == 303
