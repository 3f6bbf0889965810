"""What is missing, misspelt, unknown, left over, or written in two ways."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from app.domain.agendas.findings import Finding, found, quoted
from app.domain.agendas.people import read_speakers
from app.domain.agendas.reading import call_day, entries, nearest_name, row_day
from app.domain.agendas.rules.setting import Setting
from app.domain.agendas.tables import split_tags
from app.domain.agendas.values import Agenda, CallFile, Place, Row

_UNTOLD = re.compile(r"\b(TB[ACD])\b|\bby (\w+ or \w+)\b")
_NOT_YET = re.compile(r"\b(cooking|coming soon|in progress|will be (published|added))\b", re.IGNORECASE)
_RULES = re.compile(r"\bchatham house rules\b", re.IGNORECASE)
_CELLS = ("speakers", "topic", "tag", "recording")
_NEEDED = ("date", "time")
_MOST_SPEAKERS = 20  # of one call: each is looked for in its whole agenda


def tags(agenda: Agenda, setting: Setting) -> Iterator[Finding]:
    """Tags that neither the agenda declares nor the community uses."""
    known = setting.tags | agenda.declared
    names = sorted(known)
    for table in agenda.tables:
        for row in table.rows:
            cell = row.cell("tag")
            for tag in split_tags(cell.text) if cell and not cell.is_placeholder else ():
                if tag not in known and any(char.isalnum() for char in tag):
                    near = nearest_name(tag, names)
                    yield found("TP601", cell.place if cell else row.place, _unknown(tag, near))


def past_placeholders(agenda: Agenda, setting: Setting) -> Iterator[Finding]:
    """What a held call still has to announce, in its row and in its file."""
    for table in agenda.tables:
        for row in table.rows:
            day = row_day(table, row)
            if day and day < setting.today and (left := list(_left(row))):
                said = f"The call of {day.day} {day:%B %Y} is over, and this still says {', '.join(left)}."
                yield found("TP602", row.place, said)
    for call in agenda.calls:
        day = call_day(call)
        if day and day < setting.today:
            yield from _untold(call)


def missing(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Labels with nothing behind them, files without a date or a time, and labels that are misspelt."""
    for call in agenda.calls:
        for field in call.fields:
            if not field.value.text:
                yield found("TP603", field.value.place, f"Nothing stands behind the label {quoted(field.label)}.")
            if field.misspelt:
                place = Place(field.value.place.file, field.value.place.line, 1)
                yield found("TP608", place, f"{quoted(field.misspelt)} is read as {quoted(field.label)}.")
        present = {field.label for field in call.fields}
        for label in _NEEDED:
            if label not in present:
                yield found("TP603", Place(call.source.path, 1, 1), f"This call has no {label}.")


def names(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """A speaker whose name stands in the agenda with other letters: "Jimenez" for "Jiménez"."""
    for entry in entries(agenda):
        guest = entry.call.field("guest") if entry.call else None
        if entry.call and guest:
            speakers = [speaker.name for speaker in read_speakers(guest.text)][:_MOST_SPEAKERS]
            for name in speakers:
                for part in entry.call.parts:
                    for line in part.lines:
                        if (other := _otherwise(name, line.plain)) and other not in speakers:
                            said = f"{quoted(other)} here, {quoted(name)} above: one of them is misspelt."
                            yield found("TP606", line.place, said)


def the_rule(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """The Chatham House Rule is one; titles, in bold or italics, are left alone."""
    for call in agenda.calls:
        for part in call.parts:
            for line in part.lines:
                if _RULES.search(line.plain):
                    yield found("TP607", line.place, "It is the Chatham House Rule: there is only one.")


def leftovers(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Asterisks that readers see, because Markdown did not take them for italics or bold."""
    for call in agenda.calls:
        for line in (*(line for part in call.parts for line in part.lines), *(field.value for field in call.fields)):
            if line.loose:
                said = "Readers see the asterisks: no space may stand between them and the words."
                yield found("TP609", line.place, said)


def _unknown(tag: str, near: str) -> str:
    return f"{quoted(tag)} is not one of the known tags." + (f" Is {quoted(near)} meant?" if near else "")


def _left(row: Row) -> Iterator[str]:
    for column in _CELLS:
        cell = row.cell(column)
        if cell and (cell.is_placeholder or (column == "recording" and _NOT_YET.search(cell.text))):
            yield f"{quoted(cell.text)} as {column}"


def _untold(call: CallFile) -> Iterator[Finding]:
    values = [field.value for field in call.fields if field.value.is_placeholder]
    lines = [line for part in call.parts for line in part.lines if _UNTOLD.search(line.plain)]
    for written in (*values, *lines):
        match = _UNTOLD.search(written.plain)
        words = next(filter(None, match.groups())) if match else written.text
        yield found("TP602", written.place, f"The call is over, and this still says {quoted(words)}.")


def _otherwise(name: str, text: str) -> str:
    """The words in `text` that are the name but for its accents; "" if there are none."""
    wanted = _words(name)
    words, length = _words(text), len(wanted)
    runs = (words[begin : begin + length] for begin in range(len(words) - length + 1))
    other = (run for run in runs if length > 1 and run != wanted and _plain(run) == _plain(wanted))
    return " ".join(next(other, []))


def _words(text: str) -> list[str]:
    return [word.strip(".,;:()") for word in unicodedata.normalize("NFC", text).split()]


def _plain(words: list[str]) -> str:
    """Without accents, in one case."""
    apart = unicodedata.normalize("NFKD", " ".join(words))
    return "".join(char for char in apart if not unicodedata.combining(char)).casefold()
