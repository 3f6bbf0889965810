"""The ways mail leaves the house: SMTP, a folder of files (development), the memory of a test."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from app.config.mail import MailSettings
from app.domain.delivery import LONGEST_CONVERSATION, Fault
from app.domain.text import clean_line
from app.mail.compose import UnsafeMessage, ascii_address

STEP_TIMEOUT = 10.0
"""Seconds that a server may take to answer one step."""
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}-[A-Za-z0-9]{1,64}")


class NotDelivered(Exception):
    """The mail is not out, or nobody knows. `fault` says what to do, `str()` is the server's answer or the reason."""

    def __init__(self, fault: Fault, answer: str) -> None:
        super().__init__(clean_line(answer)[:500])
        self.fault = fault


class Transport(Protocol):
    """A way out for finished messages."""

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Hand the message over for one recipient. Raises NotDelivered."""


def make_transport(settings: MailSettings) -> Transport:
    """The way out that the settings name."""
    if settings.kind == "folder" and settings.folder is not None:
        return FolderTransport(settings.folder)
    return MemoryTransport() if settings.kind == "memory" else SmtpTransport(settings)


@runtime_checkable
class Mailbox(Protocol):
    """A way out that keeps what it is given, so that a developer can look at it."""

    def names(self) -> list[str]:
        """What is there, the newest first."""

    def read(self, name: str) -> bytes | None:
        """The message of that name, or None."""


@dataclass(frozen=True)
class MemoryTransport:
    """Keeps what was sent, for tests."""

    sent: list[bytes] = field(default_factory=list)

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:  # noqa: ARG002 (as the protocol says)
        self.sent.append(message)

    def names(self) -> list[str]:
        return [_name_of(message) for message in reversed(self.sent)]

    def read(self, name: str) -> bytes | None:
        return next((message for message in self.sent if _name_of(message) == name), None)


@dataclass(frozen=True)
class FolderTransport:
    """Writes each mail as one .eml file, named by its date and Message-ID: the same mail twice is still one file."""

    folder: Path

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:  # noqa: ARG002 (as the protocol says)
        name = _name_of(message)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self.folder / f".{name}.part"
            unfinished.write_bytes(message)
            unfinished.rename(self.folder / f"{name}.eml")
        except OSError as error:
            raise NotDelivered(Fault.UNREACHABLE, f"the folder cannot be written ({error.strerror})") from error

    def names(self) -> list[str]:
        return sorted((path.stem for path in self.folder.glob("*.eml")), reverse=True)

    def read(self, name: str) -> bytes | None:
        path = self.folder / f"{name}.eml"
        return path.read_bytes() if _NAME.fullmatch(name) and path.is_file() else None


def _name_of(message: bytes) -> str:
    """A name that is safe in a folder and in an address, and sorts by date."""
    headers = message_from_bytes(message)
    date = parsedate_to_datetime(headers["Date"])
    return f"{date:%Y%m%dT%H%M%S}-{re.sub('[^A-Za-z0-9]', '', headers['Message-ID'])[:64]}"


class SmtpTransport:
    """Hands mails to an SMTP server (RFC 5321), one conversation each; TLS certificates are checked."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._tls = ssl.create_default_context()

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Hand the message over. Every step has 10 seconds, the whole conversation less time than a lease.

        Once the server has said 250 the mail is out: whatever goes wrong with QUIT decides nothing.
        """
        try:
            envelope = ascii_address(sender), ascii_address(recipient)
        except UnsafeMessage as error:
            raise NotDelivered(Fault.POISON, str(error)) from error
        with self._connected(local_hostname=envelope[0].rpartition("@")[2]) as client:
            self._announce(client, *envelope)
            self._hand_over(client, message)

    @contextmanager
    def _connected(self, *, local_hostname: str) -> Iterator[smtplib.SMTP]:
        client = self._open(local_hostname)
        watchdog = threading.Timer(LONGEST_CONVERSATION.total_seconds(), _cut, (client,))
        watchdog.daemon = True
        watchdog.start()
        try:
            with _failing(Fault.UNREACHABLE):
                self._secure(client)
            yield client
        finally:
            with suppress(OSError):  # smtplib's own errors are OSErrors too
                client.quit()
            client.close()
            watchdog.cancel()

    def _open(self, local_hostname: str) -> smtplib.SMTP:
        settings = self._settings
        with _failing(Fault.UNREACHABLE):
            if settings.tls == "implicit":
                return smtplib.SMTP_SSL(
                    settings.host, settings.port, local_hostname, timeout=STEP_TIMEOUT, context=self._tls
                )
            return smtplib.SMTP(settings.host, settings.port, local_hostname, timeout=STEP_TIMEOUT)

    def _secure(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        if self._settings.tls == "starttls":
            client.starttls(context=self._tls)
            client.ehlo_or_helo_if_needed()
        if self._settings.user and self._settings.password:
            client.login(self._settings.user, self._settings.password)

    @staticmethod
    def _announce(client: smtplib.SMTP, sender: str, recipient: str) -> None:
        """MAIL and RCPT. A server that takes nothing from our address at all is not the fault of this mail."""
        with _failing(Fault.UNREACHABLE):
            _expect(*client.mail(sender), fault_if_refused=Fault.UNREACHABLE)
        with _failing(Fault.LATER):
            _expect(*client.rcpt(recipient), fault_if_refused=Fault.REFUSED)

    @staticmethod
    def _hand_over(client: smtplib.SMTP, message: bytes) -> None:
        """DATA. From here on a lost connection leaves open whether the mail is out."""
        with _failing(Fault.LATER):
            try:
                code, answer = client.data(message)
            except smtplib.SMTPDataError as error:
                code, answer = error.smtp_code, _bytes(error.smtp_error)
            _expect(code, answer, fault_if_refused=Fault.REFUSED)


def _expect(code: int, answer: bytes, *, fault_if_refused: Fault) -> None:
    if 200 <= code < 300:
        return
    fault = fault_if_refused if 500 <= code < 600 else Fault.LATER
    raise NotDelivered(fault, f"{code} {answer.decode(errors='replace')}")


@contextmanager
def _failing(fault: Fault) -> Iterator[None]:
    """What goes wrong inside, and is no answer of the server that has been read already, is `fault`."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise NotDelivered(fault, f"{error.smtp_code} {_bytes(error.smtp_error).decode(errors='replace')}") from error
    except OSError as error:
        raise NotDelivered(fault, str(error) or type(error).__name__) from error
    except ValueError as error:  # a password or a message that cannot be encoded
        raise NotDelivered(fault, f"cannot be encoded ({type(error).__name__})") from error


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _cut(client: smtplib.SMTP) -> None:
    """End a conversation that takes too long: whoever reads from the socket finds it closed."""
    with suppress(OSError, AttributeError):
        client.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
