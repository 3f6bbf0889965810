"""What files that are being imported say of somebody: shown to them, and gone with them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.domain.imports.values import Outcome
from app.domain.site import Site
from app.domain.states import ImportState
from app.models import ImportRow, ImportRun
from app.services.addresses import normal_address
from app.services.naming_elsewhere import is_named_in
from app.services.own_data.holders import Holder
from app.services.own_data.sections import Record, Section
from app.services.own_data.traces import Traces

_NOT_WRITTEN = (ImportState.MAPPING, ImportState.PREVIEWED)
_ADDRESS = re.compile(r"[^\s<>()\[\]{}\"',;:|]+@[^\s<>()\[\]{}\"',;:|@]+")
_SENDERS = frozenset({"private_note", "links"})
"""What whoever sent it wrote to organizers, and addresses that lead to any of its speakers."""


def _imported(session: Session, holder: Holder, _site: Site) -> list[Record]:
    says = [_may_name(column, holder) for column in (ImportRow.payload, ImportRow.before)]
    rows = select(ImportRow).where(or_(*says)).options(joinedload(ImportRow.run)).order_by(ImportRow.id.desc())
    tables = select(ImportRun).where(_may_name(ImportRun.source, holder)).order_by(ImportRun.id.desc())
    found: list[Record] = [
        {"file": row.run.file_name, "what": row.summary, "says": said, "read_at": row.run.created_at}
        for row in session.scalars(rows)
        for said in [_about(said, holder) for said in (row.payload.get("item", {}), row.before)]
        if said
    ]
    return found + [
        {"file": run.file_name, "what": "a table", "says": "your address", "read_at": run.created_at}
        for run in session.scalars(tables)
        if _has_address(run.source, holder)
    ]


def forget_imported(session: Session, holder: Holder, traces: Traces) -> None:
    """Let no import bring them back, or say their name: dry runs of tables that have them go, other rows are emptied.

    Joins the caller's transaction.
    """

    def names_them(value: object) -> bool:
        return _has_address(value, holder) or is_named_in("\n".join(_texts(value)), traces.identities)

    tables = select(ImportRun).where(ImportRun.state.in_(_NOT_WRITTEN), ImportRun.source != "")
    for run in session.scalars(tables).all():
        if names_them(run.source):
            session.delete(run)
    session.flush()
    something = or_(*(cast(column, Text) != "{}" for column in (ImportRow.payload, ImportRow.before)))
    for row in session.scalars(select(ImportRow).where(something)):
        if names_them(row.payload) or names_them(row.before):
            if row.payload:
                row.outcome, row.reason = Outcome.REFUSED, "Somebody in it has asked to be forgotten."
            row.payload, row.before = {}, {}
    for row in session.scalars(select(ImportRow).where(or_(ImportRow.summary != "", ImportRow.reason != ""))):
        if traces.are_in(f"{row.summary}\n{row.reason}"):
            row.summary, row.reason = traces.taken_out_of(row.summary, limit=200), traces.taken_out_of(row.reason)
    session.flush()


def _about(said: Mapping[str, Any], holder: Holder) -> Record:
    """What is said of the holder and of what they speak about; of its other speakers nothing.

    Where they only stand in a text of it, these texts.
    """
    speakers = said.get("speakers", [])
    own = [each for each in speakers if _has_address(each, holder)]
    if not own:
        return {name: text for name, text in said.items() if _has_address(text, holder)}
    hidden = _SENDERS if len(own) < len(speakers) else frozenset[str]()
    return {name: value for name, value in said.items() if name not in hidden} | {"speakers": own}


def _may_name(column: InstrumentedAttribute[Any], holder: Holder) -> ColumnElement[bool]:
    """Whether one of their addresses may stand in it, as JSON spells it or as it is: another may end alike."""
    text = cast(column, Text)
    spellings: Sequence[str] = [json.dumps(address)[1:-1] for address in holder.addresses]
    return or_(*(text.icontains(each, autoescape=True) for each in (*spellings, *holder.addresses)))


def _has_address(value: object, holder: Holder) -> bool:
    """Whether an address in it is one of theirs, and not another's that ends alike."""
    found = (match.rstrip(".") for text in _texts(value) for match in _ADDRESS.findall(text))
    return any(normal_address(address) in holder.addresses for address in found)


def _texts(value: object) -> Iterator[str]:
    """Every text in a value of JSON."""
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for each in value.values():
                yield from _texts(each)


IMPORTED = (
    Section(
        "imports",
        "Files that are being imported",
        "What a file from elsewhere says of you, until it is imported or forgotten, and what stood here before it.",
        frozenset({"import_row.payload", "import_row.before", "import_run.source"}),
        _imported,
    ),
)
