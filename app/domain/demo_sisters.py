"""The sister communities of the demo, as plain values: every name is invented, and nothing is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True)
class DemoEvent:
    """Something every `weeks` weeks on a weekday (Monday is 1), on a clock."""

    title: str
    weekday: int
    start: time
    minutes: int
    zone: str
    weeks: int = 1
    url: str = ""
    tentative: bool = False


@dataclass(frozen=True)
class DemoSister:
    name: str
    slug: str
    hue: str
    shape: str
    events: tuple[DemoEvent, ...]


SISTERS = (
    DemoSister(
        "Open Supply Guild",
        "open-supply-guild",
        "amber",
        "diamond",
        (
            DemoEvent("Steering call", 4, time(14, 30), 60, "Europe/Madrid", 3, "https://guild.example.org/steering"),
            DemoEvent("Automation work group", 2, time(9, 0), 60, "America/New_York", 2),
            DemoEvent("Education work group", 3, time(16, 0), 45, "Asia/Tokyo", 4, tentative=True),
        ),
    ),
    DemoSister(
        "Health Metrics Circle",
        "health-metrics-circle",
        "green",
        "triangle",
        (
            DemoEvent("Weekly newcomers’ hour", 1, time(17, 0), 60, "Europe/Dublin"),
            DemoEvent("Metrics review", 5, time(17, 0), 90, "Europe/Dublin", 2, "https://circle.example.org/review"),
        ),
    ),
)
