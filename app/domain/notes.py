"""Notes of a call: what they begin with, who may read them, whom they name, and the text that leaves the house."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from app.domain.attribution import PublicText
from app.domain.errors import InvalidInput, RuleViolation
from app.domain.join_links import WHY_NOT, holds_join_link
from app.domain.mentions import Identity, Mention, find_mentions, without_mentions
from app.domain.people import Role
from app.domain.text import clean_line, clean_text

MAX_NOTES = 20_000


class NotesAudience(StrEnum):
    """For whom the published notes of a series are, from the strictest to the most open."""

    NOBODY = "nobody"
    MEMBERS = "members"
    PUBLIC = "public"


@dataclass(frozen=True)
class Hit:
    """Where notes name somebody we know: `words` at `start` to `end` in the text, in the `line` that counts from 1.

    `before`, `words` and `after` are that line. `place` names the hit in every version in which its line is the same.
    `public` says that a speaker of the call is announced with these words: a hit even so.
    """

    place: str
    line: int
    before: str
    after: str
    mention: Mention
    public: bool

    @property
    def words(self) -> str:
        return self.mention.words

    @property
    def replacement(self) -> str:
        return self.mention.replacement


@dataclass(frozen=True)
class PublicNotes:
    """Published notes: Markdown that a second person has read. `audience` is for whom they are today."""

    text: PublicText
    published_at: datetime
    audience: NotesAudience


def blank_notes(notice: str, parts: Iterable[str]) -> str:
    """What notes begin with: the notice, and a heading for each part of the agenda. It names nobody."""
    return "\n\n".join((f"> {clean_line(notice)}", *(f"### {clean_line(part)}" for part in parts)))


def check_notes(text: str) -> str:
    """`text` cleaned. Raises InvalidInput (text) when it is too long or holds the way into a call."""
    cleaned = clean_text(text)
    if len(cleaned) > MAX_NOTES:
        raise InvalidInput({"text": f"At most {MAX_NOTES} characters; these are {len(cleaned)}."})
    if holds_join_link(cleaned):
        raise InvalidInput({"text": WHY_NOT})
    return cleaned


def find_hits(text: str, known: Iterable[Identity], *, announced: Iterable[Identity] = ()) -> tuple[Hit, ...]:
    """Every place that names one of `known`, in order; `announced` are the speakers as the public is told of them."""
    named_publicly = find_mentions(text, announced)
    return tuple(_hit(text, mention, named_publicly) for mention in find_mentions(text, known))


def undecided(hits: Iterable[Hit], decided: Collection[str]) -> tuple[Hit, ...]:
    """The hits about which nobody has said that they are no person; `decided` holds places."""
    return tuple(hit for hit in hits if hit.place not in decided)


def replace_hits(text: str, hits: Iterable[Hit]) -> str:
    """`text` with neutral words in these places."""
    return without_mentions(text, [hit.mention for hit in hits])


def places_after(hits: Sequence[Hit], replaced: Collection[str], after: Sequence[Hit]) -> Mapping[str, str]:
    """Where the hits that were not `replaced` stand now, by their place before; nothing where that is not certain."""
    kept = [hit for hit in hits if hit.place not in replaced]
    same = [hit.words for hit in kept] == [hit.words for hit in after]
    return {old.place: new.place for old, new in zip(kept, after, strict=True)} if same else {}


def text_to_publish(text: str, hits: Iterable[Hit], *, decided: Collection[str]) -> PublicText:
    """The text as its readers get it. Raises RuleViolation while it names somebody."""
    if undecided(hits, decided):
        raise RuleViolation("The notes name people. Replace each name, or say that it is no person, and then publish.")
    return PublicText(check_notes(text))


def published_text(stored: str) -> PublicText:
    """The text that `text_to_publish` or `text_without` made, out of the table again."""
    return PublicText(stored)


def text_without(published: PublicText, identities: Iterable[Identity]) -> PublicText:
    """The published text without any word that names one of `identities`, whatever was decided about it before."""
    return PublicText(without_mentions(published, find_mentions(published, identities)))


def readers_of(chosen: NotesAudience, *more: NotesAudience, open_call: bool) -> NotesAudience:
    """For whom notes are: the strictest of these, and never the public for a call that was not open to it."""
    limits = (chosen, *more, NotesAudience.PUBLIC if open_call else NotesAudience.MEMBERS)
    return min(limits, key=list(NotesAudience).index)


def may_write_notes(role: Role, *, is_scribe: bool) -> bool:
    """The scribe of the call, and organizers."""
    return is_scribe or role is Role.ORGANIZER


def may_publish_notes(role: Role, *, is_moderator: bool) -> bool:
    """The moderator of the call, and organizers: unless they wrote a word of the text, which the service knows."""
    return is_moderator or role is Role.ORGANIZER


def _hit(text: str, mention: Mention, named_publicly: Sequence[Mention]) -> Hit:
    begin = text.rfind("\n", 0, mention.start) + 1
    end = text.find("\n", mention.end)
    line = text[begin:] if end < 0 else text[begin:end]
    column = mention.start - begin
    return Hit(
        place=sha256(f"{column}\n{mention.words}\n{line}".encode()).hexdigest(),
        line=text.count("\n", 0, mention.start) + 1,
        before=line[:column],
        after=line[mention.end - begin :],
        mention=mention,
        public=any(other.start < mention.end and mention.start < other.end for other in named_publicly),
    )
