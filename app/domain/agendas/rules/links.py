"""Links: empty, to files that are not there, to another call; rows without a file and files without a row."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator

from app.domain.agendas.findings import Finding, found, quoted
from app.domain.agendas.inline import read_inline
from app.domain.agendas.reading import call_day, entries, file_path, nearest_name, row_day, target_path
from app.domain.agendas.rules.setting import Setting
from app.domain.agendas.values import Agenda, Link, Place

_UNSET = frozenset({"", "#", "-", "TBA", "TBD"})


def links(agenda: Agenda, setting: Setting) -> Iterator[Finding]:
    """Every link of every file."""
    names = {source.path: None for source in agenda.sources}
    for place, line in agenda.lines():
        if "](" in line:
            for link in read_inline(line, place).links:
                yield from _link(link, names, setting)


def rows_and_files(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Rows that link to nothing though they have a topic, and files that no row of their folder leads to."""
    folders = {posixpath.dirname(table.place.file) for table in agenda.tables}
    for entry in entries(agenda):
        topic = entry.row.cell("topic") if entry.row else None
        if entry.row and topic and not topic.links and not entry.call and not topic.is_placeholder:
            yield found("TP403", topic.place, f"{quoted(topic.text)} links to no file or page.")
        if entry.call and not entry.row and entry.call.source.folder in folders:
            said = "No row of the table beside it leads to this file."
            yield found("TP404", Place(entry.call.source.path, 1, 1), said)


def wrong_calls(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Rows whose link leads to the file of another day that has a row of its own."""
    calls = {call.source.path: call for call in agenda.calls}
    days = {row_day(table, row) for table in agenda.tables for row in table.rows}
    for table in agenda.tables:
        for row in table.rows:
            call, day, topic = calls.get(target_path(row)), row_day(table, row), row.cell("topic")
            if call and day and topic and call_day(call) not in {None, day} and call_day(call) in days:
                said = f"This row is of {day.day} {day:%B}, its link leads to {call.source.name}."
                yield found("TP405", topic.place, said)


def unspoken(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Recordings whose link is an emoji: read aloud, it says nothing."""
    for table in agenda.tables:
        for row in table.rows:
            cell = row.cell("recording")
            for link in cell.links if cell else ():
                if link.target and not any(char.isalnum() for char in link.text):
                    yield found("TP406", link.place, "Read aloud, this link says nothing: write “Recording”.")


def _link(link: Link, names: Collection[str], setting: Setting) -> Iterator[Finding]:
    if link.target.strip() in _UNSET:
        yield found("TP401", link.place, f"The link on {quoted(link.text)} leads nowhere.")
        return
    path = file_path(link)
    if not path or path in names or setting.exists(path):
        return
    beside = [posixpath.basename(name) for name in names if posixpath.dirname(name) == posixpath.dirname(path)]
    near = nearest_name(posixpath.basename(path), beside)
    meant = f" Is “./{near}” meant?" if near and posixpath.dirname(path) == posixpath.dirname(link.place.file) else ""
    yield found("TP402", link.place, f"There is no file {quoted(link.target)}.{meant}")
