"""Who speaks, from a cell or a field: "Andrew Example, Example Ltd and Ibrahim Other; Third, Elsewhere"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.folding import as_cased

_STRONG = re.compile(r"\s*;\s*")
_WEAK = re.compile(r"\s+(?:and|&)\s+")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){0,4}")


@dataclass(frozen=True)
class WrittenSpeaker:
    """A speaker as written; an empty affiliation was not."""

    name: str
    affiliation: str


def read_speakers(text: str) -> tuple[WrittenSpeaker, ...]:
    """The speakers, in order. An "and" parts two of them where a whole name follows: not in "Sons and Daughters"."""
    whole = [piece for piece in _STRONG.split(text) if piece.strip()]
    return tuple(_speaker(piece) for each in whole for piece in _parted(each))


def folded(text: str) -> str:
    """The letters and digits alone, to compare by: accents, case, marks and spaces make no difference."""
    return as_cased(text).casefold()


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same to a reader. Without a letter or digit in them, every sign counts."""
    return (folded(one) or one.strip()) == (folded(other) or other.strip())


def _parted(text: str) -> Iterator[str]:
    """ "Jane, Sons and Daughters" has one comma before its "and": the word after it would be a name of one word."""
    pieces = _WEAK.split(text)
    held = pieces[0]
    for piece in pieces[1:]:
        name = piece.partition(",")[0].strip()
        if _NAME.fullmatch(name) and " " in name:
            yield held
            held = piece
        else:
            held = f"{held} and {piece}"
    yield held


def _speaker(text: str) -> WrittenSpeaker:
    name, _, affiliation = text.partition(",")
    return WrittenSpeaker(" ".join(name.split()), " ".join(affiliation.split()))
