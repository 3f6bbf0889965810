"""Speakers as people write them into one field: several names, an organisation behind a comma or in parentheses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.imports.offers import OfferedSpeaker

_BETWEEN = re.compile(r"[ \n](?:&|and|und|et|y)[ \n]|[\n;]")
_IN_PARENTHESES = re.compile(r"(?P<name>[^()]+?)\s*\((?P<affiliation>[^()]+)\)")
_AT = re.compile(r"(?P<name>.+?)\s*(?:,| [-–—@] | at )\s*(?P<affiliation>.+)")
_MOST = 100  # speakers that are counted: far more than fit
_BESIDE_WORDS = re.compile(r"[\s,;<>()\"']+")


def written_speakers(
    names: str, *, emails: str = "", affiliations: str = ""
) -> tuple[tuple[OfferedSpeaker, ...], tuple[str, ...]]:
    """The speakers in these fields, and notes on what was guessed.

    Addresses and affiliations belong to the names in their order; an address may stand beside its name, too.
    """
    written = _names(_in_order(names))[:_MOST]
    given, organisations = (
        _parts(_in_order(emails))[:_MOST],
        [part for part in affiliations.splitlines() if part.strip()],
    )
    speakers, notes = [], []
    for place, text in enumerate(written):
        speaker, note = _speaker(text)
        if not speaker.email and place < len(given):
            speaker = replace(speaker, email=given[place])
        if place < len(organisations):
            speaker = replace(speaker, affiliation=organisations[place])
        elif note:
            notes.append(note)
        speakers.append(speaker)
    return tuple(speakers) or tuple(OfferedSpeaker(email=email) for email in given), tuple(notes)


def with_details(speakers: Sequence[OfferedSpeaker], *, bio: str, pronouns: str) -> tuple[OfferedSpeaker, ...]:
    """With the one bio and pronouns that a form has: those of the first speaker."""
    return tuple(
        replace(speaker, bio=bio, pronouns=pronouns) if place == 0 else speaker
        for place, speaker in enumerate(speakers)
    )


def _in_order(text: str) -> str:
    """Its lines that say something, with one space between words: patterns look at a longer run often."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _names(text: str) -> list[str]:
    parts = [part.strip(" ,-*\t") for part in _BETWEEN.split(text)]
    found = [part for part in parts if part]
    if len(found) > 1 or text.count(",") > 1:  # "A B, C D and E F": commas are between people, too
        found = [piece.strip() for part in found for piece in _outside_parentheses(part)]
    return [part for part in found if part]


def _outside_parentheses(text: str) -> list[str]:
    found = [""]
    for piece in re.split(r"(?<=\))|(?=\()", text):
        first, *others = [piece] if piece.endswith(")") else piece.split(",")
        found[-1] += first
        found += others
    return found


def _parts(text: str) -> list[str]:
    """Addresses, each as it is written: one that is none is told, not skipped."""
    return [part.strip() for part in re.split(r"[ \n]and[ \n]|[\n;,]", text) if part.strip()]


def _speaker(text: str) -> tuple[OfferedSpeaker, str]:
    email = next((word for word in _BESIDE_WORDS.split(text) if "@" in word[1:-1]), "")
    words = text.replace(email, " ") if email else text
    name = " ".join(words.replace("<", " ").replace(">", " ").replace("()", " ").split())
    for pattern in (_IN_PARENTHESES, _AT):
        if match := pattern.fullmatch(name):
            note = "What stands behind the speaker's name is read as where they work."
            return OfferedSpeaker(match["name"].strip(), email, match["affiliation"].strip()), note
    return OfferedSpeaker(name.strip(" ,"), email), ""
