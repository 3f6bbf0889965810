"""Messages as mail programs write them: files in tests/mail/inbound with the addresses and ids of a test filled in."""

from __future__ import annotations

import base64
from pathlib import Path

FOLDER = Path(__file__).parent / "mail" / "inbound"
ANSWERED = ("gmail_reply_accepted", "outlook_reply_declined", "outlook_counter", "apple_reply_tentative")


def letter(
    name: str,
    *,
    answer: str = "touchpoints+answer.1.aaaaaaaaaaaaaaaa@example.org",
    bounce: str = "touchpoints@example.org",
    uid: str = "uid@example.org",
    sequence: int = 0,
    message_id: str = "<one@example.org>",
) -> bytes:
    """The message with CRLF, as it comes over the wire."""
    filled = {"@ANSWER@": answer, "@BOUNCE@": bounce, "@UID@": uid, "@SEQUENCE@": str(sequence)}
    filled |= {"@MESSAGEID@": message_id}
    text = _read(f"{name}.eml", filled)
    if "@CALENDAR@" in text:
        calendar = _read(f"{name}.ics", filled).replace("\n", "\r\n")
        text = text.replace("@CALENDAR@", base64.encodebytes(calendar.encode()).decode().strip())
    return text.replace("\n", "\r\n").encode()


def _read(name: str, filled: dict[str, str]) -> str:
    text = (FOLDER / name).read_text(encoding="utf-8")
    for mark, value in filled.items():
        text = text.replace(mark, value)
    return text
