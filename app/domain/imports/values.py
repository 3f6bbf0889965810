"""The words of every import: its kinds, the states of a run, what a file holds, and what becomes of each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

MAX_ROWS = 2_000
MAX_KEY, MAX_SUMMARY, MAX_REASON = 80, 200, 500
PREVIEW_KEPT = timedelta(days=7)  # a dry run that nobody applies
UNDO_KEPT = timedelta(days=30)  # what undo needs, after a run was applied


class ImportKind(StrEnum):
    """Where it comes from."""

    ISSUE_FORM = "issue-form"
    CSV = "csv"
    PRETALX = "pretalx"
    SESSIONIZE = "sessionize"
    AGENDA = "agenda"
    HISTORY = "history"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    ImportKind.ISSUE_FORM: "Issue form",
    ImportKind.CSV: "CSV table",
    ImportKind.PRETALX: "pretalx",
    ImportKind.SESSIONIZE: "Sessionize",
    ImportKind.AGENDA: "Agendas",
    ImportKind.HISTORY: "Record of past calls",
}


class Outcome(StrEnum):
    """What applying a row does, or did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


WRITES = frozenset({Outcome.NEW, Outcome.CHANGED})


@dataclass(frozen=True)
class Item:
    """One thing in a file. `key` is its own in all imports of its kind, "csv:17": the same key is the same thing.

    `summary` is one line for the report. `payload` is all that is needed to write it, as plain JSON. `refused` says
    why it cannot come in; `notes` what was not said there and is assumed. `place` is where it stands: "line 12".
    """

    key: str
    summary: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    refused: str = ""
    notes: str = ""
    place: str = ""


@dataclass(frozen=True)
class Verdict:
    """What applying an item would do now, and why where that is not plain."""

    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True)
class Made:
    """A row of ours that an import made or changed, and its version then: with that still, it was left alone since."""

    table: str
    id: int
    version: int = 1

    def as_json(self) -> dict[str, Any]:
        return {"table": self.table, "id": self.id, "version": self.version}


@dataclass(frozen=True)
class Earlier:
    """The last time that this key came in. `is_alike`: the file says of it now exactly what it said then."""

    is_alike: bool
    made: tuple[Made, ...]
