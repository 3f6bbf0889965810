"""What mail servers say of a mail of ours that they could not deliver (delivery status notifications, RFC 3464)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.text import clean_line
from app.mail.mime import Taken, read_headers

_MESSAGE_ID = re.compile(r"<[^<>\s]{3,198}>")
_MAILBOX_FULL = "5.2.2"  # said as permanent, and over when somebody has tidied up (RFC 3463 3.3)


@dataclass(frozen=True)
class Report:
    """`has_failed`: this mail will never arrive. `is_permanent`: nor will another one, the address is to blame.

    `message_id` is that of our mail, empty if the report has none.
    """

    has_failed: bool
    is_permanent: bool
    status: str
    words: str
    message_id: str


def read_report(taken: Taken) -> Report | None:
    """The report in a message; None for a message that is none. One mail of ours has one recipient."""
    part = taken.first("message/delivery-status")
    if taken.kind != "multipart/report" or part is None:
        return None
    groups = [read_headers(group) for group in re.split(rb"\r?\n\r?\n", part.data)[:20]]
    recipient = next((group for group in groups if "action" in group), None)
    if recipient is None:
        return None
    status = clean_line(recipient.get("status", "").partition(" ")[0][:12])
    has_failed = recipient["action"].lower().startswith("failed")
    diagnostic = recipient.get("diagnostic-code", "").partition(";")
    return Report(
        has_failed=has_failed,
        is_permanent=has_failed and not status.startswith("4") and status != _MAILBOX_FULL,
        status=status,
        words=clean_line(diagnostic[2] or diagnostic[0])[:400],
        message_id=_original(taken),
    )


def _original(taken: Taken) -> str:
    returned = taken.first("message/rfc822") or taken.first("text/rfc822-headers")
    found = _MESSAGE_ID.search(read_headers(returned.data).get("message-id", "")) if returned else None
    return found.group() if found else ""
