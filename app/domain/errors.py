"""What can go wrong, in domain words; `web/errors.py` alone translates them to HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


class HouseError(Exception):
    """Any refusal that the person who asked should read. `str(error)` is a sentence in their words."""


class RuleViolation(HouseError):
    """What was asked is understood and against a rule of the house (HTTP 422)."""


class InvalidInput(RuleViolation):
    """Fields that must be corrected first (HTTP 422).

    `errors` maps a field's name, as in the form, to the sentence beside it, in the order of the form.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


class Conflict(HouseError):
    """Somebody else changed the thing meanwhile (HTTP 409). Nothing was written."""


class NotFound(HouseError):
    """There is no such thing, or not for this person: the two are never told apart (HTTP 404)."""


class Gone(HouseError):
    """It was for one use, or for a time, and that is over (HTTP 410)."""


class NotAllowed(HouseError):
    """The person is known and may not do this (HTTP 403)."""


class TooMany(HouseError):
    """Asked too often (HTTP 429). `again_at` is the instant from which asking is welcome again, if it is known."""

    def __init__(self, message: str, *, again_at: datetime | None = None) -> None:
        super().__init__(message)
        self.again_at = again_at
