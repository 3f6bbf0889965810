"""The minutes of an agenda against the length of its call."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.agendas.calls import branches, total_minutes
from app.domain.agendas.findings import Finding, found, quoted
from app.domain.agendas.reading import call_time
from app.domain.agendas.rules.setting import Setting
from app.domain.agendas.values import Agenda, CallFile, Part
from app.domain.agendas.written import USUAL_MINUTES, is_not_known


def minutes(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Agendas that take more or less than their call, and parts that do not say what they take.

    A call whose end is written may have time to spare; where none is, an hour is expected to be full. Of one whose
    time is not known, neither is its length.
    """
    for call in agenda.calls:
        yield from _total(call)
        for part, below in branches(call.parts):
            if part.minutes is None:
                for leaf in _leaves(part, below):
                    yield found("TP605", leaf.place, f"{quoted(leaf.text)} says no minutes.")


def _total(call: CallFile) -> Iterator[Finding]:
    total, written, field = total_minutes(call.parts), call_time(call), call.field("time")
    if total is None or (field and is_not_known(field.text)):
        return
    least, most = total
    said = f"{least} to {most}" if least != most else str(most)
    length = written.minutes if written else None
    if least > (length or USUAL_MINUTES):
        yield found("TP604", call.parts[0].place, f"The parts take {said} minutes, the call {length or USUAL_MINUTES}.")
    elif length is None and most < USUAL_MINUTES:
        text = f"The parts take {said} minutes, {USUAL_MINUTES - most} fewer than the usual {USUAL_MINUTES}."
        yield found("TP604", call.parts[0].place, text)


def _leaves(part: Part, below: object) -> Iterator[Part]:
    inner = [each for each in below if isinstance(each, Part)]  # type: ignore[attr-defined]
    if not inner:
        yield part
    for child, children in branches(inner):
        if child.minutes is None:
            yield from _leaves(child, children)
