"""What the columns of a table mean: guessed from their names, chosen by an organizer, applied to each row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.errors import InvalidInput
from app.domain.imports.offers import Offer, OfferedSpeaker, OfferState
from app.domain.imports.speakers import written_speakers
from app.domain.imports.tables import Table, TableRow
from app.domain.text import clean_line, clean_text

MAX_CONSTANT = 2_000
SPEAKERS = 3  # with columns of their own; one column may name more


@dataclass(frozen=True)
class Target:
    """A field of a proposal that a column, or one value for all rows, may fill. `names` are what columns are called."""

    key: str
    label: str
    names: tuple[str, ...]
    hint: str = ""

    @property
    def is_further(self) -> bool:
        """Whether it is of a second or third speaker."""
        return self.key.startswith(("speaker-1", "speaker-2"))


_PROPOSAL = (
    Target("id", "Its own number", ("id", "number", "no", "code", "submission id", "session id", "proposal id", "#")),
    Target("title", "Title", ("title", "session title", "talk title", "proposal title", "name of the talk", "session")),
    Target("abstract", "Abstract", ("abstract", "description", "session description", "session abstract", "summary")),
    Target("benefit", "Benefit", ("benefit", "benefits", "benefits to the ecosystem", "benefit to the ecosystem")),
    Target("format", "Format", ("format", "session format", "type", "session type", "submission type")),
    Target("level", "Level", ("level", "level of expertise", "audience level", "experience level")),
    Target("minutes", "Minutes", ("minutes", "duration", "length", "session length", "duration minutes")),
    Target("topics", "Topics", ("topics", "topic", "track", "tags", "category", "categories")),
    Target("links", "Links", ("links", "link", "url", "resources", "additional resources", "slides")),
    Target("private_note", "Note for the organizers", ("note", "notes", "comment", "comments", "anything else")),
    Target("state", "State", ("state", "status", "decision", "proposal state", "session state")),
    Target(
        "created", "Sent on", ("created", "submitted", "timestamp", "date", "created at", "submitted at", "sent on")
    ),
)
_SPEAKER = (
    ("name", "name", ("name", "full name", "speaker", "speakers", "names", "first name", "presenter", "presenters")),
    ("surname", "last name, if apart", ("last name", "surname", "family name")),
    ("email", "e-mail", ("email", "e mail", "email address", "e mail address", "mail", "emails", "owner email")),
    ("affiliation", "affiliation", ("affiliation", "company", "organization", "organisation", "employer")),
    ("role", "place in the community", ("role", "role category", "place in the community")),
    ("pronouns", "pronouns", ("pronouns", "preferred pronouns")),
    ("bio", "bio", ("bio", "biography", "about", "tagline")),
)


def _speaker_targets(place: int) -> tuple[Target, ...]:
    ordinal = ("Speaker", "Second speaker", "Third speaker")[place]
    hint = "Several in one cell stand in lines of their own, or with a semicolon between."
    return tuple(
        Target(f"speaker-{place}-{key}", f"{ordinal}: {label}", _spelt(names, place), hint="" if place else hint)
        for key, label, names in _SPEAKER
    )


def _spelt(names: Sequence[str], place: int) -> tuple[str, ...]:
    """ "Speaker 2 name", "co-speaker name", "name 2"."""
    before = (("", "speaker ", "speaker 1 "), ("speaker 2 ", "co speaker "), ("speaker 3 ", "co speaker 2 "))[place]
    behind = [f"{name} {place + 1}" for name in names] if place else []
    return (*(f"{word}{name}" for word in before for name in names), *behind)


TARGETS: tuple[Target, ...] = (*_PROPOSAL, *(each for place in range(SPEAKERS) for each in _speaker_targets(place)))
_KEYS = frozenset(target.key for target in TARGETS)
_STATES = {
    OfferState.ACCEPTED: ("accepted", "accept", "confirmed", "approved", "yes", "scheduled"),
    OfferState.DECLINED: ("declined", "rejected", "reject", "decline", "no"),
    OfferState.WITHDRAWN: ("withdrawn", "canceled", "cancelled", "deleted"),
    OfferState.DRAFT: ("draft",),
}


@dataclass(frozen=True)
class Columns:
    """What an organizer chose: for a field the place of a column, or one value for all rows; `source` names the table.

    The same source knows its rows again by their numbers.
    """

    places: Mapping[str, int] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"places": dict(self.places), "constants": dict(self.constants), "source": self.source}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Columns:
        return cls(value.get("places", {}), value.get("constants", {}), value.get("source", ""))


def guess_columns(header: Sequence[str]) -> Columns:
    """The columns whose names say what they are; each is used once."""
    wanted = [_words(name) for name in header]
    places: dict[str, int] = {}
    for target in TARGETS:
        found = (wanted.index(name) for name in target.names if name in wanted)
        free = next((place for place in found if place not in places.values()), None)
        if free is not None:
            places[target.key] = free
    return Columns(places)


def check_columns(columns: Columns, table: Table) -> Columns:
    """The columns, cleaned. Raises InvalidInput with a sentence for each field: "column-title", "constant-minutes"."""
    problems: dict[str, str] = {}
    for key, place in columns.places.items():
        if key not in _KEYS or not 0 <= place < len(table.header):
            problems[f"column-{key}"] = "Choose among the columns of the table."
    constants = {key: clean_text(text) for key, text in columns.constants.items() if key in _KEYS}
    for key, text in constants.items():
        if len(text) > MAX_CONSTANT:
            problems[f"constant-{key}"] = f"At most {MAX_CONSTANT:,} characters; these are {len(text):,}."
    if "title" not in columns.places:
        problems["column-title"] = "Say which column has the title."
    if not {"speaker-0-name", "speaker-0-email"} & columns.places.keys() and not constants.get("speaker-0-name"):
        problems["column-speaker-0-name"] = "Say which column has the speaker's name."
    source = clean_line(columns.source)
    if len(source) > 30:
        problems["source"] = f"At most 30 characters; these are {len(source)}."
    if problems:
        raise InvalidInput(problems)
    return Columns(dict(columns.places), {key: text for key, text in constants.items() if text}, source)


def offers_of(table: Table, columns: Columns) -> list[Offer]:
    """Each row as an offer."""
    return [_offer(row, columns) for row in table.rows]


def _offer(row: TableRow, columns: Columns) -> Offer:
    said = {key: row.cells[place] for key, place in columns.places.items()}
    texts = {
        target.key: said.get(target.key, "").strip() or columns.constants.get(target.key, "") for target in TARGETS
    }
    speakers, notes = _speakers(texts)
    return Offer(
        id=texts["id"],
        title=texts["title"],
        abstract=texts["abstract"],
        benefit=texts["benefit"],
        format=texts["format"],
        level=texts["level"],
        minutes=texts["minutes"],
        topics=tuple(texts["topics"].splitlines()),
        links=tuple(re.split(r"[\s;]+|,\s+", texts["links"])),
        private_note=texts["private_note"],
        state=read_state(texts["state"]),
        created=texts["created"],
        speakers=speakers,
        place=f"line {row.line}",
        notes=notes,
    )


def read_state(text: str) -> OfferState:
    """What the words say became of it; waiting where they say nothing that we know."""
    words = _words(text)
    return next((state for state, names in _STATES.items() if words in names), OfferState.WAITING)


def _speakers(texts: Mapping[str, str]) -> tuple[tuple[OfferedSpeaker, ...], tuple[str, ...]]:
    """The first column may name several; those of the second and third speaker name one each."""
    found: list[OfferedSpeaker] = []
    notes: list[str] = []
    for place in range(SPEAKERS):
        own = {key: texts[f"speaker-{place}-{key}"] for key, _, _ in _SPEAKER}
        name = " ".join(filter(None, (own["name"], own["surname"])))
        written, guessed = written_speakers(name, emails=own["email"], affiliations=own["affiliation"])
        first, *others = written or (OfferedSpeaker(),)
        found += [_detailed(first, own), *others]
        notes += guessed
    return tuple(speaker for speaker in found if speaker.name or speaker.email), tuple(notes)


def _detailed(speaker: OfferedSpeaker, own: Mapping[str, str]) -> OfferedSpeaker:
    return OfferedSpeaker(speaker.name, speaker.email, speaker.affiliation, own["pronouns"], own["bio"], own["role"])


def _words(text: str) -> str:
    return " ".join(re.sub(r"[^\w#]+", " ", text.casefold().replace("_", " ")).split())
