"""Single fields of a form, from text to values: what cannot be read is None, and the service says what is missing."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import TypeVar

E = TypeVar("E", bound=StrEnum)


def read_number(text: str) -> int | None:
    """A whole number of at most six digits."""
    digits = text.strip()
    return int(digits) if len(digits) <= 6 and digits.isascii() and digits.removeprefix("-").isdigit() else None


def read_day(text: str) -> date | None:
    """A day as `<input type=date>` sends it: 2026-11-23."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def read_clock(text: str) -> time | None:
    """A wall-clock time as `<input type=time>` sends it: 14:00. Seconds and zones are not read."""
    try:
        clock = time.fromisoformat(text.strip())
    except ValueError:
        return None
    return None if clock.tzinfo else clock.replace(second=0, microsecond=0)


def read_word(words: type[E], text: str) -> E | None:
    """The member of `words` that is spelt like that."""
    return next((member for member in words if member.value == text), None)
