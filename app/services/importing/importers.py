"""What writes the rows of one kind of import, and who does that for which kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol, cast

from sqlalchemy.orm import Session

from app.domain.imports.values import Earlier, ImportKind, Item, Made, Outcome, Verdict
from app.domain.site import Site
from app.services.auditing import Actor


@dataclass(frozen=True)
class Context:
    """Who imports, where, when; `run` is the run's number, for the audit trail, `settings` how its file was read."""

    by: Actor
    site: Site
    now: datetime
    run: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Effect:
    """What writing one item made or changed, and what stood there before, as plain JSON for `undo`."""

    made: tuple[Made, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """An item that was applied, as `undo` gets it back. Its payload is gone by then, and so may `before` be."""

    key: str
    outcome: Outcome
    made: tuple[Made, ...]
    before: Mapping[str, Any]


class Importer(Protocol):
    """Writes items of some kinds. Every method joins the caller's transaction; `judge` only reads."""

    def judge(self, session: Session, items: Sequence[Item], earlier: Mapping[str, Earlier]) -> Sequence[Verdict]:
        """What each of the readable items would do now, in their order, in a number of queries that does not grow.

        `earlier` has those whose key came in before and was not undone, by key.
        """

    def write(self, session: Session, item: Item, *, context: Context) -> Effect:
        """Make or change the rows of one item that was judged NEW or CHANGED a moment ago.

        A HouseError refuses this item alone, with its words.
        """

    def finish(self, session: Session, effects: Sequence[Effect], *, context: Context) -> None:
        """After the items of one batch: publish what they touched."""

    def undo(self, session: Session, written: Written, *, context: Context) -> str:
        """Delete what it made and restore what it changed, the last items of a run first; "" when that is done.

        Otherwise a sentence, and nothing changed: what somebody changed or used since stays.
        """


_ROOMS = {
    **dict.fromkeys((ImportKind.ISSUE_FORM, ImportKind.CSV, ImportKind.PRETALX, ImportKind.SESSIONIZE), "proposals"),
    ImportKind.AGENDA: "agendas",
    ImportKind.HISTORY: "history",
}


def importer_of(kind: ImportKind) -> Importer:
    """The importer of this kind: `IMPORTER` in its room, which is loaded when it is needed."""
    return cast(Importer, import_module(f"app.services.importing.{_ROOMS[kind]}").IMPORTER)
