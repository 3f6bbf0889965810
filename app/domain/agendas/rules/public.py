"""Secrets of calls in files that anybody can read."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.agendas.findings import Finding, found
from app.domain.agendas.rules.setting import Setting
from app.domain.agendas.secrets import holds_secret, is_address
from app.domain.agendas.values import Agenda, Place

_ADDRESS = (
    "This address lets everybody in, or holds the key of a registration. Anybody can read this file and its history: "
    "put a page of yours here, and give the call a new address."
)
_CODE = (
    "A passcode, a meeting's number or a number to dial stands here. Anybody can read this file and its history: take "
    "it out, and give the call a new one."
)


def secrets(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Every line that gives the way into a call. What it gives is never repeated."""
    for place, line in agenda.lines():
        if holds_secret(line):
            at = Place(place.file, place.line, len(line) - len(line.lstrip()) + 1)
            yield found("TP502", at, _ADDRESS) if is_address(line) else found("TP501", at, _CODE)
