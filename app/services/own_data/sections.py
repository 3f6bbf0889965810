"""What a part of somebody's data is: records of plain values, and the columns that they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.services.own_data.holders import Holder

Record = Mapping[str, object]
"""Names in the download's spelling, and plain values: words, numbers, instants, days, lists, mappings of these."""


@dataclass(frozen=True)
class Section:
    """One part, under `key` in the download. `covers` names the personal columns ("table.column") that it shows.

    `read` gives the newest first. `note` says on the page what this is, and what is left out.
    """

    key: str
    title: str
    note: str
    covers: frozenset[str]
    read: Callable[[Session, Holder, Site], list[Record]]
