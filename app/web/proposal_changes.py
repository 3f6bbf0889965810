"""What differs between two states of the proposal form, in words: both sides of a conflict."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.web.proposal_form import ProposalForm

Words = Mapping[str, Mapping[str, str]]
_LABELS = {
    "title": "Title",
    "abstract": "What people will take away",
    "benefit": "Benefit to the ecosystem",
    "format": "Format",
    "minutes": "Minutes",
    "level": "Level",
    "topics": "Topics",
    "working_group": "Working group",
    "preference": "Which call",
    "away_weekdays": "Weekdays that do not suit",
    "away": "Dates that do not suit",
    "links": "Links",
    "private_note": "Private note",
}
_SPEAKER_LABELS = {
    "name": "name",
    "email": "e-mail",
    "pronouns": "pronouns",
    "affiliation": "affiliation",
    "role": "place in the community",
    "bio": "bio",
    "zone": "time zone",
    "attribution": "naming",
    "recording": "recording",
}
_SPEAKER_FIELD = re.compile(r"speaker-(\d+)-(\w+)")
NOTHING = "\N{EN DASH}"


def differences(stored: ProposalForm, typed: ProposalForm, *, words: Words) -> list[tuple[str, str, str]]:
    """(field, what is stored, what was typed) for each field in which the two differ, in the order of the form.

    `words` says the choices of a field ("topics", "attribution") as people know them; other text stands as it is.
    """
    names = [*_LABELS, *(name for number in _numbers(stored, typed) for name in _speaker_names(number))]
    both = [(name, _said(stored, name, words), _said(typed, name, words)) for name in names]
    return [(_label(name), was or NOTHING, now or NOTHING) for name, was, now in both if was != now]


def _numbers(stored: ProposalForm, typed: ProposalForm) -> list[int]:
    return sorted({*stored.numbers, *typed.numbers})


def _speaker_names(number: int) -> list[str]:
    return [f"speaker-{number}-{name}" for name in _SPEAKER_LABELS]


def _said(form: ProposalForm, name: str, words: Words) -> str:
    speaker = _SPEAKER_FIELD.fullmatch(name)
    choices = words.get(speaker[2] if speaker else name, {})
    return ", ".join(choices.get(value, value) for value in sorted(form.values(name)))


def _label(name: str) -> str:
    if speaker := _SPEAKER_FIELD.fullmatch(name):
        return f"Speaker {int(speaker[1]) + 1}: {_SPEAKER_LABELS[speaker[2]]}"
    return _LABELS[name]
