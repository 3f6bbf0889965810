"""What agendas hold, as somebody wrote it: tables of a year, files of calls, and where each value stands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_PLACEHOLDER = re.compile(
    r"(tb[acd]|to be (announced|confirmed|defined|decided|added)|speaker,? ?organi[sz]ation|\?+|\.\.\.|…)\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands. `line` and `column` count from 1, columns in characters."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """A file as it was handed in. `path` has forward slashes; its folders matter to links and years."""

    path: str
    text: str

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    @property
    def name(self) -> str:
        return posixpath.basename(self.path)


@dataclass(frozen=True)
class Link:
    """A Markdown link: the words it stands on, its target as written, and its place."""

    text: str
    target: str
    place: Place


@dataclass(frozen=True)
class Written:
    """A piece of text: `text` as a reader sees it, without Markdown's marks.

    `plain` is what of it is neither bold nor in italics: what is said about a title, not the title. `loose` says that
    marks were left over.
    """

    text: str
    place: Place
    links: tuple[Link, ...] = ()
    codes: tuple[str, ...] = ()
    emphasised: tuple[str, ...] = ()
    plain: str = ""
    loose: bool = False

    @property
    def is_placeholder(self) -> bool:
        """Whether it only keeps the room for what is not known yet: "TBA", "Speaker, Organization"."""
        return _PLACEHOLDER.fullmatch(self.text) is not None


@dataclass(frozen=True)
class Row:
    """A row of a year's table: its cells by column ("date", "region", "time", "speakers", "topic", "tag", ...)."""

    place: Place
    cells: Mapping[str, Written]
    width: int

    def cell(self, column: str) -> Written | None:
        """The cell, or None where the table has no such column or the cell is empty."""
        written = self.cells.get(column)
        return written if written and (written.text or written.links) else None


@dataclass(frozen=True)
class Table:
    """A year's table. `year` and `zone` ("GMT") are what its surroundings say for all rows: None and "" if nothing."""

    place: Place
    year: int | None
    zone: str
    width: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Field:
    """A labelled value: "📅 **Date**: Thursday, April 10". `misspelt` is what was written for the label, or ""."""

    label: str
    value: Written
    misspelt: str = ""


@dataclass(frozen=True)
class Part:
    """A part of a call's agenda. `minutes` is (least, most) of this line itself, None where it says none.

    `lines` are the bullet and what continues it; `depth` is how far it is indented under others.
    """

    lines: tuple[Written, ...]
    depth: int
    minutes: tuple[int, int] | None

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def place(self) -> Place:
        return self.lines[0].place


@dataclass(frozen=True)
class CallFile:
    """The file of one call. `details` are the lines about its talk; `year` is what heading and folder say."""

    source: Source
    year: int | None
    heading: Written | None
    fields: tuple[Field, ...]
    parts: tuple[Part, ...]
    details: tuple[Written, ...]

    def field(self, label: str) -> Written | None:
        """The first value with that label which is not empty."""
        return next((each.value for each in self.fields if each.label == label and each.value.text), None)


@dataclass(frozen=True)
class Agenda:
    """All that was handed in, read. `declared` are the tags that the agendas themselves list as theirs."""

    sources: tuple[Source, ...]
    tables: tuple[Table, ...]
    calls: tuple[CallFile, ...]
    declared: frozenset[str]

    def lines(self) -> Sequence[tuple[Place, str]]:
        """Every line of every file."""
        return [
            (Place(source.path, number, 1), line)
            for source in self.sources
            for number, line in enumerate(source.text.splitlines(), start=1)
        ]
