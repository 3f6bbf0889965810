"""What files that are being imported say of somebody: shown to them, and gone with them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, Text, cast, delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.imports.values import Outcome
from app.domain.site import Site
from app.domain.states import ImportState
from app.models import ImportRow, ImportRun
from app.services.own_data.holders import Holder
from app.services.own_data.sections import Record, Section
from app.services.own_data.traces import Traces

_NOT_WRITTEN = (ImportState.MAPPING, ImportState.PREVIEWED)


def _imported(session: Session, holder: Holder, _site: Site) -> list[Record]:
    rows = session.scalars(_rows_of(holder).order_by(ImportRow.id.desc()))
    tables = session.scalars(select(ImportRun).where(_names(ImportRun.source, holder)).order_by(ImportRun.id.desc()))
    found: list[Record] = [
        {
            "file": row.run.file_name,
            "what": row.summary,
            "says": row.payload or row.before,
            "read_at": row.run.created_at,
        }
        for row in rows
    ]
    return found + [
        {"file": run.file_name, "what": "a table", "says": "your address", "read_at": run.created_at} for run in tables
    ]


def forget_imported(session: Session, holder: Holder, traces: Traces) -> None:
    """Let no import bring them back, or say their name: dry runs of tables that have them go, other rows are emptied.

    Joins the caller's transaction.
    """
    has_them = _names(ImportRun.source, holder)
    session.execute(delete(ImportRun).where(ImportRun.state.in_(_NOT_WRITTEN), has_them))
    for row in session.scalars(_rows_of(holder)):
        if row.payload:
            row.outcome, row.reason = Outcome.REFUSED, "Somebody in it has asked to be forgotten."
        row.payload, row.before = {}, {}
    for row in session.scalars(select(ImportRow).where(or_(ImportRow.summary != "", ImportRow.reason != ""))):
        if traces.are_in(f"{row.summary}\n{row.reason}"):
            row.summary, row.reason = traces.taken_out_of(row.summary, limit=200), traces.taken_out_of(row.reason)
    session.flush()


def _rows_of(holder: Holder) -> Select[ImportRow]:
    says = [_names(column, holder) for column in (ImportRow.payload, ImportRow.before)]
    return select(ImportRow).where(or_(*says))


def _names(column: InstrumentedAttribute[object] | InstrumentedAttribute[str], holder: Holder) -> ColumnElement[bool]:
    """Whether it holds one of their addresses, as JSON spells it or as it is."""
    text = cast(column, Text)
    spellings: Sequence[str] = [json.dumps(address)[1:-1] for address in holder.addresses]
    return or_(*(text.icontains(each, autoescape=True) for each in (*spellings, *holder.addresses)))


IMPORTED = (
    Section(
        "imports",
        "Files that are being imported",
        "What a file from elsewhere says of you, until it is imported or forgotten, and what stood here before it.",
        frozenset({"import_row.payload", "import_row.before", "import_run.source"}),
        _imported,
    ),
)
