"""What a clock usually shows when a series of calls in GMT begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from app.domain.agendas.regions import CITIES
from app.domain.localtime import in_zone

SHIFTING = ("EMEA", "AMER")  # where clocks change; an hour of GMT is the same one elsewhere all year


def usual_start(instants: Iterable[datetime], zone: str) -> datetime:
    """One of these starts, at what the clock of `zone` shows most often in winter; without any, at all."""
    ordered = sorted(instants)
    local = [in_zone(instant, zone) for instant in [*filter(_is_winter, ordered)] or ordered]
    most = Counter(each.time() for each in local).most_common(1)[0][0]
    return next(each for each in local if each.time() == most)


def _is_winter(instant: datetime) -> bool:
    return not any(in_zone(instant, CITIES[region][0].zone).dst() for region in SHIFTING)
