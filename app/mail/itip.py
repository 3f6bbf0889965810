"""Answers that calendars send (iTIP, RFC 5546: REPLY and COUNTER), read line by line.

No component is built and no rule expanded: a time zone that repeats every second until 2038 is only a few lines here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar.parser import Contentline

from app.domain.received import CalendarAnswer
from app.domain.text import clean_line, clean_text

MAX_CALENDAR, MAX_LINES, MAX_DEPTH, MAX_WORDS = 100_000, 2_000, 4, 1_000
_ESCAPED = re.compile(r"\\([nN,;\\])")
_ANSWERS = {
    "ACCEPTED": CalendarAnswer.ACCEPTED,
    "TENTATIVE": CalendarAnswer.TENTATIVE,
    "DECLINED": CalendarAnswer.DECLINED,
}


@dataclass(frozen=True)
class Reply:
    """What one attendee answers about one event. `stamp` is when their calendar wrote it.

    `words` is what they added; `proposed` the time that they would rather have, in words, of a COUNTER alone.
    """

    answer: CalendarAnswer
    uid: str
    attendee: str
    sequence: int
    stamp: datetime
    words: str
    proposed: str


def read_reply(text: str) -> Reply | None:
    """The answer in `text`; None for everything that is not exactly one attendee's answer about one event."""
    if len(text) > MAX_CALENDAR:
        return None
    try:
        return _reply(list(_lines(text)))
    except (ValueError, KeyError, IndexError, OverflowError):
        return None


@dataclass(frozen=True)
class _Line:
    within: tuple[str, ...]
    name: str
    parameters: dict[str, str]
    value: str


def _lines(text: str) -> Iterator[_Line]:
    """The content lines, each with the components that it stands in. Raises ValueError for what is no calendar."""
    unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "").split("\n")
    if len(unfolded) > MAX_LINES:
        raise ValueError("too many lines")
    within: tuple[str, ...] = ()
    for line in filter(str.strip, unfolded):
        name, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
        name = name.upper()
        if len(within) > MAX_DEPTH:
            raise ValueError("too deep")
        if name == "BEGIN":
            within = (*within, value.strip().upper())
        elif name == "END":
            within = within[:-1]
        words = {key.upper(): str(each) for key, each in parameters.items()}
        yield _Line(within, name, words, value)


def _reply(lines: list[_Line]) -> Reply | None:
    method = next((line.value.strip().upper() for line in lines if line.name == "METHOD"), "")
    events = [line for line in lines if line.within == ("VCALENDAR", "VEVENT")]
    attendees = [line for line in events if line.name == "ATTENDEE"]
    first = {line.name: line for line in reversed(events)}
    begun = sum(line.name == "BEGIN" for line in events)
    if method not in {"REPLY", "COUNTER"} or begun != 1 or len(attendees) != 1:
        return None
    answer = CalendarAnswer.COUNTER if method == "COUNTER" else _ANSWERS[attendees[0].parameters["PARTSTAT"].upper()]
    return Reply(
        answer=answer,
        uid=clean_line(first["UID"].value),
        attendee=_address(attendees[0].value),
        sequence=int(first["SEQUENCE"].value[:9]) if "SEQUENCE" in first else 0,
        stamp=datetime.strptime(first["DTSTAMP"].value.strip(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC),
        words=_words(first["COMMENT"].value) if "COMMENT" in first else "",
        proposed=_proposed(first.get("DTSTART")) if answer is CalendarAnswer.COUNTER else "",
    )


def _address(value: str) -> str:
    scheme, colon, address = value.strip().partition(":")
    return address.lower() if colon and scheme.lower() == "mailto" else ""


def _words(value: str) -> str:
    plain = _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value[: 2 * MAX_WORDS])
    return clean_text(plain)[:MAX_WORDS]


def _proposed(line: _Line | None) -> str:
    """The start in words, in the zone that the calendar named: it may be one that only Windows knows."""
    if line is None:
        return ""
    value = line.value.strip()
    shape = "%Y%m%dT%H%M%S" if "T" in value else "%Y%m%d"
    start = datetime.strptime(value.removesuffix("Z"), shape)  # noqa: DTZ007 (a wall clock, for words)
    zone = "UTC" if value.endswith("Z") else clean_line(line.parameters.get("TZID", ""))[:80]
    day = f"{start:%A %-d %B %Y}"
    return f"{day}, {start:%H:%M} {zone}".rstrip() if "T" in value else day
