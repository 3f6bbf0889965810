"""Recordings and slides that a talk of the past still lacks: since when, and who sees to them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

MAX_REASON = 200


class MaterialKind(StrEnum):
    """What a talk brings to the archive besides its words."""

    RECORDING = "recording"
    SLIDES = "slides"

    @property
    def label(self) -> str:
        return self.value.capitalize()


def days_missing(ended_at: datetime, *, now: datetime) -> int:
    """For how many whole days a call of the past has waited for it."""
    return max(0, (now - ended_at).days)
