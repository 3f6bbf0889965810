"""One message that came in, as a frozen value: who sent it, where to, and what it is. Any bytes make one."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from html import unescape

from app.domain.received import LARGEST
from app.domain.text import clean_line, clean_text
from app.mail.itip import Reply, read_reply
from app.mail.mime import Taken, take_apart
from app.mail.reports import Report, read_report

log = logging.getLogger(__name__)
MAX_TEXT = 20_000
_SENT_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
_SHOWN = ("From", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "Auto-Submitted")
_MACHINES = ("x-autoreply", "x-autorespond", "x-autoreply-domain")
_TAG = re.compile(r"<[^<>]*>")
_NO_CHARACTER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9A-Fa-f]{8,});?")
"""A character by a number that none has; Python refuses to read one of thousands of digits."""
_HIDDEN = re.compile(r"<(?:script|style)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Inbound:
    """What a message says. `reply` and `report` are None where it holds none; `problem` says what was left unread.

    `is_automatic`: a machine wrote it. `is_from_server`: a mail server did, so it may be a report that we cannot read.
    """

    fingerprint: str
    message_id: str
    answers_to: tuple[str, ...]
    sender: str
    sent_to: tuple[str, ...]
    subject: str
    text: str
    reply: Reply | None
    report: Report | None
    is_automatic: bool
    is_from_server: bool
    problem: str


@dataclass(frozen=True)
class Attachment:
    """A part that is not the message's text: its name, cleaned, its type, and its size in bytes as it came."""

    name: str
    kind: str
    size: int


def read_attachments(data: bytes) -> tuple[Attachment, ...]:
    """All parts but the first text, by name and size. Their content is never looked at."""
    parts = take_apart(data[:LARGEST]).parts
    text = next((part for part in parts if part.kind == "text/plain"), None)
    return tuple(
        Attachment(clean_line(part.parameters.get("name", ""))[:120], part.kind[:80], len(part.body))
        for part in parts
        if part is not text
    )


def read_header_lines(data: bytes) -> tuple[tuple[str, str], ...]:
    """The headers that say who wrote to whom, and when, as clean lines; empty ones are left out."""
    taken = take_apart(data[:LARGEST])
    return tuple((name, line[:500]) for name in _SHOWN if (line := taken.line(name.lower())))


def read_inbound(data: bytes) -> Inbound:
    """What `data` says, never an error; of more than 10 MB the beginning alone is read."""
    try:
        return _read(data)
    except Exception as error:  # noqa: BLE001 (whatever we did not think of must not keep a message from being stored)
        log.warning("a message could not be read: %s", type(error).__name__)
        return _unread(data)


def _read(data: bytes) -> Inbound:
    taken = take_apart(data[:LARGEST])
    calendar = taken.first("text/calendar")
    return Inbound(
        fingerprint=_fingerprint(taken, data),
        message_id=taken.line("message-id")[:200],
        answers_to=tuple(re.findall(r"<[^<>\s]{3,198}>", taken.line("in-reply-to") + taken.line("references")))[:20],
        sender=next(iter(taken.addresses("from", "sender", "return-path")), "")[:254],
        sent_to=taken.addresses(*_SENT_TO)[:50],
        subject=taken.line("subject")[:200],
        text=_text(taken),
        reply=read_reply(calendar.text) if calendar else None,
        report=read_report(taken),
        is_automatic=_is_automatic(taken),
        is_from_server=taken.kind == "multipart/report" or _is_postmaster(taken),
        problem=_problem(taken, data),
    )


def _unread(data: bytes) -> Inbound:
    """Nothing but that it is there: somebody has to read it."""
    return Inbound(
        fingerprint=hashlib.sha256(data).hexdigest(),
        message_id="",
        answers_to=(),
        sender="",
        sent_to=(),
        subject="",
        text="",
        reply=None,
        report=None,
        is_automatic=False,
        is_from_server=False,
        problem="It could not be read; it is kept as it came.",
    )


def _fingerprint(taken: Taken, data: bytes) -> str:
    """The same for one message on two ways to us, as LF from a pipe and as CRLF from a mailbox; another for another.

    The Message-ID alone would not do: whoever copies it could let somebody else's message vanish.
    """
    own = "\n".join(taken.headers.get(name, "") for name in ("message-id", "date", "from", "to", "subject"))
    body = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[-1].replace(b"\r\n", b"\n").rstrip()
    return hashlib.sha256(own.encode("utf-8", "replace") + b"\n\n" + body).hexdigest()


def _text(taken: Taken) -> str:
    """The words: the plain text, or else the HTML without its tags."""
    if plain := taken.first("text/plain"):
        return clean_text(plain.text[:MAX_TEXT])
    html = taken.first("text/html")
    return clean_text(_without_tags(html.text)[:MAX_TEXT]) if html else ""


def _without_tags(html: str) -> str:
    """For reading only: a page escapes it like any other text."""
    first, *others = _HIDDEN.split(html)
    shown = [first, *(other.partition("</")[2].partition(">")[2] for other in others)]
    return unescape(_NO_CHARACTER.sub(" ", _TAG.sub(" ", "".join(shown))))


def _is_automatic(taken: Taken) -> bool:
    """Whether a machine wrote this (RFC 3834 and what came before it)."""
    submitted = taken.headers.get("auto-submitted", "no").partition(";")[0].strip().lower()
    precedence = taken.headers.get("precedence", "").lower()
    return (
        submitted not in {"", "no"}
        or precedence in {"auto_reply", "bulk", "junk"}
        or any(name in taken.headers for name in _MACHINES)
    )


def _is_postmaster(taken: Taken) -> bool:
    senders = {address.partition("@")[0] for address in taken.addresses("from")}
    return bool(senders & {"mailer-daemon", "postmaster"}) or taken.line("from").lower().startswith("mailer-daemon")


def _problem(taken: Taken, data: bytes) -> str:
    if len(data) > LARGEST:
        return "It is larger than 10 MB: only its beginning was read and is kept."
    if taken.cut:
        return "It has too many or too deep parts: not all of them were read."
    return "" if taken.headers else "It has no headers: this is hardly a mail."
