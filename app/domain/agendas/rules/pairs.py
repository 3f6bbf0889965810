"""A row against its file: times, titles, regions, speakers, dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from app.domain.agendas.calls import without_minutes
from app.domain.agendas.findings import Finding, found, quoted
from app.domain.agendas.people import folded, read_speakers, same_words
from app.domain.agendas.reading import Entry, call_day, call_region, call_time, entries, row_day, row_time
from app.domain.agendas.regions import regions_in
from app.domain.agendas.rules.setting import Setting
from app.domain.agendas.values import Agenda, CallFile, Row, Table, Written

_COPIES = 5  # files with the same line that are looked into
_LONG_ENOUGH = 8  # letters of a text in italics that can be a title


def pairs(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Where a row and its file contradict each other: said at the place in the file, with what the table says."""
    for entry in entries(agenda):
        if entry.table and entry.row and entry.call:
            yield from _dates(entry.table, entry.row, entry.call)
            yield from _times(entry.table, entry.row, entry.call)
            yield from _titles(entry.row, entry.call)
            yield from _regions(entry.row, entry.call)
            yield from _speakers(entry.row, entry.call)


def titles_within(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Titles in italics in the agenda of a file that are not those of its topic."""
    for call in agenda.calls:
        topic = call.field("topic")
        lines = [line for part in call.parts for line in part.lines]
        for line in lines if topic else ():
            for title in line.emphasised:
                named = folded(without_minutes(title))
                if topic and len(named) >= _LONG_ENOUGH and named not in folded(without_minutes(topic.text)):
                    said = f"The topic above is {quoted(topic.text)}, here it is {quoted(without_minutes(title))}."
                    yield found("TP308", line.place, said)


def strangers(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Text about a talk that stands in another call's file too and names who speaks there, and not here."""
    guests = {entry.call.source.path: _named(entry) for entry in entries(agenda) if entry.call}
    standing: dict[str, list[CallFile]] = defaultdict(list)
    for call in agenda.calls:
        for text in dict.fromkeys(line.text for line in call.details):
            standing[text].append(call)
    for call in agenda.calls:
        for line in call.details:
            others = [other for other in standing[line.text][:_COPIES] if other is not call]
            strange = ((other, name) for other in others for name in _strange(line, call, other, guests))
            for other, name in islice(strange, 1):
                who = f"{quoted(name)}, who speaks there and not here"
                yield found("TP309", line.place, f"This text is in {other.source.name} too, and about {who}.")


def _strange(line: Written, call: CallFile, other: CallFile, guests: dict[str, list[str]]) -> Iterator[str]:
    here = [folded(name) for name in guests[call.source.path]]
    for name in guests[other.source.path]:
        if len(folded(name)) > 2 and folded(name) in folded(line.text) and folded(name) not in here:
            yield name


def _named(entry: Entry) -> list[str]:
    """Names and affiliations of a call's speakers, from its file."""
    field = entry.call.field("guest") if entry.call else None
    speakers = read_speakers(field.text) if field else ()
    return [text for speaker in speakers for text in (speaker.name, speaker.affiliation) if text]


def _dates(table: Table, row: Row, call: CallFile) -> Iterator[Finding]:
    listed, said, field = row_day(table, row), call_day(call), call.field("date")
    if field and listed and said and listed != said:
        code = "TP307" if abs((listed - said).days) < 7 else "TP405"
        where = f"{row.place.file}:{row.place.line}"
        yield found(code, field.place, f"{quoted(field.text)} here, {quoted(row.cells['date'].text)} in {where}.")


def _times(table: Table, row: Row, call: CallFile) -> Iterator[Finding]:
    listed, said, field, cell = row_time(table, row), call_time(call), call.field("time"), row.cell("time")
    if not (listed and said and field and cell):
        return
    day = row_day(table, row) or call_day(call)
    same_zone = listed.zone.lower() == said.zone.lower() or not (listed.zone and said.zone)
    instants = (listed.starts_at(day), said.starts_at(day)) if day and not same_zone else (None, None)
    differs = listed.clock != said.clock if same_zone else None not in instants and instants[0] != instants[1]
    if differs:
        shown = f"{quoted(cell.text)} in {row.place.file}:{row.place.line}"
        yield found("TP301", field.place, f"{quoted(field.text)} here, {shown}.")


def _titles(row: Row, call: CallFile) -> Iterator[Finding]:
    listed, said = row.cell("topic"), call.field("topic")
    if listed and said and not listed.is_placeholder and not same_words(listed.text, said.text):
        shown = f"{quoted(listed.text)} in {row.place.file}:{row.place.line}"
        yield found("TP302", said.place, f"{quoted(said.text)} here, {shown}.")


def _regions(row: Row, call: CallFile) -> Iterator[Finding]:
    cell, field = row.cell("region"), call_region(call)
    listed, said = (regions_in(each.text) if each else () for each in (cell, field))
    if not (cell and field and listed and said) or listed == said:
        return
    shown = f"{' & '.join(said)} here, {' & '.join(listed)} in {row.place.file}:{row.place.line}."
    yield found("TP304" if set(listed) == set(said) else "TP303", field.place, shown)


def _speakers(row: Row, call: CallFile) -> Iterator[Finding]:
    cell, field = row.cell("speakers"), call.field("guest")
    if not (cell and field) or cell.is_placeholder or cell.text == field.text:
        return
    listed, said = read_speakers(cell.text), read_speakers(field.text)
    shown = f"{quoted(field.text)} here, {quoted(cell.text)} in {row.place.file}:{row.place.line}."
    if [folded(each.name) for each in listed] != [folded(each.name) for each in said]:
        yield found("TP305", field.place, shown)
    elif [folded(each.affiliation) for each in listed] != [folded(each.affiliation) for each in said]:
        yield found("TP306", field.place, shown)
