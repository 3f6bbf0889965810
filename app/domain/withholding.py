"""What a talk's free text says against the will of its speakers, and the text that keeps their word (ADR 0071)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.attribution import SpeakerFacts, reveals
from app.domain.mentions import Identity, Mention, MentionKind, find_mentions, hidden_identity, merged, sentence_around
from app.domain.mentions import without_mentions as replaced
from app.domain.text import clean_line

_SHOWN = 90
"""Of a sentence, at most so many letters on each side of the words."""


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


def kept_words(text: str, speakers: Iterable[SpeakerFacts], *, of: SpeakerFacts | None = None) -> str:
    """`text` as it may be public: what speakers withhold stands in neutral words, or by their word.

    `of` one of them: only what that one withholds.
    """
    mentions = [hit.mention for hit in hits_in(text, speakers) if not hit.agreed and of in {None, hit.speaker}]
    return replaced(text, merged(mentions, text)) if mentions else text


@dataclass(frozen=True)
class Finding:
    """A hit as a page shows it: the words within their sentence, and the sentence as it would be public.

    `place` is that of the speaker whom it is about.
    """

    place: int
    whose: str
    kind: MentionKind
    before: str
    words: str
    after: str
    instead: str
    agreed: bool


def findings(text: str, speakers: Iterable[SpeakerFacts]) -> tuple[Finding, ...]:
    """What `text` says against the will of its speakers, for them and for organizers to see."""
    people = tuple(speakers)
    return tuple(_finding(text, hit, people) for hit in hits_in(text, people))


def findings_in(texts: Mapping[str, str], speakers: Iterable[SpeakerFacts]) -> dict[str, tuple[Finding, ...]]:
    """The findings in each of the named `texts` that has any."""
    people = tuple(speakers)
    found = {name: findings(text, people) for name, text in texts.items()}
    return {name: those for name, those in found.items() if those}


def betraying(texts: Iterable[str], speaker: SpeakerFacts, others: Iterable[SpeakerFacts] = ()) -> list[str]:
    """The sentences of `texts` that say what the speaker withholds: what they agree to who let the texts stand."""
    people = (speaker, *others)
    return sorted({hit.sentence for text in texts for hit in hits_in(text, people) if hit.speaker == speaker})


def _finding(text: str, hit: Hit, people: Sequence[SpeakerFacts]) -> Finding:
    mention = hit.mention
    start, end = sentence_around(text, mention)
    before, after = text[start : mention.start], text[mention.end : end]
    return Finding(
        place=people.index(hit.speaker),
        whose=hit.speaker.name,
        kind=mention.kind,
        before=before if len(before) <= _SHOWN else f"\N{HORIZONTAL ELLIPSIS}{before[-_SHOWN:]}",
        words=mention.words,
        after=after if len(after) <= _SHOWN else f"{after[:_SHOWN]}\N{HORIZONTAL ELLIPSIS}",
        instead=kept_words(clean_line(text[start:end]), people),
        agreed=hit.agreed,
    )


def _shown_identity(speaker: SpeakerFacts) -> Identity:
    return Identity(
        name=speaker.name if reveals(speaker, "name") else "",
        affiliation=speaker.affiliation if reveals(speaker, "affiliation") else "",
    )


def _is_within(mention: Mention, other: Mention) -> bool:
    inside = other.start <= mention.start and mention.end <= other.end
    return inside and (mention.start, mention.end) != (other.start, other.end)
