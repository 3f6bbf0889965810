"""The working groups as one table: in which order, and which of them are folded away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.states import WorkingGroupState
from app.domain.working_groups import PublicWorkingGroup


class Sort(StrEnum):
    """By what the table is ordered. The organizers' order is the one without a word in the address."""

    ORDER = ""
    NAME = "name"
    STATE = "state"


@dataclass(frozen=True)
class GroupTable:
    """`living` are in the order of `sort`, `archived` ones by name."""

    living: tuple[PublicWorkingGroup, ...]
    archived: tuple[PublicWorkingGroup, ...]
    sort: Sort


_STATES = list(WorkingGroupState)
_KEYS: dict[Sort, Callable[[PublicWorkingGroup], tuple[int, str]]] = {
    Sort.ORDER: lambda _: (0, ""),
    Sort.NAME: lambda group: (0, group.name.casefold()),
    Sort.STATE: lambda group: (_STATES.index(group.state), group.name.casefold()),
}


def table_of(groups: Iterable[PublicWorkingGroup], *, by: str) -> GroupTable:
    """The table of `groups`, which are in the organizers' order; a word that is no order means that one."""
    sort = Sort(by) if by in set(Sort) else Sort.ORDER
    ordered = sorted(groups, key=_KEYS[sort])
    archived = sorted((group for group in ordered if group.is_archived), key=_KEYS[Sort.NAME])
    return GroupTable(tuple(group for group in ordered if not group.is_archived), tuple(archived), sort)
