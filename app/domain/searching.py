"""Searching public text: words as every engine compares them, and the places of a text that a search found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.attribution import PublicText
from app.domain.folding import Token, tokens
from app.domain.text import clean_line

MAX_SEARCH = 120
_MOST_WORDS, _LONGEST_WORD = 8, 40
_SHORTEST_START = 2
"""The last word finds what begins with it, from so many letters on: one letter finds the word of one letter, as in
"the C language"."""
_AROUND, _MOST_HITS = 90, 40
_MARKDOWN_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*\)")
_MARKDOWN_SIGNS = re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+]|\d{1,3}[.)])[ \t]+|[*_`]{1,3}", re.MULTILINE)


@dataclass(frozen=True)
class Search:
    """What somebody looks for: `typed` on one line, and its words, folded. Signs and quotes are no words."""

    typed: str
    words: tuple[str, ...]

    @property
    def has_words(self) -> bool:
        return bool(self.words)

    @property
    def whole(self) -> tuple[str, ...]:
        """The words that must stand as they are."""
        return self.words if self.start is None else self.words[:-1]

    @property
    def start(self) -> str | None:
        """The last word, where it may be the start of one."""
        return self.words[-1] if self.words and len(self.words[-1]) >= _SHORTEST_START else None

    def finds(self, word: str) -> bool:
        """Whether this folded word is one of those looked for."""
        return word in self.words or (self.start is not None and word.startswith(self.start))


@dataclass(frozen=True)
class Piece:
    """A run of public text; `hit` where it is what was looked for. A template escapes each and marks the hits."""

    text: PublicText
    hit: bool


def read_search(typed: str) -> Search:
    """What was typed, whatever it is: at most so many words of it count."""
    line = clean_line(typed)[:MAX_SEARCH]
    return Search(line, tuple(_words(line)[:_MOST_WORDS]))


def words_of(*texts: str) -> str:
    """The folded words of these texts, with one space between: what both engines' indexes are made of."""
    return " ".join(word for text in texts for word in _words(text))


def highlighted(text: PublicText, search: Search) -> tuple[Piece, ...]:
    """The whole text in pieces."""
    return _pieces(text, _hits(text, search), 0, len(text))


def excerpt(text: PublicText, search: Search) -> tuple[Piece, ...]:
    """The text around the first place that the search finds, without Markdown's signs; nothing where it finds none."""
    if not search.words:
        return ()
    plain = PublicText(clean_line(_MARKDOWN_SIGNS.sub("", _MARKDOWN_LINK.sub(r"\1", text))))
    hits = _hits(plain, search)
    if not hits:
        return ()
    start, end = _between_words(plain, hits[0].start - _AROUND, hits[0].end + 2 * _AROUND)
    before = (Piece(PublicText("… "), hit=False),) if start else ()
    after = (Piece(PublicText(" …"), hit=False),) if end < len(plain) else ()
    return (*before, *_pieces(plain, hits, start, end), *after)


def _words(text: str) -> list[str]:
    """A sign that belongs to a letter, where each letter stands for itself as in Khmer, is a word to no engine."""
    return [_word(token) for token in tokens(text) if any(char.isalnum() for char in token.folded)]


def _word(token: Token) -> str:
    return token.folded[:_LONGEST_WORD]


def _hits(text: str, search: Search) -> list[Token]:
    if not search.words:
        return []
    return [token for token in tokens(text) if search.finds(_word(token))][:_MOST_HITS]


def _between_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Where to cut so that no word is cut: never within what lies between the two."""
    first = text.find(" ", start) + 1 if start > 0 else 0
    last = text.rfind(" ", 0, end) if end < len(text) else len(text)
    return first, last


def _pieces(text: str, hits: list[Token], start: int, end: int) -> tuple[Piece, ...]:
    found, at = [], start
    for hit in hits:
        if hit.start < at or hit.end > end:
            continue
        found += [
            Piece(PublicText(text[at : hit.start]), hit=False),
            Piece(PublicText(text[hit.start : hit.end]), hit=True),
        ]
        at = hit.end
    found.append(Piece(PublicText(text[at:end]), hit=False))
    return tuple(piece for piece in found if piece.text)
