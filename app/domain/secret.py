"""Secrets as a class of their own: the ways into a call, which only those who are invited may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

MASK = "•••"


@final
class Secret:
    """Text that shows itself to nobody: in a log, an f-string, a template or a traceback it is `•••`.

    `reveal` gives the text. Only the places that `tests/house/test_secrets.py` lists call it, each of them for readers
    who are entitled to it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself, for a reader who is entitled to it."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(("Secret", self._text))

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, _spec: str) -> str:
        return MASK


NO_SECRET = Secret("")


@dataclass(frozen=True)
class WayIn:
    """How to get into a call: the address to join, its passcode, numbers to dial, the page where one registers.

    Each may be empty; so may all of them, while the organizers have none yet.
    """

    address: Secret = NO_SECRET
    passcode: Secret = NO_SECRET
    dial_in: Secret = NO_SECRET
    registration: Secret = NO_SECRET

    def revealed_lines(self) -> tuple[tuple[str, str], ...]:
        """What there is, named, for a reader who is entitled to it: ("Join", "https://…")."""
        named = {
            "Join": self.address,
            "Passcode": self.passcode,
            "Dial in": self.dial_in,
            "Register": self.registration,
        }
        return tuple((name, secret.reveal()) for name, secret in named.items() if secret)

    def __bool__(self) -> bool:
        return any((self.address, self.passcode, self.dial_in, self.registration))


NO_WAY_IN = WayIn()
