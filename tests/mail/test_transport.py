"""Mail leaves by a real SMTP conversation, and each thing that can go wrong says what is to be done about it."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress

import pytest

from app.config.mail import MailSettings
from app.domain.delivery import Fault
from app.mail import transport as ways_out
from app.mail.compose import compose
from app.mail.transport import FolderTransport, Mailbox, MemoryTransport, NotDelivered, SmtpTransport, make_transport
from tests.mail.samples import samples

SENDER, SAM = "touchpoints@example.org", "sam@example.org"


@pytest.fixture
def message(site, now):
    return compose(samples()["confirmed"], message_id="<one@example.org>", thread=None, site=site, now=now)


def send(url, message, *, sender=SENDER, recipient=SAM):
    make_transport(MailSettings.parse(url)).send(message, sender=sender, recipient=recipient)


def fault_of(url, message, **more):
    with pytest.raises(NotDelivered) as failed:
        send(url, message, **more)
    return failed.value.fault, str(failed.value)


def test_a_mail_arrives_byte_for_byte(smtp_server, message):
    send(smtp_server.url, message)
    (received,) = smtp_server.messages
    assert (received.sender, received.recipients, received.raw) == (SENDER, (SAM,), message)


def test_a_line_that_is_a_dot_ends_nothing(smtp_server):
    message = b"Subject: Dots\r\n\r\n.\r\nQUIT\r\n..\r\n"
    send(smtp_server.url, message)
    assert smtp_server.messages[0].raw == message


def test_a_domain_of_other_letters_is_written_in_ascii(smtp_server, message):
    send(smtp_server.url, message, recipient="sam@b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example")
    assert smtp_server.messages[0].recipients == ("sam@xn--bcher-kva.example",)


@pytest.mark.parametrize(
    ("stage", "reply", "fault"),
    [
        ("mail", "451 4.3.0 Try later", Fault.LATER),
        ("mail", "550 5.7.1 We take nothing from you", Fault.UNREACHABLE),
        ("rcpt", "451 4.2.1 Greylisted", Fault.LATER),
        ("rcpt", "550 5.1.1 Nobody here", Fault.REFUSED),
        ("during data", "452 4.3.1 No room", Fault.LATER),
        ("during data", "554 5.5.0 No", Fault.REFUSED),
        ("after dot", "451 4.7.0 Not now", Fault.LATER),
        ("after dot", "550 5.7.1 We do not like it", Fault.REFUSED),
    ],
)
def test_the_servers_answer_decides(smtp_server, message, stage, reply, fault):
    smtp_server.answer(stage, reply)
    assert fault_of(smtp_server.url, message) == (fault, reply)
    assert smtp_server.messages == []


@pytest.mark.parametrize(
    ("stage", "fault", "arrived"),
    [
        ("mail", Fault.UNREACHABLE, 0),
        ("rcpt", Fault.LATER, 0),
        ("during data", Fault.LATER, 0),
        ("after dot", Fault.LATER, 1),
    ],
)
def test_a_lost_connection_leaves_the_mail_to_be_tried_again(smtp_server, message, stage, fault, arrived):
    smtp_server.drop(stage)
    assert fault_of(smtp_server.url, message)[0] is fault
    assert len(smtp_server.messages) == arrived


def test_a_connection_lost_after_the_servers_yes_changes_nothing(smtp_server, message):
    smtp_server.drop("quit")
    send(smtp_server.url, message)
    assert len(smtp_server.messages) == 1


def test_nobody_listens(message):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert fault_of(f"smtp://127.0.0.1:{port}?tls=none", message) == (
        Fault.UNREACHABLE,
        "[Errno 111] Connection refused",
    )
    assert fault_of(f"smtp://127.0.0.1:{port}?tls=implicit", message)[0] is Fault.UNREACHABLE


def test_there_is_no_such_host(message):
    assert fault_of("smtp://mail.invalid?tls=none", message)[0] is Fault.UNREACHABLE


def test_a_server_that_says_nothing_is_not_waited_for(message, monkeypatch):
    monkeypatch.setattr(ways_out, "STEP_TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        fault, said = fault_of(f"smtp://127.0.0.1:{mute.getsockname()[1]}?tls=none", message)
    assert (fault, said) == (Fault.UNREACHABLE, "Connection unexpectedly closed: timed out")


def test_a_server_that_speaks_for_ever_is_cut_off(message, monkeypatch):
    monkeypatch.setattr(ways_out, "LONGEST_CONVERSATION", ways_out.LONGEST_CONVERSATION / 450)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        speaker = threading.Thread(target=_speak_for_ever, args=(listening,))
        speaker.start()
        assert fault_of(f"smtp://127.0.0.1:{listening.getsockname()[1]}?tls=none", message)[0] is Fault.UNREACHABLE
        speaker.join()


def _speak_for_ever(listening):
    """Greets, then answers EHLO with one more line every time that the last one has been taken."""
    connection, _ = listening.accept()
    pause = threading.Event()
    with connection, suppress(OSError):
        connection.sendall(b"220 mail.test\r\n")
        connection.recv(100)
        while True:
            connection.sendall(b"250-and another thing\r\n")
            pause.wait(0.01)


def test_a_recipient_that_cannot_be_written_is_poison(smtp_server, message):
    assert (
        fault_of(smtp_server.url, message, recipient="sam@example.org>\r\nRCPT TO:<nora@example.net")[0] is Fault.POISON
    )
    assert smtp_server.messages == []


def test_mail_travels_encrypted_and_behind_a_password(secure_smtp_server, trusted_certificate, message):
    send(secure_smtp_server.url, message)
    assert len(secure_smtp_server.messages) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(secure_smtp_server, message):
    fault, said = fault_of(secure_smtp_server.url, message)
    assert fault is Fault.UNREACHABLE
    assert "certificate" in said


def test_a_wrong_password_is_nobodys_mails_fault(secure_smtp_server, trusted_certificate, message):
    fault, said = fault_of(secure_smtp_server.url.replace("olu:", "nora:"), message)
    assert (fault, said[:3]) == (Fault.UNREACHABLE, "535")
    assert "word" not in said


def test_a_password_that_cannot_be_written_is_nobodys_mails_fault(secure_smtp_server, trusted_certificate, message):
    url = secure_smtp_server.url.replace("p%40ss%2Fword", "gr%C3%BCn")
    assert fault_of(url, message) == (Fault.UNREACHABLE, "cannot be encoded (UnicodeEncodeError)")


def test_encryption_that_the_server_does_not_offer_is_not_done_without(smtp_server, message):
    fault, said = fault_of(smtp_server.url.replace("none", "starttls"), message)
    assert (fault, said) == (Fault.UNREACHABLE, "STARTTLS extension not supported by server.")
    assert smtp_server.messages == []


@pytest.mark.parametrize("kind", ["folder", "memory"])
def test_a_mailbox_keeps_what_it_is_given(tmp_path, message, kind):
    box = FolderTransport(tmp_path / "mail") if kind == "folder" else MemoryTransport()
    assert (box.names(), box.read("20261123T090000-one")) == ([], None)
    later = message.replace(b"09:00:00", b"09:00:01").replace(b"<one@", b"<../two@")
    for each in (message, later, *([message] if kind == "folder" else [])):
        box.send(each, sender=SENDER, recipient=SAM)
    assert box.names() == ["20261123T090001-twoexampleorg", "20261123T090000-oneexampleorg"]
    assert [box.read(name) for name in box.names()] == [later, message]
    assert box.read("../../etc/passwd") is None
    assert isinstance(box, Mailbox)


def test_a_folder_holds_one_file_a_mail_for_its_owner_alone(tmp_path, message):
    send(f"folder:{tmp_path / 'mail'}", message)
    (file,) = (tmp_path / "mail").iterdir()
    assert (file.name, file.read_bytes()) == ("20261123T090000-oneexampleorg.eml", message)
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_written_keeps_the_queue_waiting(tmp_path, message):
    (tmp_path / "mail").write_text("not a folder")
    fault, said = fault_of(f"folder:{tmp_path / 'mail'}", message)
    assert (fault, said) == (Fault.UNREACHABLE, f"the folder cannot be written ({os.strerror(17)})")


def test_each_setting_has_its_way_out():
    kinds = {
        url: type(make_transport(MailSettings.parse(url)))
        for url in ("memory:", "folder:mail", "smtp://mail.example.org")
    }
    assert kinds == {
        "memory:": MemoryTransport,
        "folder:mail": FolderTransport,
        "smtp://mail.example.org": SmtpTransport,
    }
    assert not isinstance(make_transport(MailSettings.parse("smtp://mail.example.org")), Mailbox)
