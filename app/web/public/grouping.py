"""Lists of calls under headings: months to come, on the visitor's calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from app.domain.localtime import in_zone
from app.domain.publication import PublicTouchpoint


@dataclass(frozen=True)
class Group:
    title: str
    calls: tuple[PublicTouchpoint, ...]


def by_month(calls: Iterable[PublicTouchpoint], zone: str | None) -> list[Group]:
    """Neighbours of one month together: "December 2026"."""
    return _grouped(calls, zone, "%B %Y")


def _grouped(calls: Iterable[PublicTouchpoint], zone: str | None, form: str) -> list[Group]:
    def title(call: PublicTouchpoint) -> str:
        return in_zone(call.starts_at, zone or call.time_zone).strftime(form)

    return [Group(name, tuple(members)) for name, members in groupby(calls, key=title)]
