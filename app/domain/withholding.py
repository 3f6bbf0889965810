"""What a talk's free text says against the will of its speakers, and the text that keeps their word (ADR 0071)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.attribution import SpeakerFacts, reveals
from app.domain.mentions import Identity, Mention, find_mentions, hidden_identity, merged, sentence_around
from app.domain.mentions import without_mentions as replaced
from app.domain.text import clean_line


@dataclass(frozen=True)
class Hit:
    """Words of a text that say what `speaker` keeps back. `agreed`: in this sentence they may stand."""

    speaker: SpeakerFacts
    mention: Mention
    sentence: str
    agreed: bool


def hits_in(text: str, speakers: Iterable[SpeakerFacts]) -> tuple[Hit, ...]:
    """Every place where `text` says what one of its speakers withholds, in order.

    A part of the name by which another speaker may be named is no hit: "Doe" in "John Doe", though Jane Doe is unnamed.
    """
    people = tuple(speakers)
    named = find_mentions(text, [_shown_identity(speaker) for speaker in people])
    hits = []
    for speaker in people:
        for mention in find_mentions(text, [hidden_identity(speaker)]):
            if not any(_is_within(mention, other) for other in named):
                sentence = sentence_of(text, mention)
                hits.append(Hit(speaker, mention, sentence, agreed=sentence in speaker.agreed))
    return tuple(sorted(hits, key=lambda hit: (hit.mention.start, hit.mention.end)))


def sentence_of(text: str, mention: Mention) -> str:
    """The sentence of the mention on one line: what a speaker gives their word for."""
    start, end = sentence_around(text, mention)
    return clean_line(text[start:end])


def kept_words(text: str, speakers: Iterable[SpeakerFacts]) -> str:
    """`text` as it may be public: what speakers withhold stands in neutral words, or by their word."""
    mentions = [hit.mention for hit in hits_in(text, speakers) if not hit.agreed]
    return replaced(text, merged(mentions, text)) if mentions else text


def _shown_identity(speaker: SpeakerFacts) -> Identity:
    return Identity(
        name=speaker.name if reveals(speaker, "name") else "",
        affiliation=speaker.affiliation if reveals(speaker, "affiliation") else "",
    )


def _is_within(mention: Mention, other: Mention) -> bool:
    inside = other.start <= mention.start and mention.end <= other.end
    return inside and (mention.start, mention.end) != (other.start, other.end)
