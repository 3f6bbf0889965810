"""The version that a form saw, against the version that is."""

from __future__ import annotations

from typing import Protocol

from app.domain.errors import Conflict


class Versioned(Protocol):
    """A row with an optimistic lock."""

    version: int


def expect_version(row: Versioned, version: int) -> None:
    """Raises Conflict unless `row` is still what the person saw."""
    if row.version != version:
        raise Conflict(
            "Somebody else changed this meanwhile. Nothing of yours was written; look again, then repeat it."
        )
