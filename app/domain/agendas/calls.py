"""The file of one call: labelled fields, what the talk is about, and the agenda with its minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum

from app.domain.agendas.inline import read_inline
from app.domain.agendas.tables import year_in_folder, year_in_headings
from app.domain.agendas.values import CallFile, Field, Part, Place, Source, Written

_LABELS = {
    "date": "date",
    "time": "time",
    "guest": "guest",
    "guests": "guest",
    "speaker": "guest",
    "speakers": "guest",
    "moderator": "guest",
    "topic": "topic",
    "topics": "topic",
    "title": "topic",
    "region": "region",
    "series": "region",
    "tag": "tag",
    "tags": "tag",
    "recording": "recording",
    "slides": "slides",
    "meeting id": "meeting id",
    "meeting passcode": "meeting passcode",
}
_OF_THE_MEETING = {label: name for label, name in _LABELS.items() if label.startswith("meeting ")}
_FIELD = re.compile(
    r"(?P<lead>[^\w\[\]<`|\\]*)(?P<label>[^\W\d_][\w /-]{1,30}?)\s{0,9}[*_]{0,3}\s{0,9}:(?!//)\s{0,9}[*_]{0,3}\s*"
)
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*)")
_BULLET = re.compile(r"(\s*)(?:[-*+]|\d{1,3}[.)])\s+(?=\S)")
_MINUTES = re.compile(r"\(([^()]*\bmin(?:ute)?s?\b[^()]*)\)", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,4})(?:\s*(?:-|\N{EN DASH}|to)\s*(\d{1,4}))?")

_DEEPEST = 40  # spaces before a bullet, which say under which other it stands


class _Section(Enum):
    HEAD, DETAILS, AGENDA, OTHER = range(4)


@dataclass(frozen=True)
class _Line:
    section: _Section
    place: Place
    raw: str


def read_call(source: Source) -> CallFile | None:
    """The call that the file tells of; None for a file without a labelled date or time."""
    lines = source.text.splitlines()
    sectioned = list(_sections(source.path, lines))
    fields = tuple(_fields(sectioned))
    if not {"date", "time"} & {field.label for field in fields}:
        return None
    return CallFile(
        source=source,
        year=year_in_folder(source) or year_in_headings(lines),
        heading=_heading(source.path, lines),
        fields=fields,
        parts=tuple(_parts([line for line in sectioned if line.section is _Section.AGENDA])),
        details=tuple(_read(line) for line in sectioned if line.section is _Section.DETAILS and line.raw.strip()),
    )


def minutes_of(part: Part, below: Sequence[Part]) -> tuple[int, int] | None:
    """The minutes (least, most) of a part: its own, else those of the parts `below` it together."""
    if part.minutes or not below:
        return part.minutes
    return total_minutes(below)


def total_minutes(parts: Sequence[Part]) -> tuple[int, int] | None:
    """The minutes (least, most) that all parts take; None where not one says any."""
    spans = [span for part, below in branches(parts) if (span := minutes_of(part, below))]
    return (sum(least for least, _ in spans), sum(most for _, most in spans)) if spans else None


def branches(parts: Sequence[Part]) -> Iterator[tuple[Part, Sequence[Part]]]:
    """Each of the outermost parts with those indented below it."""
    begin = 0
    while begin < len(parts):
        end = begin + 1
        while end < len(parts) and parts[end].depth > parts[begin].depth:
            end += 1
        yield parts[begin], parts[begin + 1 : end]
        begin = end


def without_minutes(text: str) -> str:
    """The words of a part without its minutes."""
    return _MINUTES.sub("", text).strip()


def _sections(path: str, lines: Sequence[str]) -> Iterator[_Line]:
    section, headings = _Section.HEAD, 0
    for number, line in enumerate(lines, start=1):
        if heading := _HEADING.fullmatch(line):
            headings += 1
            section = _section(heading[1], first=headings == 1)
        else:
            yield _Line(section, Place(path, number, 1), line)


def _section(title: str, *, first: bool) -> _Section:
    lowered = title.lower()
    if first:
        return _Section.HEAD
    if "agenda" in lowered:
        return _Section.AGENDA
    return _Section.DETAILS if "detail" in lowered and "meeting" not in lowered else _Section.OTHER


def _heading(path: str, lines: Sequence[str]) -> Written | None:
    for number, line in enumerate(lines, start=1):
        if found := _HEADING.fullmatch(line):
            return read_inline(_without_end(found[1]), Place(path, number, found.start(1) + 1))
    return None


def _without_end(heading: str) -> str:
    """A heading may end with as many signs as it likes."""
    return heading.rstrip().rstrip("#").rstrip()


def _fields(lines: Sequence[_Line]) -> Iterator[Field]:
    """In the head every label, misspelt ones too; further down those of the meeting."""
    labels = {_Section.HEAD: _LABELS, _Section.OTHER: _OF_THE_MEETING}
    for line in lines:
        known = labels.get(line.section, {})
        if known and (match := _FIELD.match(line.raw)):
            written = " ".join(match["label"].split())
            near = get_close_matches(written.lower(), known, n=1, cutoff=0.8)
            if near:
                place = Place(line.place.file, line.place.line, match.end() + 1)
                misspelt = "" if written.lower() in known else written
                yield Field(known[near[0]], read_inline(line.raw[match.end() :], place), misspelt)


def _parts(lines: Sequence[_Line]) -> Iterator[Part]:
    """Each bullet with the lines that continue it."""
    group: list[_Line] = []
    for line in lines:
        if _BULLET.match(line.raw):
            yield from _part(group)
            group = [line]
        elif group and line.raw.strip() and line.raw[0] in " \t":
            group.append(line)
    yield from _part(group)


def _part(group: Sequence[_Line]) -> Iterator[Part]:
    if group and (bullet := _BULLET.match(group[0].raw)):
        written = (_read(group[0], begin=bullet.end()), *(_read(line) for line in group[1:]))
        said = [found[-1] for line in written if (found := _MINUTES.findall(line.text))]
        spans = [span for text in said if (span := _span(text))]
        total = (sum(least for least, _ in spans), sum(most for _, most in spans)) if spans else None
        yield Part(written, min(len(bullet[1].expandtabs(4)), _DEEPEST), total)


def _span(text: str) -> tuple[int, int] | None:
    """ "15 mins + 5 mins Q&A" is (20, 20), "5-7 mins" (5, 7)."""
    found = [_SPAN.search(piece) for piece in text.split("+")]
    spans = [(int(match[1]), int(match[2] or match[1])) for match in found if match]
    return (sum(least for least, _ in spans), sum(most for _, most in spans)) if spans else None


def _read(line: _Line, *, begin: int | None = None) -> Written:
    begin = len(line.raw) - len(line.raw.lstrip()) if begin is None else begin
    return read_inline(line.raw[begin:].rstrip(), Place(line.place.file, line.place.line, begin + 1))
