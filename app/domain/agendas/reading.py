"""Agendas read whole: what is a table, what is the file of a call, and which of them belong together."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from urllib.parse import unquote, urlsplit

from app.domain.agendas.calls import read_call
from app.domain.agendas.tables import declared_tags, read_tables
from app.domain.agendas.values import Agenda, CallFile, Link, Row, Source, Table, Written
from app.domain.agendas.written import WrittenDate, WrittenTime, read_date, read_time
from app.domain.text import MAX_LINE

_COMPARED = 100  # names: a list of more is nobody's, and each comparison takes its time


def read_agenda(sources: Sequence[Source]) -> Agenda:
    """What the files hold, in order of their paths. A file that holds no agenda is in `sources` alone."""
    ordered = tuple(sorted(sources, key=lambda source: source.path))
    tables = tuple(table for source in ordered for table in read_tables(source))
    with_tables = {table.place.file for table in tables}
    years = {posixpath.dirname(table.place.file): table.year for table in tables}
    read = [read_call(source) for source in ordered if source.path not in with_tables]
    calls = [replace(call, year=call.year or years.get(call.source.folder)) for call in read if call]
    declared = frozenset(tag for source in ordered for tag in declared_tags(source))
    return Agenda(ordered, tables, tuple(calls), declared)


@dataclass(frozen=True)
class Entry:
    """One call as the agenda has it: its row, its file, or both; at least one is there."""

    table: Table | None
    row: Row | None
    call: CallFile | None


def entries(agenda: Agenda) -> Iterator[Entry]:
    """Every row with the file that it links to, else with that of its day beside it; then the files without a row."""
    left = {call.source.path: call for call in agenda.calls}
    rows = [(table, row) for table in agenda.tables for row in table.rows]
    linked = [left.pop(path, None) if (path := target_path(row)) else None for _, row in rows]
    beside = _by_day(left.values())
    for (table, row), call in zip(rows, linked, strict=True):
        day = row_day(table, row)
        found = call or (beside.pop((posixpath.dirname(row.place.file), day), None) if day else None)
        if found:
            left.pop(found.source.path, None)
        yield Entry(table, row, found)
    for call in left.values():
        yield Entry(None, None, call)


def _by_day(calls: Iterable[CallFile]) -> dict[tuple[str, date], CallFile]:
    """The calls by folder and day, where there is one alone."""
    found: dict[tuple[str, date], list[CallFile]] = defaultdict(list)
    for call in calls:
        if day := call_day(call):
            found[call.source.folder, day].append(call)
    return {key: same[0] for key, same in found.items() if len(same) == 1}


def target_path(row: Row) -> str:
    """The path of the file that the row's topic links to; "" without a link to a file."""
    topic = row.cell("topic")
    return next((path for link in topic.links if (path := file_path(link))), "") if topic else ""


def file_path(link: Link) -> str:
    """The path of the file that a link leads to, from where its own file's path begins; "" for an address."""
    parts = urlsplit(link.target)  # Markdown has encoded whatever this could stumble over
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(link.place.file), unquote(parts.path)))


def nearest_name(name: str, names: Sequence[str]) -> str:
    """The one of `names` that was most likely meant; "" if none is near."""
    return next(iter(get_close_matches(name[:MAX_LINE], names[:_COMPARED], n=1, cutoff=0.7)), "")


def row_date(row: Row) -> WrittenDate | None:
    cell = row.cell("date")
    return read_date(cell.text[:MAX_LINE]) if cell else None


def row_day(table: Table, row: Row) -> date | None:
    """The day of a row; None where it cannot be told."""
    written = row_date(row)
    return written.on(table.year) if written else None


def row_time(table: Table, row: Row) -> WrittenTime | None:
    cell = row.cell("time")
    return read_time(cell.text[:MAX_LINE], zone=table.zone) if cell else None


def call_day(call: CallFile) -> date | None:
    """The day of a call's file; None where it cannot be told."""
    field = call.field("date")
    written = read_date(field.text[:MAX_LINE]) if field else None
    return written.on(call.year) if written else None


def call_time(call: CallFile) -> WrittenTime | None:
    field = call.field("time")
    return read_time(field.text[:MAX_LINE]) if field else None


def call_region(call: CallFile) -> Written | None:
    """The region: of a field with that label, else the heading."""
    return call.field("region") or call.heading
