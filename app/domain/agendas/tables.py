"""The tables of a year's agenda: which column is which, and the rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.domain.agendas.inline import read_inline, split_cells
from app.domain.agendas.values import Place, Row, Source, Table, Written
from app.domain.agendas.written import zone_in_header

_DIVIDER = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_COLUMNS = (
    ("date", "date"),
    ("time", "time"),
    ("region", "region"),
    ("speaker", "speakers"),
    ("moderator", "speakers"),
    ("guest", "speakers"),
    ("presenter", "speakers"),
    ("tag", "tag"),
    ("topic", "topic"),
    ("title", "topic"),
    ("talk", "topic"),
    ("series", "region"),
    ("call", "region"),
    ("recording", "recording"),
    ("video", "recording"),
    ("when", "date"),
    ("day", "date"),
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_TAGS = re.compile(r"\W{0,6}tags\W{0,4}:", re.IGNORECASE)


def read_tables(source: Source) -> Iterator[Table]:
    """Each table of the file that has a date in its head, and a time or a topic."""
    lines = source.text.splitlines()
    number, year = 0, year_in_folder(source)
    while number + 1 < len(lines):
        if "|" in lines[number] and "-" in lines[number + 1] and _DIVIDER.fullmatch(lines[number + 1].strip()):
            end = next((n for n in range(number + 2, len(lines)) if "|" not in lines[n]), len(lines))
            yield from _table(source, lines, number, end, year=year)
        else:
            end = number + 1
        year, number = year_in_headings(lines[number:end]) or year, end


def declared_tags(source: Source) -> frozenset[str]:
    """The tags that a line "Tags: `Strategy`, `Business`" lists as the agenda's own, in lower case."""
    read = [read_inline(line, Place(source.path, 1, 1)).text for line in source.text.splitlines() if _TAGS.match(line)]
    return frozenset(tag for text in read for tag in split_tags(text.partition(":")[2]))


def split_tags(text: str) -> list[str]:
    """The tags of a cell or of such a line, in lower case."""
    return [tag for each in text.split(",") if (tag := each.strip(" .").lower())]


def year_in_folder(source: Source) -> int | None:
    """The year in the nearest folder of the path that names one: "Agenda_2026/README.md"."""
    return next((int(found[1]) for part in reversed(source.folder.split("/")) if (found := _YEAR.search(part))), None)


def year_in_headings(lines: Sequence[str]) -> int | None:
    """The last year in the headings among the lines."""
    years = [year for line in lines if line.lstrip().startswith("#") for year in _YEAR.findall(line)]
    return int(years[-1]) if years else None


def _table(source: Source, lines: Sequence[str], head: int, end: int, *, year: int | None) -> Iterator[Table]:
    heads = split_cells(lines[head])
    columns = [_column(read_inline(text, Place(source.path, head + 1, column)).text) for text, column in heads]
    if "date" not in columns or not {"time", "topic"} & set(columns):
        return
    times = [text for (text, _), column in zip(heads, columns, strict=True) if column == "time"]
    yield Table(
        place=Place(source.path, head + 1, 1),
        year=year,
        zone=zone_in_header(times[0]) if times else "",
        width=len(heads),
        rows=tuple(_row(source.path, n + 1, lines[n], columns) for n in range(head + 2, end) if lines[n].strip(" |")),
    )


def _column(head: str) -> str:
    """The column's name; a head that we do not know keeps its own."""
    lowered = head.lower().strip()
    return next((name for word, name in _COLUMNS if word in lowered), lowered)


def _row(path: str, number: int, line: str, columns: Sequence[str]) -> Row:
    cells = split_cells(line)
    found: dict[str, Written] = {}
    for name, (text, column) in zip(columns, cells, strict=False):
        found.setdefault(name, read_inline(text, Place(path, number, column)))
    return Row(Place(path, number, len(line) - len(line.lstrip()) + 1), found, len(cells))
