"""The scripted mail server really does to a client what a test tells it to."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage

import pytest

from tests.fixtures.mail_server import ScriptedMailServer
from tests.fixtures.secure_mail_server import PASSWORD, SecureMailServer


def send(server: ScriptedMailServer, subject: str = "Hello") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "olu@example.org", "vera@example.org", subject
    message.set_content("Grüße")
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
        client.send_message(message)


def test_a_mail_is_kept_with_its_envelope(smtp_server):
    send(smtp_server)
    (mail,) = smtp_server.messages
    assert (mail.sender, mail.recipients) == ("olu@example.org", ("vera@example.org",))
    assert (mail.message["Subject"], mail.message.get_content().strip()) == ("Hello", "Grüße")


@pytest.mark.parametrize("stage", ["mail", "rcpt", "during data", "after dot"])
@pytest.mark.parametrize("reply", ["451 4.3.0 Try later", "550 5.1.1 Nobody here"])
def test_a_scripted_answer_is_given_once(smtp_server, stage, reply):
    smtp_server.answer(stage, reply)
    with pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)) as refused:
        send(smtp_server)
    assert reply[:3] in str(refused.value)
    assert smtp_server.messages == []
    send(smtp_server)
    assert len(smtp_server.messages) == 1


@pytest.mark.parametrize(("stage", "kept"), [("mail", 0), ("rcpt", 0), ("during data", 0), ("after dot", 1)])
def test_a_dropped_connection_is_seen_as_such(smtp_server, stage, kept):
    smtp_server.drop(stage)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(smtp_server)
    assert len(smtp_server.messages) == kept


def test_a_connection_dropped_at_quit_has_delivered_its_mail(smtp_server):
    smtp_server.drop("quit")
    with suppress(smtplib.SMTPServerDisconnected):
        send(smtp_server)
    assert len(smtp_server.messages) == 1


def send_securely(server: SecureMailServer, password: str) -> None:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
        client.starttls(context=ssl.create_default_context())
        client.login("olu", password)
        client.sendmail("olu@example.org", ["vera@example.org"], b"Subject: Hello\r\n\r\nHello\r\n")


def test_the_secure_server_takes_mail_over_tls_from_whom_it_knows(secure_smtp_server, trusted_certificate):
    send_securely(secure_smtp_server, PASSWORD)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send_securely(secure_smtp_server, "guess")
    assert len(secure_smtp_server.messages) == 1


def test_the_secure_server_has_a_certificate_that_a_careful_client_refuses(secure_smtp_server):
    with pytest.raises(ssl.SSLCertVerificationError):
        send_securely(secure_smtp_server, PASSWORD)


def test_the_secure_server_takes_no_mail_in_the_clear(secure_smtp_server):
    with pytest.raises(smtplib.SMTPException, match="STARTTLS"):
        send(secure_smtp_server)
