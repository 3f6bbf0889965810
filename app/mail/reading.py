"""Finished messages read back, for people who look at the outbox: their parts, and their text without secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from typing import cast

from app.mail.compose import POLICY

SECRET_KINDS = frozenset({"sign_in", "new_address"})
"""Mails that are a key: whoever reads them can be their reader."""
LEAVE_NO_TRACE = frozenset({"erased"})
"""Mails whose row is deleted as soon as they have left, or cannot: nobody is to know the address any more."""
SUBSCRIBERS_KINDS = frozenset(
    {"subscribe", "subscribed", "call_published", "call_moved", "call_cancelled", "call_tomorrow", "digest"}
)
"""Mails to subscribers: nobody but their reader learns of the address."""
_TOKEN = re.compile(r"(?<=/)[\w.~-]{16,}")


@dataclass(frozen=True)
class ReadMessage:
    """A message in its parts. `calendar` is the text of the calendar part, or empty."""

    headers: tuple[tuple[str, str], ...]
    subject: str
    to: str
    date: datetime
    text: str
    html: str
    calendar: str


def read_message(data: bytes) -> ReadMessage:
    """The parts of a message that `compose` made."""
    message = message_from_bytes(data, policy=POLICY)
    return ReadMessage(
        headers=tuple((name, str(value)) for name, value in message.items()),
        subject=str(message["Subject"]),
        to=str(message["To"]),
        date=parsedate_to_datetime(message["Date"]),
        text=_part(message, "text/plain"),
        html=_part(message, "text/html"),
        calendar=_part(message, "text/calendar"),
    )


def without_tokens(text: str, *, base_url: str) -> str:
    """`text` with the secret part of our own links left out: they open somebody else's page without a sign-in."""
    own = re.compile(rf"(?<={re.escape(base_url)})/\S*")
    return own.sub(lambda path: _TOKEN.sub("\N{HORIZONTAL ELLIPSIS}", path.group()), text)


def _part(message: Message, kind: str) -> str:
    found = next((part for part in message.walk() if part.get_content_type() == kind), None)
    return "" if found is None else str(cast(EmailMessage, found).get_content())
