"""Agendas as items of an import: one for each call, with what had to be assumed, or why it is not taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from app.domain.agendas.findings import KINDS, Finding
from app.domain.agendas.parts import segments_of
from app.domain.agendas.people import read_speakers, same_words
from app.domain.agendas.reading import (
    Entry,
    call_day,
    call_region,
    call_time,
    entries,
    read_agenda,
    row_day,
    row_time,
)
from app.domain.agendas.regions import regions_in
from app.domain.agendas.secrets import masked
from app.domain.agendas.tables import split_tags
from app.domain.agendas.usual import usual_start
from app.domain.agendas.values import Place, Source, Written
from app.domain.agendas.written import USUAL_MINUTES, WrittenTime, read_month
from app.domain.imports.values import Item
from app.domain.join_links import holds_join_link
from app.domain.localtime import NoSuchWallTime, city, in_zone, to_utc
from app.domain.text import MAX_LINE, MAX_TEXT, clean_line, clean_text, is_web_address

_NO_CALL = frozenset({"no call", "cancelled", "canceled", "skipped"})
_OPEN = frozenset({"open agenda", "open slot", "open", "–", "-", ""})
_DOUBTFUL = frozenset({"TP101", "TP102", "TP103", "TP104", "TP105", "TP202", "TP203", "TP206", "TP307", "TP405"})


class Clock(StrEnum):
    """How a time in GMT is meant."""

    WRITTEN = "written"  # at that very instant
    USUAL = "usual"  # at the time that people's clocks usually show then

    @property
    def label(self) -> str:
        return {"written": "As written", "usual": "At the usual local time"}[self.value]


@dataclass(frozen=True)
class Assumptions:
    """What agendas do not say: in which zone a series in GMT meets, and what GMT means over a change of clocks."""

    zone: str = "Europe/Madrid"
    clock: Clock = Clock.WRITTEN


@dataclass(frozen=True)
class _Dated:
    """A call whose day and time are known. `series` is its regions or its name, as one text."""

    entry: Entry
    day: date
    time: WrittenTime
    series: str

    @property
    def group(self) -> tuple[int, str]:
        return self.day.year, _series_key(self.series)


def take(sources: Sequence[Source], findings: Iterable[Finding], *, assumed: Assumptions) -> list[Item]:
    """An item for each call of the agendas, in their order. `findings` are what lint found in them.

    A call whose day or time is doubtful is refused; where only the file of a call is wrong and its row is not, the row
    holds, and that is said.
    """
    agenda = read_agenda(sources)
    at = defaultdict(list)
    for finding in findings:
        at[finding.place.file, finding.place.line].append(finding)
    read = [_dated(entry) for entry in entries(agenda)]
    starts = defaultdict(list)
    for dated in read:
        if isinstance(dated, _Dated) and dated.time.is_fixed and not _problems(dated.entry, at):
            starts[dated.group].append(datetime.combine(dated.day, dated.time.clock, UTC))
    return [
        _item(each, at, starts, assumed=assumed) if isinstance(each, _Dated) else _unread(entry, each)
        for entry, each in zip(entries(agenda), read, strict=True)
    ]


def _dated(entry: Entry) -> _Dated | str:
    """The call with its day and time, of the row if there is one; or why they are not known."""
    day = row_day(entry.table, entry.row) if entry.table and entry.row else None
    written = row_time(entry.table, entry.row) if entry.table and entry.row else None
    region = entry.row.cell("region") if entry.row else None
    if entry.call:
        day, written = day or call_day(entry.call), written or call_time(entry.call)
        region = region or call_region(entry.call)
    if day is None:
        return "Only its month is known." if _says_month_alone(entry) else "No day can be read for it."
    if written is None:
        return "No time can be read for it."
    if not written.zones and written.zone:
        return f"The time zone “{clean_line(written.zone)[:60]}” is not known."
    return _Dated(entry, day, written, region.text if region else "")


def _says_month_alone(entry: Entry) -> bool:
    said = entry.row.cell("date") if entry.row else entry.call.field("date") if entry.call else None
    return said is not None and read_month(said.text) is not None


def _unread(entry: Entry, why: str) -> Item:
    place = _place(entry)
    said = entry.row.cell("date") if entry.row else None
    summary = masked(said.text) if said else place.file
    return Item(f"agenda:{place.file}:{place.line}"[-80:], summary, refused=why, place=_in_words(place))


def _item(
    dated: _Dated,
    at: Mapping[tuple[str, int], Sequence[Finding]],
    starts: Mapping[tuple[int, str], Sequence[datetime]],
    *,
    assumed: Assumptions,
) -> Item:
    entry, place = dated.entry, _place(dated.entry)
    title = _title(entry)
    key = f"agenda:{dated.day}:{_series_key(dated.series)}"[:80]
    summary = f"{dated.day.day} {dated.day:%b %Y}, {_series_name(dated.series)}: {masked(title) or 'open agenda'}"
    problems = _problems(entry, at)
    refused = " ".join(f"{finding.message} ({finding.code})" for finding in problems) or _unfit(title)
    if refused:
        return Item(key, summary, refused=refused, place=_in_words(place))
    wall, zone, said = _wall(dated, starts, assumed=assumed)
    try:
        to_utc(wall, zone)
    except NoSuchWallTime as error:
        return Item(key, summary, refused=str(error), place=_in_words(place))
    minutes = dated.time.minutes or USUAL_MINUTES
    recording = _recording(entry)
    payload = {
        "series": {"key": _series_key(dated.series), "name": _series_name(dated.series)},
        "wall": wall.isoformat(timespec="minutes"),
        "zone": zone,
        "minutes": minutes,
        "segments": segments_of(entry.call, minutes=minutes, recorded=bool(recording) or not title),
        "talk": _talk(entry, title, recording, at) if title else None,
    }
    return Item(key, summary, payload, notes=" ".join([*said, *_notes(dated, at)]), place=_in_words(place))


def _problems(entry: Entry, at: Mapping[tuple[str, int], Sequence[Finding]]) -> list[Finding]:
    """The doubts about day and time: of the row; of the file where there is no row."""
    if entry.row:
        lines = {(entry.row.place.file, entry.row.place.line)}
    else:
        fields = entry.call.fields if entry.call else ()
        lines = {(field.value.place.file, field.value.place.line) for field in fields}
    found = [finding for line in sorted(lines) for finding in at.get(line, ())]
    return [finding for finding in found if finding.code in _DOUBTFUL]


def _unfit(title: str) -> str:
    if title.lower() in _NO_CALL:
        return "It does not take place."
    if len(title) > MAX_LINE:
        return f"Its title has {len(title)} characters, at most {MAX_LINE} fit."
    return "Its title holds a join link or a passcode." if holds_join_link(title) else ""


def _wall(
    dated: _Dated, starts: Mapping[tuple[int, str], Sequence[datetime]], *, assumed: Assumptions
) -> tuple[datetime, str, list[str]]:
    """The naive wall clock and its zone, and what was assumed for them."""
    written = dated.time
    if not written.zone:
        return datetime.combine(dated.day, written.clock), assumed.zone, [f"No zone is said: {city(assumed.zone)}."]
    if not written.is_fixed:
        return datetime.combine(dated.day, written.clock), written.zones[0], []
    instant = datetime.combine(dated.day, written.clock, UTC)
    local = in_zone(instant, assumed.zone).replace(tzinfo=None)
    usual = usual_start([*starts[dated.group], instant], assumed.zone).time() if dated.group in starts else local.time()
    said = f"{written.clock:%H:%M} {written.zone}"
    if assumed.clock is Clock.USUAL and usual != local.time():
        meant = datetime.combine(dated.day, usual)
        return meant, assumed.zone, [f"{said} is taken as the usual {usual:%H:%M} in {city(assumed.zone)}."]
    other = f", not the usual {usual:%H:%M}" if usual != local.time() else ""
    return local, assumed.zone, [f"{said} is {local:%H:%M} in {city(assumed.zone)}{other}."]


def _notes(dated: _Dated, at: Mapping[tuple[str, int], Sequence[Finding]]) -> Iterator[str]:
    """What lint says of the call's file and its row that was decided here."""
    entry = dated.entry
    if dated.time.impossible:
        yield f"The time is written in an impossible way and read as {dated.time.clock:%H:%M}."
    if dated.time.minutes is None:
        yield f"No length is said: {USUAL_MINUTES} minutes."
    if entry.row and entry.call:
        codes = {finding.code for line in _field_lines(entry) for finding in at.get(line, ())}
        told = [KINDS[code].title for code in sorted(codes & (_DOUBTFUL | {"TP201", "TP301", "TP302", "TP303"}))]
        if told:
            yield f"The row holds, not the file: {'; '.join(told)}."


def _field_lines(entry: Entry) -> set[tuple[str, int]]:
    fields = entry.call.fields if entry.call else ()
    heading = [entry.call.heading] if entry.call and entry.call.heading else []
    places = [field.value.place for field in fields] + [each.place for each in heading]
    return {(place.file, place.line) for place in places}


def _title(entry: Entry) -> str:
    """The title of the row, else of the file; "" where the agenda is open."""
    cell = entry.row.cell("topic") if entry.row else None
    field = entry.call.field("topic") if entry.call else None
    for written in (cell, field):
        if written and not written.is_placeholder and written.text.lower() not in _OPEN:
            return clean_line(written.text)
    return ""


def _talk(
    entry: Entry, title: str, recording: str, at: Mapping[tuple[str, int], Sequence[Finding]]
) -> Mapping[str, object]:
    tag = entry.row.cell("tag") if entry.row else None
    return {
        "title": title,
        "abstract": _abstract(entry, at),
        "speakers": [
            {"name": each.name[:MAX_LINE], "affiliation": each.affiliation[:MAX_LINE]}
            for each in read_speakers(_who(entry))
        ],
        "recording_url": recording,
        "tags": split_tags(tag.text) if tag and not tag.is_placeholder else [],
    }


def _who(entry: Entry) -> str:
    """Who speaks, as the file says it where it names the same people as the row."""
    cell = entry.row.cell("speakers") if entry.row else None
    field = entry.call.field("guest") if entry.call else None
    listed, said = (_named(written) for written in (cell, field))
    same = [each.name for each in read_speakers(listed)], [each.name for each in read_speakers(said)]
    return said if said and (not listed or all(same_words(*pair) for pair in zip(*same, strict=False))) else listed


def _named(written: Written | None) -> str:
    return "" if written is None or written.is_placeholder or written.text.lower() in _OPEN else written.text


def _abstract(entry: Entry, at: Mapping[tuple[str, int], Sequence[Finding]]) -> str:
    """What the file says about the talk, without what is about another one, and nothing with a secret in it."""
    lines = entry.call.details if entry.call else ()
    about = [
        line for line in lines if "TP309" not in {each.code for each in at.get((line.place.file, line.place.line), ())}
    ]
    text = clean_text("\n\n".join(line.text for line in about))[:MAX_TEXT].rstrip()
    return "" if holds_join_link(text) else text


def _recording(entry: Entry) -> str:
    cell = entry.row.cell("recording") if entry.row else None
    targets = [link.target for link in cell.links] if cell else []
    return next((target for target in targets if is_web_address(target) and not holds_join_link(target)), "")


def _series_name(text: str) -> str:
    """ "APAC & EMEA Touchpoint" and "EMEA & APAC" are one series; other names are their own."""
    regions = regions_in(text)
    return (
        f"Touchpoint {' & '.join(sorted(regions, reverse=True))}" if regions else clean_line(text)[:MAX_LINE] or "Calls"
    )


def _series_key(text: str) -> str:
    kept = (char if char.isascii() and char.isalnum() else "-" for char in _series_name(text).lower())
    return "-".join(filter(None, "".join(kept).split("-")))[:40] or "calls"


def _place(entry: Entry) -> Place:
    if entry.row:
        return entry.row.place
    return Place(entry.call.source.path if entry.call else "", 1, 1)


def _in_words(place: Place) -> str:
    return f"{place.file}, line {place.line}"
