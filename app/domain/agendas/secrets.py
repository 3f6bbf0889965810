"""Secrets in lines that anybody can read, told from words about secrets; and such lines without them."""

from __future__ import annotations

import re

from app.domain.join_links import holds_join_link
from app.domain.text import clean_line

HIDDEN = "[hidden]"
_MARKS = re.compile(r"[*`_]")
_PASSCODE = re.compile(
    r"\bpass[ -]?codes?\b(?:\W{0,3}(?:[:=]|\bis\b)\W{0,3}(?P<value>[^\s)\]]+)|\s+(?P<digits>\w*\d\w*))?", re.IGNORECASE
)
_NOTHING = re.compile(r"(tb[acd]|none|n/?a|-+|–|to|in|the|sent|by|will|shared)\W?", re.IGNORECASE)
_WORD, _TELLING = re.compile(r"[^\s()\[\]<>|]+"), re.compile(r"[\d/=@?&\\%]")
_ADDRESS = re.compile(r"://|\w\.\w+/|[?&;#]\w+=|\b(zoommtg|zoomus|msteams|callto|sips?):", re.IGNORECASE)


def holds_secret(line: str) -> bool:
    """Whether the line gives the way into a call. "The passcode comes by mail" and "Passcode: TBA" give none."""
    if not holds_join_link(line):
        return False
    plain = _MARKS.sub("", line)
    if any(_says(match) for match in _PASSCODE.finditer(plain)):
        return True
    return holds_join_link(_PASSCODE.sub(" ", line)) and holds_join_link(_PASSCODE.sub(" ", plain))


def is_address(line: str) -> bool:
    """Whether the secret that the line holds is an address rather than a number or a word."""
    return _ADDRESS.search(line) is not None


def masked(text: str) -> str:
    """`text` on one clean line; where it holds a secret, without all that could be it."""
    shown = clean_line(text)
    if not holds_join_link(text):
        return shown
    shown = _PASSCODE.sub(_without_value, _MARKS.sub("", shown))
    return _WORD.sub(lambda word: HIDDEN if _TELLING.search(word[0]) else word[0], shown)


def _says(match: re.Match[str]) -> bool:
    value = match["value"] or match["digits"] or ""
    return bool(value) and _NOTHING.fullmatch(value) is None


def _without_value(match: re.Match[str]) -> str:
    return (
        f"{match[0][: match.start('value') - match.start()]}{HIDDEN}" if match["value"] and _says(match) else match[0]
    )
