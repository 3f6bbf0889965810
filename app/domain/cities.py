"""The cities of the community: a call's time is shown in each, so that "is it at night there?" needs no arithmetic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class City:
    """A place that people know, and its IANA zone, which may be named after another."""

    name: str
    zone: str


COMMUNITY_CITIES = (
    City("New York", "America/New_York"),
    City("Madrid", "Europe/Madrid"),
    City("Bengaluru", "Asia/Kolkata"),
    City("Tokyo", "Asia/Tokyo"),
)
