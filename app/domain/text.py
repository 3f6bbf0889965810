"""Text from outside: control characters out, white space in order, lengths held."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

MAX_LINE, MAX_TEXT, MAX_NOTE = 120, 2_000, 4_000
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs by their class, and yet nothing to see."""
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def clean_text(value: str) -> str:
    """`value` with newlines as LF, without controls, bidirectional overrides and lone surrogates, in NFC, trimmed.

    Such characters break calendars and mails (icalendar passes NUL and raises on a surrogate) or hide text. It is empty
    where there is nothing to see: an invisible name or question is none.
    """
    text = unicodedata.normalize("NFC", _CONTROLS.sub("", _NEWLINES.sub("\n", value)))
    text = re.sub("\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()
    return text if any(_is_seen(char) for char in text) else ""


def clean_line(value: str) -> str:
    """`value` cleaned and on one line: every run of white space is one space."""
    return " ".join(clean_text(value).split())


def _is_seen(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNPS" and char not in _BLANK


def is_web_address(value: str) -> bool:
    """Whether `value` is an absolute http(s) address with a host and without credentials, space or control."""
    if len(value) > 500 or value != clean_line(value) or " " in value:
        return False
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc
