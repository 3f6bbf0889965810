"""The mailbox that mail to us comes to, read over IMAP: a message is marked there only after it has been taken.

The mark is a keyword of our own, where the server lets us have one, so that somebody who reads the mailbox hides
nothing from us; else the message counts as read. Nothing is deleted or moved there.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from app.config.mailbox import MailboxSettings
from app.domain.received import LARGEST

log = logging.getLogger(__name__)
KEYWORD = "TouchpointsTaken"
PATIENCE = 20.0
"""Seconds for each answer of the server."""
_A_RUN = 50  # messages: the worker has mail to send meanwhile, and the next run begins a minute later
_MOST_FAILURES = 3  # then it is not the message
_NUMBER = re.compile(rb"[0-9]{1,10}")


class MailboxFailed(Exception):
    """The mailbox cannot be read now. The words hold nothing secret."""


@dataclass(frozen=True)
class Polled:
    """What one run did: messages taken, and those left for the next run because taking them failed."""

    taken: int = 0
    left: int = 0


@dataclass(frozen=True)
class _Mark:
    """How a taken message is known: its flag, and the search for those that lack it."""

    flag: str
    lacking: str


def poll(settings: MailboxSettings, take: Callable[[bytes], object]) -> Polled:
    """Hand each message that is not marked to `take`, and mark it when that returns.

    A message whose taking raises stays as it is, and those behind it go on. Of one that is too large the beginning is
    fetched. Raises MailboxFailed when the server cannot be reached, refuses us or breaks off: whatever was not marked
    comes again, so `take` must bear to see a message twice.
    """
    taken = left = 0
    with _opened(settings) as box:
        mark = _mark_of(box)
        for number in _waiting(box, mark):
            data = _fetch(box, number)
            if data is None:
                continue  # somebody deleted it meanwhile
            if not _is_taken(take, data):
                left += 1
                if left == _MOST_FAILURES:
                    break
                continue
            _expect(box.uid("STORE", number, "+FLAGS.SILENT", f"({mark.flag})"))
            taken += 1
    return Polled(taken, left)


@contextmanager
def _opened(settings: MailboxSettings) -> Iterator[imaplib.IMAP4]:
    """The folder, selected. Whatever the library raises becomes MailboxFailed."""
    try:
        box = _connected(settings)
        try:
            _sign_in(box, settings)
            _expect(box.select(f'"{settings.folder}"'))
            yield box
        finally:
            _leave(box)
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxFailed(_reason(error)) from None  # a server's words may repeat what was sent to it


def _connected(settings: MailboxSettings) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if settings.tls == "implicit":
        return imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=context, timeout=PATIENCE)
    box = imaplib.IMAP4(settings.host, settings.port, timeout=PATIENCE)
    try:
        box.starttls(context)
    except (imaplib.IMAP4.error, OSError):
        _leave(box)
        raise
    return box


def _leave(box: imaplib.IMAP4) -> None:
    for step in (box.logout, box.shutdown):
        with suppress(imaplib.IMAP4.error, OSError):
            step()


def _sign_in(box: imaplib.IMAP4, settings: MailboxSettings) -> None:
    """By AUTHENTICATE PLAIN, which knows any letter, or by LOGIN where the server has nothing else."""
    if "AUTH=PLAIN" in box.capabilities:
        box.authenticate("PLAIN", lambda _: f"\0{settings.user}\0{settings.password}".encode())
    else:
        box.login(_quoted(settings.user), settings.password)


def _mark_of(box: imaplib.IMAP4) -> _Mark:
    r"""A keyword, where the server keeps those that it did not know (`\*`), or else that it is read."""
    _, lasting = box.response("PERMANENTFLAGS")
    kept = b" ".join(each for each in lasting if isinstance(each, bytes))
    if rb"\*" in kept or KEYWORD.encode() in kept:
        return _Mark(rf"\Seen {KEYWORD}", f"UNKEYWORD {KEYWORD}")
    return _Mark(r"\Seen", "UNSEEN")


def _waiting(box: imaplib.IMAP4, mark: _Mark) -> list[str]:
    """The first messages without the mark, by their lasting numbers."""
    found = _expect(box.uid("SEARCH", f"UNDELETED {mark.lacking}"))
    numbers = [each for line in found if isinstance(line, bytes) for each in _NUMBER.findall(line)]
    return [number.decode() for number in numbers[:_A_RUN]]


def _fetch(box: imaplib.IMAP4, number: str) -> bytes | None:
    """The message, or one byte more of its beginning than is kept; None for one that is gone. It stays unread."""
    for piece in _expect(box.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")):
        if isinstance(piece, tuple):
            return bytes(piece[1])
    return None


def _is_taken(take: Callable[[bytes], object], data: bytes) -> bool:
    try:
        take(data)
    except Exception as error:  # noqa: BLE001 (one message that fails must not keep the others from us)
        log.warning("a message of the mailbox could not be stored, it stays there: %s", type(error).__name__)
        return False
    return True


def _expect(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(kind)
    return data


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, imaplib.IMAP4.abort):
        return "the connection broke off"
    if isinstance(error, imaplib.IMAP4.error):
        return "the server refused the sign-in or the folder"
    return getattr(error, "strerror", None) or type(error).__name__
