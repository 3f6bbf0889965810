"""The community's record of past calls, read from its JSON: what can stand in the archive, and what cannot and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from app.domain.agenda import Segment
from app.domain.attribution import Attribution
from app.domain.errors import RuleViolation
from app.domain.join_links import holds_join_link
from app.domain.localtime import to_utc
from app.domain.past_agendas import Recorded, read_past_agenda
from app.domain.publication import Audience
from app.domain.text import MAX_LINE, clean_line, is_web_address
from app.domain.written_times import read_end, read_rule_day, read_rule_time, read_start, read_zone

USUAL_MINUTES = 60
_MIDDAY = time(12)
_SPELLINGS = {"apac": "APAC", "emea": "EMEA", "amer": "AMER", "ospology": "OSPOlogy"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_LESS_THAN_A_MONTH = re.compile(r"\d{4}")


class MalformedHistory(RuleViolation):
    """The file is not such a record; the sentence says where."""


@dataclass(frozen=True)
class PastSpeaker:
    """A speaker exactly as published: an empty name or affiliation was not."""

    name: str
    affiliation: str

    @property
    def attribution(self) -> Attribution:
        if self.name:
            return Attribution.NAME_AND_AFFILIATION if self.affiliation else Attribution.NAME
        return Attribution.AFFILIATION if self.affiliation else Attribution.NONE


@dataclass(frozen=True)
class PastSeries:
    """A series of its time. `rule` is its rule as written, with the years; may be empty."""

    key: str
    name: str
    rule: str
    audience: Audience


@dataclass(frozen=True)
class PastCall:
    """A held call. `wall` is naive, in `zone`; without `day_known` it stands for its month alone. `notes` say what was
    not written and had to be taken from elsewhere."""

    key: str
    series: PastSeries
    title: str
    wall: datetime
    day_known: bool
    zone: str
    minutes: int
    segments: tuple[Segment, ...]
    speakers: tuple[PastSpeaker, ...]
    recording_url: str
    slides_url: str
    submitted: date | None
    notes: tuple[str, ...]

    @property
    def starts_at(self) -> datetime:
        return to_utc(self.wall, self.zone)


@dataclass(frozen=True)
class Skipped:
    """A call that cannot stand in the archive, and why."""

    key: str
    title: str
    why: str


@dataclass(frozen=True)
class History:
    """The record. `others` counts the entries that are no calls, by kind."""

    calls: tuple[PastCall, ...]
    skipped: tuple[Skipped, ...]
    others: Mapping[str, int]


class Entry:
    """One object of the file, whose fields are read by name and type. `where` is its place, for errors."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise MalformedHistory(f"{where} is not an object.")
        self._fields: dict[str, Any] = value
        self.where = where

    def text(self, name: str, *, required: bool = False) -> str:
        """The field on one clean line; "" where it is absent or null."""
        value = self._fields.get(name)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or (required and not value.strip()):
            raise MalformedHistory(f"{self.where}.{name} is not {'a' if required else 'null or a'} text.")
        return clean_line(value)

    def items(self, name: str, *, required: bool = False) -> list[Any]:
        """The field as a list; empty where it is absent or null."""
        value = self._fields.get(name)
        if value is None and not required:
            return []
        if not isinstance(value, list):
            raise MalformedHistory(f"{self.where}.{name} is not a list.")
        return value

    def texts(self, name: str) -> list[str]:
        items = self.items(name)
        if not all(isinstance(item, str) for item in items):
            raise MalformedHistory(f"{self.where}.{name} is not a list of texts.")
        return [clean_line(item) for item in items]

    def entries(self, name: str, *, required: bool = False) -> Iterator[Entry]:
        for number, item in enumerate(self.items(name, required=required)):
            yield Entry(item, f"{self.where}.{name}[{number}]")

    def address(self, name: str) -> str:
        """The field if it is an absolute web address, and no way into a call; else ""."""
        text = self.text(name)
        return text if is_web_address(text) and not holds_join_link(text) else ""


def read_history(data: object) -> History:
    """The record in `data`, parsed JSON: {"series": [...], "sessions": [...]}. Raises MalformedHistory."""
    whole = Entry(data, "The file")
    rules = {entry.text("id", required=True): _rule(entry) for entry in whole.entries("series")}
    entries = list(whole.entries("sessions", required=True))
    kinds = [entry.text("kind", required=True) for entry in entries]
    sessions = [entry for entry, kind in zip(entries, kinds, strict=True) if kind == "session"]
    _expect_unique(sessions)
    series = _read_series(sessions, rules)
    read = [_read_call(entry, series[_series_key(entry)]) for entry in sessions]
    return History(
        calls=tuple(each for each in read if isinstance(each, PastCall)),
        skipped=tuple(each for each in read if isinstance(each, Skipped)),
        others=Counter(kind for kind in kinds if kind != "session"),
    )


def _rule(entry: Entry) -> str:
    years, rule = entry.text("years"), entry.text("rule_as_written")
    return f"{years}: {rule}" if years and rule else rule


def _expect_unique(sessions: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in sessions:
        key = entry.text("id", required=True)
        if len(key) > 80:
            raise MalformedHistory(f"{entry.where}.id is longer than 80 characters.")
        if key in seen:
            raise MalformedHistory(f"{entry.where}.id is the second “{key}”.")
        seen.add(key)


def _series_key(entry: Entry) -> str:
    """ "touchpoint-thursday (Europe chapter)" is the series touchpoint-thursday."""
    return entry.text("series", required=True).partition(" (")[0]


def _read_series(sessions: list[Entry], rules: Mapping[str, str]) -> dict[str, PastSeries]:
    """The series of these calls. One whose calls were for members alone, even once, is for members alone."""
    closed = {_series_key(entry) for entry in sessions if entry.text("audience").lower().startswith("general members")}
    found: dict[str, PastSeries] = {}
    for entry in sessions:
        key = _series_key(entry)
        audience = Audience.MEMBERS if key in closed else Audience.OPEN
        name = _series_name(entry.text("series"))
        found.setdefault(key, PastSeries(key, name, rules.get(key, ""), audience))
    return found


def _series_name(text: str) -> str:
    key, opening, label = text.partition(" (")
    words = " ".join(_SPELLINGS.get(word, word.capitalize()) for word in key.split("-"))
    return f"{words}{opening}{label}"[:MAX_LINE]


def _read_call(entry: Entry, series: PastSeries) -> PastCall | Skipped:
    key, title, written = entry.text("id"), entry.text("title"), entry.text("date", required=True)
    why = _why_not(entry, title, written)
    if why:
        return Skipped(key, title, why)
    month = _MONTH.fullmatch(written)
    day = read_rule_day(series.rule, year=int(month[1]), month=int(month[2])) if month else _read_day(entry, written)
    start, zone, notes = _read_start(entry, series)
    minutes, assumed = _read_minutes(entry, start)
    recording = entry.address("recording_url")
    return PastCall(
        key=key,
        series=series,
        title=title or f"{series.name}, {day:{'%B %Y' if month else '%-d %B %Y'}}",
        wall=datetime.combine(day, start),
        day_known=month is None,
        zone=zone,
        minutes=minutes,
        segments=read_past_agenda(
            [line for line in entry.texts("agenda") if not holds_join_link(line)],
            minutes=minutes,
            audience=entry.text("audience"),
            recorded=Recorded.YES if recording else Recorded.NO,
        ),
        speakers=_read_speakers(entry, recording=recording),
        recording_url=recording,
        slides_url=entry.address("slides_url"),
        submitted=_read_optional_day(entry, "cfp_submitted"),
        notes=(*_origin_notes(entry, title), *notes, *assumed),
    )


def _why_not(entry: Entry, title: str, written: str) -> str:
    if _LESS_THAN_A_MONTH.fullmatch(written):
        return f"no month is known: {written}"
    if not entry.text("status").startswith("held"):
        return f"it was not held: {entry.text('status') or 'no status'}"
    if len(title) > MAX_LINE:
        return f"its title has {len(title)} characters, at most {MAX_LINE} fit"
    return "its title holds a join link or a passcode" if holds_join_link(title) else ""


def _origin_notes(entry: Entry, title: str) -> Iterator[str]:
    if not title:
        yield "no title is known: named after its series and day"
    if _MONTH.fullmatch(written := entry.text("date")):
        precision = entry.text("date_precision")
        yield f"no day is known, and pages say none: {written}" + (f", {precision}" if precision != "month" else "")
    if "inferred" in entry.text("date_precision"):
        yield f"day {entry.text('date_precision')}"
    if "assumed" in entry.text("status"):
        yield entry.text("status")
    if len(talks := entry.texts("talks")) > 1:
        yield f"{len(talks)} talks kept as one under the call's title"


def _read_start(entry: Entry, series: PastSeries) -> tuple[time, str, list[str]]:
    written, zone_text = entry.text("start_as_written"), entry.text("zone_as_written")
    start, zone = read_start(written, end=entry.text("end_as_written")), read_zone(zone_text)
    if start is not None and zone is not None:
        return start, zone, ["GMT read as UTC"] if zone_text.upper() == "GMT" else []
    if rule := read_rule_time(series.rule):
        return *rule, [f"start {rule[0]:%H:%M} {rule[1]} from the series' rule as written"]
    return _MIDDAY, zone or "UTC", [f"no start is known: midday {zone or 'UTC'}"]


def _read_minutes(entry: Entry, start: time) -> tuple[int, list[str]]:
    if match := re.match(r"(\d{1,3})\s*min", entry.text("duration_as_written")):
        return int(match[1]), []
    end = read_end(entry.text("end_as_written"))
    if end is not None and end > start:
        return (end.hour - start.hour) * 60 + end.minute - start.minute, []
    return USUAL_MINUTES, [f"no length is known: {USUAL_MINUTES} minutes"]


def _read_speakers(entry: Entry, *, recording: str) -> tuple[PastSpeaker, ...]:
    """Whoever the record names. Where it names nobody, a published recording still had a speaker, who stays unnamed."""
    named = tuple(PastSpeaker(each.text("name"), each.text("affiliation")) for each in entry.entries("speakers"))
    return named or ((PastSpeaker("", ""),) if recording else ())


def _read_optional_day(entry: Entry, name: str) -> date | None:
    written = entry.text(name)
    return _read_day(entry, written, name=name) if written else None


def _read_day(entry: Entry, written: str, *, name: str = "date") -> date:
    try:
        if not _DAY.fullmatch(written):
            raise ValueError(written)
        return date.fromisoformat(written)
    except ValueError as error:
        raise MalformedHistory(f"{entry.where}.{name} is no date: “{written}”.") from error
