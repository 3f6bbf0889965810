"""A CSV table as spreadsheets write it: whatever separates its columns, quoted or not. Formulas are plain texts."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.errors import InvalidInput
from app.domain.imports.values import MAX_ROWS

MAX_COLUMNS, MAX_CELL = 100, 20_000
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class TableRow:
    """The cells of one row, as many as the header has; `line` is where it begins, 1 for the first of the file."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header and what stands under it."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    delimiter: str


def read_table(text: str) -> Table:
    """The table in `text`. Its first row that is not empty is the header. Raises InvalidInput (file)."""
    delimiter, text, skipped = _delimiter(text)
    try:
        rows = list(_rows(text, delimiter, skipped=skipped))
    except csv.Error as error:
        raise InvalidInput({"file": f"This is no table: {error}."}) from error
    if not rows:
        raise InvalidInput({"file": "There is nothing in it to import."})
    header = _header(rows[0].cells)
    if len(header) > MAX_COLUMNS:
        raise InvalidInput({"file": f"It has {len(header)} columns; at most {MAX_COLUMNS} can be read."})
    if len(rows) - 1 > MAX_ROWS:
        raise InvalidInput({"file": f"It has {len(rows) - 1:,} rows; at most {MAX_ROWS:,} go in at once. Split it."})
    width = len(header)
    body = tuple(TableRow(row.line, (*row.cells, *[""] * width)[:width]) for row in rows[1:])
    if not body:
        raise InvalidInput({"file": "There is a header and no row under it."})
    return Table(header, body, delimiter)


def _rows(text: str, delimiter: str, *, skipped: int) -> Iterator[TableRow]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=False)
    begins = 1 + skipped
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if any(len(cell) > MAX_CELL for cell in cells):
                raise csv.Error(f"a cell in line {begins} has more than {MAX_CELL:,} characters")
            yield TableRow(begins, tuple(cells))
        begins = reader.line_num + 1 + skipped


def _header(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the columns: none empty, none twice."""
    names, seen = [], Counter[str]()
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:120] or f"Column {number}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    while names and not cells[len(names) - 1].strip():
        names.pop()
    return tuple(names)


def _delimiter(text: str) -> tuple[str, str, int]:
    """What separates the columns, the text without a line that says so, and how many lines that were."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and first.strip()[4:5] in _DELIMITERS:
        return first.strip()[4:5], rest, 1
    outside = "".join(text[:20_000].split('"')[::2])
    lines = [line for line in outside.splitlines() if line.strip()][:20]
    counted = Counter({mark: _score(lines, mark) for mark in _DELIMITERS})
    return counted.most_common(1)[0][0], text, 0


def _score(lines: list[str], mark: str) -> int:
    """In how many lines it stands as often as in the first, weighed by how often that is."""
    wanted = lines[0].count(mark) if lines else 0
    return wanted * sum(line.count(mark) == wanted for line in lines)
