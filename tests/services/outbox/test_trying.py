"""Whoever sets an installation up sees at once whether mail works."""

from __future__ import annotations

import pytest

from app.config.mail import MailSettings
from app.domain.errors import RuleViolation
from app.mail.reading import read_message
from app.mail.transport import make_transport
from app.services.outbox import send_trial


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


def test_a_trial_goes_past_the_outbox(sink, site, now):
    send_trial(sink, "olu@example.org", site=site, now=now)
    message = read_message(sink.sent[0])
    assert (message.to, message.subject) == ("olu@example.org", "Mail from Touchpoints works")
    assert "It came from touchpoints@example.org." in message.text


def test_the_servers_answer_is_told(smtp_server, site, now):
    smtp_server.answer("rcpt", "550 5.1.1 Nobody here")
    with pytest.raises(RuleViolation, match=r"The mail was not sent: 550 5\.1\.1 Nobody here"):
        send_trial(make_transport(MailSettings.parse(smtp_server.url)), "olu@example.org", site=site, now=now)


def test_an_address_that_is_none_is_told(sink, site, now):
    with pytest.raises(RuleViolation, match="mail cannot be sent to an address like this"):
        send_trial(sink, "olu olu@example.org", site=site, now=now)
