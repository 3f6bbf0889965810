"""Weekdays, dates, years, and the order of rows."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime

from app.domain.agendas.findings import Finding, found, quoted
from app.domain.agendas.reading import call_day, row_day, row_time
from app.domain.agendas.rules.setting import Setting
from app.domain.agendas.tables import year_in_folder
from app.domain.agendas.values import Agenda, CallFile, Written
from app.domain.agendas.written import misspelt_weekday, read_date, read_month


def days(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Each date by itself: readable, real, with its own weekday, in the year that its surroundings say."""
    for table in agenda.tables:
        for row in table.rows:
            if len(row.cells) and row.width != table.width:
                yield found("TP108", row.place, f"This row has {row.width} cells, the table {table.width} columns.")
            if cell := row.cell("date"):
                yield from _date(cell, year=table.year, expected=table.year)
            else:
                yield found("TP103", row.place, "This row has no date.")
    for call in agenda.calls:
        if field := call.field("date"):
            yield from _date(field, year=call.year, expected=year_in_folder(call.source))
            yield from _file_name(call, field)


def order(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Rows that stand below a later day, and are not later for all that: calls meet in many zones."""
    for table in agenda.tables:
        latest: date | None = None
        begun: datetime | None = None
        for row in table.rows:
            day, written = row_day(table, row), row_time(table, row)
            start = written.starts_at(day) if day and written else None
            if day and latest and day < latest and not (start and begun and start >= begun):
                yield found("TP106", row.place, f"{_in_words(day)} stands below {_in_words(latest)}.")
            elif day:
                latest, begun = day, start


def twice(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Rows of the same day, time and region that do not lead to different pages."""
    for table in agenda.tables:
        first: dict[object, int] = {}
        for row in table.rows:
            day, written = row_day(table, row), row_time(table, row)
            region, topic = row.cell("region"), row.cell("topic")
            targets = tuple(link.target for link in topic.links) if topic else ()
            key = (day, region and region.text.lower(), written and written.clock, targets)
            if day and key in first:
                yield found("TP107", row.place, f"{_in_words(day)} stands in line {first[key]} already.")
            first.setdefault(key, row.place.line)


def _date(cell: Written, *, year: int | None, expected: int | None) -> Iterator[Finding]:
    written, month = read_date(cell.text), read_month(cell.text)
    if month and expected and month[0] != expected:
        yield found("TP104", cell.place, f"The date says {month[0]}, the heading or the folder {expected}.")
    if month:
        return
    if written is None:
        yield found("TP103", cell.place, f"{quoted(cell.text)} is no date that can be read: write “Thursday, March 5”.")
        return
    if written.year and expected and written.year != expected:
        yield found("TP104", cell.place, f"The date says {written.year}, the heading or the folder {expected}.")
    if wrong := misspelt_weekday(cell.text):
        yield found("TP103", cell.place, f"{quoted(wrong)} is no day of the week.")
    day = written.on(year)
    if day is None:
        words = f"There is no {written.in_words}" + (f" in {written.year or year}." if written.year or year else ".")
        is_known = written.year or year or not _exists_in_any_year(written.month, written.day)
        unknown = "No year is known: name it in the date, in the heading or in the folder."
        yield found("TP102" if is_known else "TP103", cell.place, words if is_known else unknown)
    elif written.weekday not in {None, day.weekday()}:
        named = calendar.day_name[written.weekday or 0]
        yield found("TP101", cell.place, f"{_in_words(day)} is a {day:%A}, not a {named}.")


def _file_name(call: CallFile, field: Written) -> Iterator[Finding]:
    named, day = read_date(call.source.name.removesuffix(".md")), call_day(call)
    if named and day and (named.month, named.day) != (day.month, day.day):
        yield found("TP105", field.place, f"The file is called {call.source.name}, and says {_in_words(day)} here.")


def _exists_in_any_year(month: int, day: int) -> bool:
    return 1 <= day <= calendar.monthrange(2000, month)[1]


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
