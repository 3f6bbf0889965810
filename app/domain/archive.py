"""The archive: what each public talk is found by, and sorted by. Made of public values alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.localtime import in_zone, known_zone
from app.domain.publication import PublicTalk, PublicTouchpoint
from app.domain.searching import Search, read_search, words_of
from app.domain.text import MAX_LINE, clean_line

PER_PAGE = 20


class MarkKind(StrEnum):
    """By what the archive can be narrowed, in the order of its page. The values are the arguments of its address."""

    YEAR = "year"
    SERIES = "series"
    TOPIC = "topic"
    ROLE = "role"
    GROUP = "group"
    HAS = "has"


class Has(StrEnum):
    """What there is of a talk besides its words."""

    RECORDING = "recording"
    SLIDES = "slides"
    NOTES = "notes"


@dataclass(frozen=True)
class Asked:
    """What somebody asks the archive for: words, and for some kinds what is chosen."""

    search: Search
    chosen: tuple[tuple[MarkKind, str], ...]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search.typed or self.chosen)

    def word(self, kind: MarkKind) -> str:
        """What is chosen of this kind, or ""."""
        return dict(self.chosen).get(kind, "")

    def arguments(self, *, but: str = "") -> dict[str, str]:
        """The arguments of its address: what is asked for, and nothing that is not; without `but`."""
        asked = {"q": self.search.typed, **{kind.value: word for kind, word in self.chosen}}
        return {name: value for name, value in asked.items() if value and name != but}


def read_asked(arguments: Mapping[str, str]) -> Asked:
    """What an address asks for, whatever stands in it."""
    words = {kind: clean_line(arguments.get(kind.value, ""))[:MAX_LINE] for kind in MarkKind}
    return Asked(read_search(arguments.get("q", "")), tuple((kind, word) for kind, word in words.items() if word))


NOTHING_ASKED = read_asked({})


@dataclass(frozen=True)
class Entry:
    """A talk as the archive keeps it. `marks` are pairs of a kind and a word, in order, each once."""

    key: str
    title_words: str
    named_words: str
    told_words: str
    noted_words: str
    marks: tuple[tuple[MarkKind, str], ...]


def archive_entries(call: PublicTouchpoint, *, notes: str) -> tuple[Entry, ...]:
    """The entries of a call's talks. `notes` are those that everybody may read, "" without any.

    A talk without a title in public, or without a key, has none: there is nothing to find it by.
    """
    noted = words_of(notes)
    return tuple(
        Entry(
            key=talk.key,
            title_words=words_of(talk.title),
            named_words=words_of(*talk.speakers, *talk.topics, call.series.name, call.series.short_name),
            told_words=words_of(talk.abstract),
            noted_words=noted,
            marks=tuple(sorted(set(_marks(call, talk, has_notes=bool(notes))))),
        )
        for talk in call.talks
        if talk.key and talk.title
    )


def _marks(call: PublicTouchpoint, talk: PublicTalk, *, has_notes: bool) -> Iterator[tuple[MarkKind, str]]:
    zone = call.time_zone if known_zone(call.time_zone) else "UTC"  # a country may give its zone up
    yield MarkKind.YEAR, str(in_zone(call.starts_at, zone).year)
    yield MarkKind.SERIES, call.series.slug
    yield from ((MarkKind.TOPIC, topic) for topic in talk.topics)
    yield from ((MarkKind.ROLE, role.value) for role in talk.roles)
    if talk.working_group:
        yield MarkKind.GROUP, talk.working_group
    there = {Has.RECORDING: talk.recording_url, Has.SLIDES: talk.slides_url, Has.NOTES: has_notes}
    yield from ((MarkKind.HAS, each.value) for each, exists in there.items() if exists)
