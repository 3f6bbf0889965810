"""Finished RFC 5322 bytes from a mail: headers that nobody can add to, text, HTML and calendar as clients want them."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr

import idna

from app.domain.site import Site
from app.domain.text import clean_line
from app.mail.values import CalendarObject, Mail


class _OneLine(UnstructuredHeader, BaseHeader):
    """A header that is never folded: relays were seen to break the signature of one that was."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_UNSUBSCRIBE = ("List-Unsubscribe", "List-Unsubscribe-Post")
_registry = HeaderRegistry()
for _name in _UNSUBSCRIBE:
    _registry.map_to_type(_name, _OneLine)
POLICY = SMTP.clone(cte_type="7bit", header_factory=_registry)
"""From the start, not at the end: the default policy turns the calendar's CRLF into LF for good."""
MAX_HEADER = 150
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # RFC 5321 Dot-string


class UnsafeMessage(ValueError):
    """The composed message does not say what was asked of it: it must not leave."""


def compose(mail: Mail, *, message_id: str, thread: str | None, site: Site, now: datetime) -> bytes:
    """The message as it goes over the wire, checked by reading it again.

    `thread` is a key that all mails of one conversation share. Raises ValueError when it cannot be sent safely.
    """
    message = EmailMessage(policy=POLICY)
    for name, value in _headers(mail, message_id, thread, site, now).items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.calendar is not None:
        _add_calendar(message, mail.calendar)
    data = message.as_bytes()
    _expect_headers(data, message)
    return data


def header_text(value: str) -> str:
    """`value` as one line that no mail software takes for an encoded word, at most 150 characters.

    Python before 3.11.10 decodes `=?UTF-8?Q?=0A?=` while folding and writes a real line break (CVE-2024-6923).
    """
    line = re.sub(r"=(?=\?)", "= ", clean_line(value))
    return line if len(line) <= MAX_HEADER else f"{line[: MAX_HEADER - 1]}\N{HORIZONTAL ELLIPSIS}"


def ascii_address(address: str) -> str:
    """The address with its domain in ASCII (RFC 5891), as headers and envelopes need it.

    Raises UnsafeMessage for anything that is not one plain address.
    """
    local, _, domain = address.rpartition("@")
    try:
        domain = idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise UnsafeMessage("the domain of this address cannot be written in ASCII") from error
    if not _LOCAL_PART.fullmatch(local):
        raise UnsafeMessage("mail cannot be sent to an address like this")
    return f"{local}@{domain}"


def _headers(
    mail: Mail, message_id: str, thread: str | None, site: Site, now: datetime
) -> dict[str, str | Address | tuple[Address, ...]]:
    name, address = parseaddr(site.mail_from)
    headers: dict[str, str | Address | tuple[Address, ...]] = {
        "Message-ID": message_id,
        "Date": format_datetime(now),
        "From": Address(header_text(name), addr_spec=ascii_address(address)),
        "To": Address(addr_spec=ascii_address(mail.to)),
        "Reply-To": _reply_to(mail, site),
        "Subject": header_text(mail.subject),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if mail.unsubscribe:
        headers |= _unsubscribing(mail.unsubscribe)
    if thread:
        root = f"<proposal-{thread}@{site.uid_domain}>"
        headers |= {"In-Reply-To": root, "References": root}
    return headers


def _unsubscribing(address: str) -> dict[str, str]:
    """RFC 2369 and, where the address is https as RFC 8058 demands, the promise that one POST is enough.

    What can be left goes to many: `Precedence` (RFC 2076) keeps answering machines silent that know nothing newer.
    """
    if not re.fullmatch(r"https?://[!#-;=?-~]{1,900}", address):
        raise UnsafeMessage("the address that unsubscribes cannot stand in a header")
    header, one_click = _UNSUBSCRIBE
    promised = {one_click: "List-Unsubscribe=One-Click"} if address.startswith("https://") else {}
    return {header: f"<{address}>", **promised, "Precedence": "bulk"}


def _reply_to(mail: Mail, site: Site) -> tuple[Address, ...]:
    entry = mail.calendar.answers_to if mail.calendar else ""
    addresses = filter(None, (parseaddr(site.reply_to)[1], entry or mail.also_reply_to))
    return tuple(Address(addr_spec=address) for address in dict.fromkeys(map(ascii_address, addresses)))


def _add_calendar(message: EmailMessage, calendar: CalendarObject) -> None:
    """Once in the alternative, for clients that act on it, and once as a file, for those that only show files."""
    message.add_alternative(calendar.data.decode(), subtype="calendar", params={"method": calendar.method})
    message.add_attachment(calendar.data, maintype="application", subtype="ics", filename="invite.ics")


def _expect_headers(data: bytes, message: EmailMessage) -> None:
    """Read the bytes as a receiver would: a header more, or one that says something else, is an attack or a bug."""
    read = BytesHeaderParser(policy=POLICY).parsebytes(data)
    if read.keys() != message.keys() or str(read["To"]) != str(message["To"]):
        raise UnsafeMessage("the headers are not those that were set")
