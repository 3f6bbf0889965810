"""What a rule may know beside the agenda."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.agendas.findings import Finding
from app.domain.agendas.values import Agenda


@dataclass(frozen=True)
class Setting:
    """`today` tells past from future; `tags` are the known ones in lower case; `exists` says whether a path does."""

    today: date
    tags: frozenset[str]
    exists: Callable[[str], bool]


Rule = Callable[[Agenda, Setting], Iterator[Finding]]
