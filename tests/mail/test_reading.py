"""Messages read back, without the secrets of their readers."""

from __future__ import annotations

import pytest

from app.mail.compose import compose
from app.mail.reading import read_message, without_tokens
from tests.mail.samples import samples

BASE = "https://touchpoints.example.org"
TOKEN = "WzEyLCJhYmNkZWZnaGlqa2xtbm9wIl0.signature-of_it"


@pytest.fixture
def read(site, now):
    def reading(name):
        mail = samples()[name]
        return read_message(compose(mail, message_id="<one@example.org>", thread="abc", site=site, now=now)), mail

    return reading


def test_a_message_is_read_in_its_parts(read, now):
    message, mail = read("confirmed")
    assert (message.subject, message.to, message.date) == (mail.subject, mail.to, now)
    assert message.text.replace("\r\n", "\n") == mail.text
    assert message.html.replace("\r\n", "\n").strip() == mail.html.strip()
    assert message.calendar == "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    assert dict(message.headers)["Message-ID"] == "<one@example.org>"


def test_a_part_that_is_not_there_is_empty(read):
    assert read("received")[0].calendar == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Open {BASE}/confirm/{TOKEN} now", f"Open {BASE}/confirm/\N{HORIZONTAL ELLIPSIS} now"),
        (f"{BASE}/proposals/{TOKEN}/edit", f"{BASE}/proposals/\N{HORIZONTAL ELLIPSIS}/edit"),
        (f"{BASE}/touchpoints/abcdefghij", f"{BASE}/touchpoints/abcdefghij"),
        (f"{BASE}/", f"{BASE}/"),
        ("https://meet.example.org/abcdefghijklmnopqrstuvwxyz", "https://meet.example.org/abcdefghijklmnopqrstuvwxyz"),
        ("No link at all.", "No link at all."),
    ],
)
def test_our_own_links_lose_their_secret(text, shown):
    assert without_tokens(text, base_url=BASE) == shown
