"""Links bear the name of the installation, whatever name a request calls it by."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.models import OutboxMessage

EVIL = "evil.example"


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.mark.parametrize("path", ["/", "/sign-in", "/calendar/all.ics", "/healthz", "/no-such-page"])
@pytest.mark.parametrize(
    "host", [EVIL, f"{EVIL}:443", "localhost.evil.example", f"localhost@{EVIL}", "", "a b", "[::1", "x" * 300]
)
def test_a_request_for_another_host_is_refused(client, path, host):
    answer = client.get(path, headers={"Host": host})
    assert (answer.status_code, answer.text) == (400, "This site has another name.\n")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_form_sent_to_another_host_is_refused(client):
    assert client.post("/sign-in", data={"email": "vera@example.org"}, headers={"Host": EVIL}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:8000"])
def test_this_machine_may_call_itself_by_its_own_names(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Forwarded-Prefix"])
def test_no_header_changes_the_name_in_a_link(visitor, session, header):
    forged = {header: f"host={EVIL}" if header == "Forwarded" else EVIL}
    answer = visitor.post("/sign-in", {"email": "vera@example.org"}, headers=forged)
    assert answer.headers["Location"] == "/sign-in/code"
    message = session.scalar(select(OutboxMessage.message))
    assert EVIL.encode() not in message
    assert b"http://localhost/sign-in/link/" in message
    for path in ("/", "/calendar/all.ics", "/subscribe"):
        assert EVIL not in visitor.get(path, headers=forged).text
