"""Text as a reader would compare it: words without case, accents and invisible marks, and where each of them stood."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});")
_LETTERS = {
    "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ŀ": "l", "ĸ": "k", "ƒ": "f", "ɨ": "i", "ʉ": "u", "ə": "a",
}  # fmt: skip
_LOOK_ALIKE = dict(zip(
    "\N{CYRILLIC SMALL LETTER A}\N{CYRILLIC SMALL LETTER VE}\N{CYRILLIC SMALL LETTER IE}"
    "\N{CYRILLIC SMALL LETTER KA}\N{CYRILLIC SMALL LETTER EM}\N{CYRILLIC SMALL LETTER EN}"
    "\N{CYRILLIC SMALL LETTER O}\N{CYRILLIC SMALL LETTER ER}\N{CYRILLIC SMALL LETTER ES}"
    "\N{CYRILLIC SMALL LETTER TE}\N{CYRILLIC SMALL LETTER U}\N{CYRILLIC SMALL LETTER HA}"
    "\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}\N{CYRILLIC SMALL LETTER JE}\N{CYRILLIC SMALL LETTER DZE}"
    "\N{GREEK SMALL LETTER ALPHA}\N{GREEK SMALL LETTER IOTA}\N{GREEK SMALL LETTER KAPPA}"
    "\N{GREEK SMALL LETTER NU}\N{GREEK SMALL LETTER OMICRON}\N{GREEK SMALL LETTER RHO}",
    "abekmhopctyxijsaikvop", strict=True,
))  # fmt: skip
_FOLDED = str.maketrans(_LETTERS | _LOOK_ALIKE)
_APOSTROPHES = "\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\ua78c"  # letters to Unicode, marks to who types them
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff"
    "\u3100-\u31ff\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_EMPHASIS = "*`"  # Markdown shows "J*an*e" as one word
_ENDS = "?!;"
_PIECES, _SHORTEST_PIECE = re.compile(r"\d+|[A-Z](?=[^\W\d_A-Z])[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])|[^\W\d_A-Z]+"), 4
FAR = 99


class Token(NamedTuple):
    """A word: `text[start:end]`, folded. `gap` counts the marks before it: a run of white space is one.

    After "?", "!" or ";" it is FAR. Scripts that put no spaces between words give a token for each letter.
    """

    folded: str
    start: int
    end: int
    gap: int


def as_cased(text: str) -> str:
    """The letters and digits of `text` without accents and invisible marks, but with their case."""
    plain = unicodedata.normalize("NFKD", "".join(char for char, _, _ in _decoded(text) if _folded(char)))
    return "".join(char for char in plain if char.isalnum())


def tokens(text: str) -> list[Token]:
    """The words of `text`, in order. Percent signs and entities are read as what they stand for."""
    found: list[Token] = []
    word, start, end, gap, space = "", 0, 0, 0, ""
    for char, first, last in _decoded(text):
        letters = _folded(char)
        if not letters:
            if _is_invisible(char):
                end = last if word and unicodedata.category(char)[0] == "M" else end
                continue
            if word:
                found.append(Token(word, start, end, gap))
                word, gap, space = "", 0, ""
            gap, space = _widened(gap, space, char)
            continue
        alone = bool(_WITHOUT_SPACES.match(char))
        if word and (alone or _WITHOUT_SPACES.match(word)):
            found.append(Token(word, start, end, gap))
            word, gap, space = "", 0, ""
        if alone:
            found += [Token(letter, first, last, gap if not place else 0) for place, letter in enumerate(letters)]
            gap, space = 0, ""
            continue
        if not word:
            start = first
        word, end = word + letters, last
    if word:
        found.append(Token(word, start, end, gap))
    return found


def forms(word: Token) -> tuple[str, ...]:
    """The word, and without the "s" of a genitive that has no apostrophe, as in "Kestrels" or "Müllers Vortrag"."""
    folded = word.folded
    return (folded, folded[:-1]) if len(folded) > _SHORTEST_PIECE and folded[-1] == "s" else (folded,)


def in_pieces(text: str, words: Iterable[Token]) -> list[Token]:
    """What capitals and digits divide words into, as in "TeamJane" or "jane42"; each where its whole word stands."""
    found = []
    for word in words:
        parts = _PIECES.findall(text[word.start : word.end]) if word.end - word.start > _SHORTEST_PIECE else ()
        if len(parts) > 1:
            letters = ("".join(map(_folded, part)) for part in parts if len(part) >= _SHORTEST_PIECE)
            found += [Token(folded, word.start, word.end, FAR) for folded in letters if folded]
    return found


def _widened(gap: int, space: str, char: str) -> tuple[int, str]:
    if not char.isspace():
        return (FAR if char in _ENDS else gap + 1), ""
    if char == "\n" and "\n" in space:
        return FAR, space
    return (gap if space else gap + 1), space + char


def _decoded(text: str) -> Iterator[tuple[str, int, int]]:
    """Each character that `text` stands for, with where it begins and ends in `text`."""
    at = 0
    for match in _ENCODED.finditer(text):
        yield from ((text[place], place, place + 1) for place in range(at, match.start()))
        yield from _meant(match[0], match.start())
        at = match.end()
    yield from ((text[place], place, place + 1) for place in range(at, len(text)))


def _meant(code: str, start: int) -> Iterator[tuple[str, int, int]]:
    if code.startswith("&"):
        yield from ((char, start, start + len(code)) for char in html.unescape(code))
        return
    at = start
    for char in unquote(code, errors="replace"):
        length = 3 * len(char.encode())
        end = min(at + (3 if char == "\N{REPLACEMENT CHARACTER}" else length), start + len(code))
        yield char, at, end
        at = end


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    """The letters and digits that `char` is compared by; empty for marks and spaces."""
    if char.isascii():
        return char.lower() if char.isalnum() else ""
    if unicodedata.category(char) == "No" or char in _APOSTROPHES:
        return ""  # a footnote's number is no part of the word
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold()).translate(_FOLDED)
    return "".join(letter for letter in letters if letter.isalnum() or unicodedata.category(letter) == "Mc")


@lru_cache(maxsize=1024)
def _is_invisible(char: str) -> bool:
    return char in _EMPHASIS or unicodedata.category(char) in {"Cf", "Mn", "Me"}
