"""What to look for when somebody's identity must not stand in a text: the ways in which people write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.folding import as_cased, tokens
from app.domain.name_words import (
    ALSO_WORDS,
    FREE_MAIL,
    LEGAL_FORMS,
    NOBODY,
    ORGANISATION_WORDS,
    PARTICLES,
    PROGRAM_OFFICE,
    SECOND_LEVELS,
    SHARED_MAILBOXES,
    TITLES,
)

Words = tuple[str, ...]
_NOTES = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")
_PIECES = re.compile("[()/|;\\[\\]]|\\s[-\N{EN DASH}\N{EM DASH}]\\s")
_AT = re.compile(r"(?:\s+at\s+|\s*@\s*)(?!.*(?:\sat\s|@))", re.IGNORECASE)
_APOSTROPHES = "['\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}`\N{ACUTE ACCENT}]"
_BETWEEN = re.compile('[\\s,"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}]+')
_HYPHENS = re.compile("[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}]")
_JOINED = re.compile(f"[-.\N{HYPHEN}\N{NON-BREAKING HYPHEN}]|{_APOSTROPHES}")
_MEANT_OTHERWISE, _PLAIN = re.compile("[%&*`]"), re.compile("[a-z0-9]+")
_EXPANDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_PROFILES = re.compile(
    r"^https?://(?:[\w-]+\.)*(?:(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|twitter\.com|x\.com)/"
    r"|linkedin\.com/in/|bsky\.app/profile/|orcid\.org/|[\w.-]+/(?:@|~|users/|u/))"
    r"(?P<handle>@?[\w.%-]+)(?P<more>/[^?#])?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>)\]]+", re.IGNORECASE)
_OWN_PAGES = re.compile(r"^https?://(?P<handle>[\w-]+)\.(?:github|gitlab)\.io\b(?P<more>/[^/?#]+/)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words that name somebody when they stand side by side in a text.

    `exactly`: only in one of these spellings. `as_address`: only as part of an address, as in "@jdoe" or "/jdoe".
    """

    words: Words
    exactly: frozenset[str] = frozenset()
    as_address: bool = False


def all_words(*written: str) -> set[str]:
    """Every word of a person's names and addresses, in each spelling: each pattern has one at an end."""
    together = " ".join(map(_without_top_level, written))
    words = set(_words(together))
    if not together.isascii():
        words.update(_as_expanded(together))
    return words.union(*(_as_collapsed(word) for word in words if len(word) > 4))


def name_patterns(name: str) -> Iterator[Pattern]:
    """The ways to write a person's name: whole, reversed, with initials, and each part of it alone."""
    parts = [part for part in _BETWEEN.split(_bare(name)) if _key(part) and _key(part) not in TITLES]
    if all(_key(part) in NOBODY for part in parts):
        return
    for spelt in dict.fromkeys(tuple(spell(part) for part in parts) for spell in _SPELLINGS):
        yield from _whole_names(spelt)
    for place, part in enumerate(parts):
        if (place == 0 and part[0].isupper()) or _key(part) not in PARTICLES:
            yield from _alone(part)
            pieces = [piece for piece in _HYPHENS.split(part) if len(piece) > 2]
            yield from (pattern for piece in pieces if piece != part for pattern in _alone(piece))


def affiliation_patterns(affiliation: str) -> Iterator[Pattern]:
    """The ways to write an organisation's name, with and without its legal form."""
    pieces = _PIECES.split(affiliation)
    pieces += [_AT.split(piece)[-1] for piece in pieces if _AT.search(piece)]
    for piece in pieces:
        for spelt in dict.fromkeys((piece.replace("&", " "), piece.replace("&", " and "))):
            words = _without_forms(_words(spelt.partition(",")[0]))
            if not set(words) <= NOBODY | PROGRAM_OFFICE:
                yield from _organisation(words, piece)
            short = _without_last(words, ORGANISATION_WORDS)
            if short != words and not set(short) <= NOBODY | ORGANISATION_WORDS:
                yield from _organisation(short, piece)


def mailbox_patterns(email: str, *, name: str) -> Iterator[Pattern]:
    """The local part of a mail address."""
    yield from handle_patterns(email.partition("@")[0].partition("+")[0], name=name)


def domain_patterns(email: str) -> Iterator[Pattern]:
    """The domain of a mail address and its own label, unless anybody may have a mailbox there."""
    labels = email.rpartition("@")[2].casefold().split(".")
    labels = labels[-3:] if labels[-2:][0] in SECOND_LEVELS else labels[-2:]
    if len(labels) < 2 or labels[0] in FREE_MAIL:
        return
    own = _words(labels[0])
    yield Pattern(_words(".".join(labels)))
    if not set(own) <= ALSO_WORDS | ORGANISATION_WORDS and len("".join(own)) > 3:
        yield Pattern(own)


def handle_patterns(handle: str, *, name: str = "") -> Iterator[Pattern]:
    """An account's name: anywhere in a text if it is nobody's word, else only as part of an address."""
    words = _words(handle)
    joined = "".join(words)
    if not joined or joined in SHARED_MAILBOXES:
        return
    telling = set(words) - ALSO_WORDS - ORGANISATION_WORDS - SHARED_MAILBOXES - NOBODY
    if len(words) > 1:
        telling &= set(_words(name)) | {word for word in words if not word.isalpha()}
    yield Pattern(words, as_address=len(words) < 3 and not any(len(word) > 3 for word in telling))


def account_patterns(name: str) -> Iterator[Pattern]:
    """What people with this name call their accounts: "jdoe", "janed", "doejane"."""
    parts = ["".join(_words(part)) for part in _bare(name).split()]
    if len(parts) < 2 or not all(parts):
        return
    first, last = parts[0], parts[-1]
    for account in (first[0] + last, last + first[0], first + last[0], first + last, last + first):
        yield Pattern((account,), as_address=True)


def handles_of(addresses: Iterable[str], *, name: str, alone: bool = True) -> tuple[str, ...]:
    """The accounts of `name` that these web addresses lead to.

    One counts if it has a part of the name in it; a profile's also where its owner speaks `alone`.
    """
    found = []
    for address in addresses:
        if match := _PROFILES.match(address) or _OWN_PAGES.match(address):
            handle, is_profile = match["handle"].lstrip("@"), not match["more"]
            spelt = "".join(_words(handle))
            if (alone and is_profile) or any(len(word) > 2 and word in spelt for word in _words(name)):
                found.append(handle)
    return tuple(dict.fromkeys(found))


def addresses_in(text: str) -> list[str]:
    """The web addresses in a text."""
    return _ADDRESS.findall(text)


def _without_top_level(written: str) -> str:
    """A mail address without its last label, which half the text may begin with."""
    local, at, domain = written.partition("@")
    return f"{local} {domain.rpartition('.')[0]}" if at else written


def _whole_names(parts: Sequence[Words]) -> Iterator[Pattern]:
    if len(parts) < 2:
        return
    yield Pattern(tuple(word for part in parts for word in part))
    first = parts[0]
    for place, last in enumerate(parts[1:], start=1):
        if last[0] in PARTICLES and len(last) == 1:
            if place < len(parts) - 1:  # a family name with its particle, as in "van der Berg"
                yield Pattern(tuple(word for part in parts[place:] for word in part))
            continue
        yield Pattern((*first, *last))
        yield Pattern((*last, *first))
        if len("".join(last)) > 1 and not _is_of_letters_alone(last):
            yield Pattern((first[0][0], *last))
            yield Pattern((*last, first[0][0]))
        initial = "".join(first), last[0][0].upper()
        written = frozenset(f"{as_written}{initial[1]}" for as_written in (initial[0].capitalize(), initial[0].upper()))
        yield Pattern((*first, last[0][0]), exactly=written)
    joined = "".join(word for part in parts for word in part)
    if len(joined) > 5:
        common = all("".join(part) in ALSO_WORDS for part in parts)
        yield Pattern((joined,), as_address=common)
        yield Pattern(("".join((*parts[-1], *first)),), as_address=common)


def _alone(part: str) -> Iterator[Pattern]:
    """A part of a name by itself. What is also a word, or very short, is a name only as it is written."""
    key = _key(part)
    if key in NOBODY or len(unicodedata.normalize("NFC", part)) < 2:
        return
    if key in ALSO_WORDS or len(key) < 3:
        written = as_cased(part)
        yield Pattern(_words(part), exactly=frozenset({written, written[:1].upper() + written[1:]}))
        return
    for spelt in dict.fromkeys(spell(part) for spell in _SPELLINGS):
        yield Pattern(spelt)


def _organisation(words: Words, written: str) -> Iterator[Pattern]:
    joined = "".join(words)
    if len(joined) < 2:
        return
    if len(words) > 1:
        yield from (Pattern(words), Pattern((joined,)))
        return
    shown = next((as_cased(word) for word in written.split() if _key(word) == joined), joined)
    if joined in ALSO_WORDS or len(joined) < 3:
        yield Pattern(words, exactly=frozenset({shown, shown[:1].upper() + shown[1:]}))
    elif len(joined) <= 4 and shown.isupper():
        yield Pattern(words, exactly=frozenset({shown}))
    else:
        yield Pattern(words)


def _without_forms(words: Words) -> Words:
    """Without "the" before it, and without the forms of law after it."""
    if words[:1] == ("the",):
        words = words[1:]
    joined = tuple("".join(words[at:]) for at in range(len(words)))
    cut = next((at for at, form in enumerate(joined) if at and form in LEGAL_FORMS), len(words))
    return _without_last(words[:cut], LEGAL_FORMS | {"and"})


def _without_last(words: Words, those: frozenset[str]) -> Words:
    end = len(words)
    while end > 1 and words[end - 1] in those:
        end -= 1
    return words[:end]


def _is_of_letters_alone(words: Words) -> bool:
    """Whether these are the letters of a script without spaces, which has no initials."""
    return len(words) > 1 and all(len(word) == 1 for word in words)


def _bare(name: str) -> str:
    return _INITIALS.sub(r"\1. ", _NOTES.sub(" ", name))


def _key(word: str) -> str:
    return "".join(_words(word))


def _words(text: str) -> Words:
    if text.isascii() and not _MEANT_OTHERWISE.search(text):  # most names are, and there are thousands
        return tuple(_PLAIN.findall(text.lower()))
    return tuple(token.folded for token in tokens(text))


def _as_joined(part: str) -> Words:
    return _words(_JOINED.sub("", part))


def _as_expanded(part: str) -> Words:
    """In the spelling of keyboards without such letters: "Müller" as "Mueller"."""
    composed = unicodedata.normalize("NFC", part.casefold())
    return _words(composed.translate(_EXPANDED))


def _as_collapsed(part: str) -> Words:
    """The way back: "Mueller" as "Müller", which folds to "muller"."""
    words = _words(part)
    return tuple(re.sub("([aou])e", r"\1", word) if len(word) > 4 else word for word in words)


_SPELLINGS = (_words, _as_joined, _as_expanded, _as_collapsed)
