"""The cities of the community: a call's time is shown in each, so that "is it at night there?" needs no arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.attribution import PublicText


@dataclass(frozen=True)
class City:
    """A place that people know, and its IANA zone, which may be named after another."""

    name: PublicText
    zone: str


COMMUNITY_CITIES = (
    City(PublicText("New York"), "America/New_York"),
    City(PublicText("Madrid"), "Europe/Madrid"),
    City(PublicText("Bengaluru"), "Asia/Kolkata"),
    City(PublicText("Tokyo"), "Asia/Tokyo"),
)
