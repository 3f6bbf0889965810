"""Free text betrays as well: whom a text names, and the text without them (ADR 0071)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.attribution import UNNAMED, SpeakerFacts, reveals
from app.domain.folding import Token, as_cased, forms, in_pieces, tokens
from app.domain.identity_words import (
    Pattern,
    account_patterns,
    affiliation_patterns,
    all_words,
    domain_patterns,
    handle_patterns,
    mailbox_patterns,
    name_patterns,
)
from app.domain.name_words import LEGAL_FORMS
from app.domain.people import NOT_NAMED

A_PARTICIPANT, THEIR_ORGANISATION, A_PAGE = "a participant", "their organisation", "a web page"
_WIDEST_GAP = 3
_TOP_LEVELS = (
    "com|org|net|io|dev|eu|de|uk|fr|nl|ch|at|es|it|se|fi|no|dk|pl|jp|cn|in|us|ca|au|br|co|ai|app|edu|gov|info|me|tech"
)
_ADDRESSES = re.compile(
    r"\[(?P<shown>[^\]\n]*)\]\(\s*<?(?:https?|mailto):[^)\n]*\)"
    r"|(?P<email>(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|<?(?:https?://|www\.)[^\s<>]*[^\s<>.,;:!?)\]}'\"]>?"
    rf"|(?<![\w@])(?P<domain>(?:[a-z0-9-]+\.)+(?:{_TOP_LEVELS}))\b(?P<path>/[^\s<>]*[^\s<>.,;:!?)\]}}'\"])?"
)
_ARTICLE = re.compile(r"\b(?:the|an?)\s+$", re.IGNORECASE)
_QUOTES = "\"'\u2018\u2019\u201c\u201d"
_BEGINS = re.compile(rf"(?:^|[.!?][{_QUOTES})]?\s+|\n\s*(?:[-*+>#]+\s|\d+[.)]\s)?\s*)[*_(\[{_QUOTES}]*$")
_BETWEEN_PARTS = " \N{NO-BREAK SPACE},-_"
_BEFORE_ACCOUNTS = frozenset("@/~#:")
_FORM = re.compile(
    "(?:,?[ \N{NO-BREAK SPACE}]|[ \N{NO-BREAK SPACE}]&[ \N{NO-BREAK SPACE}])"
    r"(?P<form>(?:e\.V|[A-Z][A-Za-z]*(?:\.[A-Z])*))(?:\.(?=\s*[a-z,;)]|\s[A-Z]{2}\b))?(?!\w)"
)
_POSSESSIVE = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}](?=\\s)")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")


class MentionKind(StrEnum):
    NAME = "name"
    AFFILIATION = "affiliation"
    EMAIL = "email"
    HANDLE = "handle"


@dataclass(frozen=True)
class Identity:
    """What a person could be recognised by. Empty fields are not looked for.

    Either side of a mail address may be missing: "jane.doe@" and "@kestrel.example" are looked for by themselves.
    `stand_in` is what a text says in their place: "an OSPO member", "a speaker", "a participant".
    """

    name: str = ""
    affiliation: str = ""
    emails: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    stand_in: str = A_PARTICIPANT


@dataclass(frozen=True)
class Mention:
    """Where a text names somebody: `words` are text[start:end], as written."""

    start: int
    end: int
    words: str
    kind: MentionKind
    replacement: str


def find_mentions(text: str, identities: Iterable[Identity]) -> tuple[Mention, ...]:
    """Every place of `text` that names one of `identities`, in order, not overlapping.

    Case, accents, invisible marks and what stands between the words do not matter; a name inside another word is
    nobody's. An address that holds a mention is one as a whole.
    """
    words = tokens(text)
    pieces = in_pieces(text, words)
    known = {form for word in (*words, *pieces) for form in forms(word)}
    sought: dict[str, list[tuple[Pattern, MentionKind, Identity]]] = defaultdict(list)
    parts = _parts(known)
    for identity in dict.fromkeys(identities):
        if parts.isdisjoint(all_words(identity.name, identity.affiliation, *identity.emails, *identity.handles)):
            continue
        for pattern, kind in _patterns(identity):
            if known.issuperset(pattern.words):
                sought[pattern.words[0]].append((pattern, kind, identity))
    found = [
        _Found(word.start, _with_form(text, end) if kind is MentionKind.AFFILIATION else end, kind, identity)
        for place, word in enumerate(words)
        for form in forms(word)
        for pattern, kind, identity in sought.get(form, ())
        if (form == word.folded or _takes_genitive(pattern)) and (end := _end(text, words, place, pattern))
    ]
    found += [
        _Found(piece.start, piece.end, kind, identity)
        for piece in pieces
        for form in forms(piece)
        for pattern, kind, identity in sought.get(form, ())
        if _takes_genitive(pattern)
    ]
    return tuple(_mention(text, group) for group in _grouped(_with_addresses(text, found), text)) if found else ()


def without_mentions(text: str, mentions: Iterable[Mention]) -> str:
    """`text` with each mention replaced by its neutral words, as a sentence would have them."""
    said, at = "", 0
    for mention in sorted(mentions, key=lambda mention: mention.start):
        said += text[at : mention.start]
        words, at = mention.replacement, mention.end
        said = _ARTICLE.sub("", said)
        said += words[:1].upper() + words[1:] if _BEGINS.search(said) else words
        if mention.words[-1:] in "sxz" and (match := _POSSESSIVE.match(text, at)):
            said, at = f"{said}{match[0]}s", match.end()
    return said + text[at:]


def hidden_identity(speaker: SpeakerFacts) -> Identity:
    """Only what the speaker's level keeps back; nothing for whoever may be named in full.

    A mail address tells the name by its local part, the affiliation by its domain; an account tells the name.
    """
    name, affiliation = not reveals(speaker, "name"), not reveals(speaker, "affiliation")
    sides = [email.partition("@") for email in speaker.emails if name or affiliation]
    return Identity(
        name=speaker.name if name and speaker.name != NOT_NAMED else "",
        affiliation=speaker.affiliation if affiliation else "",
        emails=tuple(f"{local if name else ''}@{domain if affiliation else ''}" for local, _, domain in sides),
        handles=speaker.handles if name else (),
        stand_in=neutral_words(speaker),
    )


def neutral_words(speaker: SpeakerFacts) -> str:
    """Who a text speaks of instead of the speaker: "an OSPO member", or "a speaker" where not even that is public."""
    someone = speaker.role_category.someone if reveals(speaker, "role") else UNNAMED
    return someone[0].lower() + someone[1:]


def merged(mentions: Iterable[Mention], text: str) -> tuple[Mention, ...]:
    """These mentions of `text`, found for one person after another, in order and as one where they overlap."""
    found: list[Mention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if found and mention.start < found[-1].end:
            end = max(found[-1].end, mention.end)
            found[-1] = replace(found[-1], end=end, words=text[found[-1].start : end])
        else:
            found.append(mention)
    return tuple(found)


def sentence_around(text: str, mention: Mention) -> tuple[int, int]:
    """Where the sentence begins and ends in which the mention stands."""
    start, end = 0, len(text)
    for match in _SENTENCE_ENDS.finditer(text):
        if match.end() <= mention.start:
            start = match.end()
        elif match.start() >= mention.end:
            end = match.start()
            break
    return start, end


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    kind: MentionKind
    identity: Identity
    words: str = ""  # in place of the usual ones


def _parts(known: Iterable[str]) -> set[str]:
    """How the words of a text begin and end. Whoever has no word among these is nowhere, however it is written."""
    return {part for word in known for at in range(2, len(word) + 1) for part in (word[:at], word[-at:])} | set(known)


def _patterns(identity: Identity) -> Iterator[tuple[Pattern, MentionKind]]:
    if identity.name:
        yield from ((pattern, MentionKind.NAME) for pattern in name_patterns(identity.name))
        yield from ((pattern, MentionKind.HANDLE) for pattern in account_patterns(identity.name))
    if identity.affiliation:
        yield from ((pattern, MentionKind.AFFILIATION) for pattern in affiliation_patterns(identity.affiliation))
    for email in identity.emails:
        yield from ((pattern, MentionKind.EMAIL) for pattern in mailbox_patterns(email, name=identity.name))
        yield from ((pattern, MentionKind.AFFILIATION) for pattern in domain_patterns(email))
    for handle in identity.handles:
        yield from ((pattern, MentionKind.HANDLE) for pattern in handle_patterns(handle, name=identity.name))


def _end(text: str, words: Sequence[Token], place: int, pattern: Pattern) -> int:
    """Where the pattern ends that begins at this word; 0 if it does not stand here."""
    last = _last(words, place, pattern.words)
    if last < 0:
        return 0
    start, end = words[place].start, words[last].end
    if pattern.as_address and text[max(0, start - 1) : start] not in _BEFORE_ACCOUNTS and text[end : end + 1] != "@":
        return 0
    if pattern.exactly and as_cased(text[start:end]) not in pattern.exactly:
        return 0
    after = words[last + 1] if last + 1 < len(words) else None
    inside_syllable = after is not None and after.gap == 0 and "\u1160" <= after.folded <= "\u11ff"
    return 0 if inside_syllable else end


def _last(words: Sequence[Token], place: int, sought: Sequence[str]) -> int:
    """The place of the last word of `sought`, which begins at `place`; -1 if it does not go on so.

    Between names there may be an initial that we do not know of, as in "Jane M. Doe".
    """
    at, last = place, len(sought) - 1
    for number, word in enumerate(sought[1:], start=1):
        at += 1
        if len(word) > 1 and at < len(words) and words[at].folded != word and _is_initial(words[at]):
            at += 1
        if at >= len(words) or words[at].gap > _WIDEST_GAP:
            return -1
        if words[at].folded != word and (number < last or word not in forms(words[at])):
            return -1
    return at


def _takes_genitive(pattern: Pattern) -> bool:
    """Whether it counts as part of a longer word: one word alone, which is a name however it is written."""
    return len(pattern.words) == 1 and not pattern.exactly and not pattern.as_address


def _is_initial(word: Token) -> bool:
    return len(word.folded) == 1 and 0 < word.gap <= _WIDEST_GAP


def _with_form(text: str, end: int) -> int:
    """Where an organisation's name ends together with its legal form, as in "Kestrel Works GmbH"."""
    while (match := _FORM.match(text, end)) and match["form"].replace(".", "").casefold() in LEGAL_FORMS:
        end = match.end()
    return end


def _with_addresses(text: str, found: Sequence[_Found]) -> Iterator[_Found]:
    """What was found, each with the whole of the address in which it stands."""
    addresses = list(_ADDRESSES.finditer(text))
    for one in found:
        around = next((match for match in addresses if match.start() < one.end and one.start < match.end()), None)
        if around is None:
            is_account = text[max(0, one.start - 1) : one.start] in {"@", "#"}
            yield replace(one, start=one.start - 1) if is_account else one
        elif around["shown"] is None or one.start >= around.end("shown"):
            yield _whole_address(one, around, found)
        else:
            yield one


def _whole_address(one: _Found, address: re.Match[str], found: Iterable[_Found]) -> _Found:
    words = A_PAGE
    if address["shown"] is not None:
        shown = address.span("shown")
        words = A_PAGE if any(shown[0] <= other.start < shown[1] for other in found) else address["shown"] or A_PAGE
    elif address["email"] or (address["domain"] and not address["path"] and one.kind is MentionKind.AFFILIATION):
        words = ""
    kind = MentionKind.EMAIL if address["email"] and one.kind is not MentionKind.AFFILIATION else one.kind
    return replace(one, start=address.start(), end=address.end(), kind=kind, words=words)


def _grouped(found: Iterable[_Found], text: str) -> Iterator[list[_Found]]:
    """What overlaps, or is one name in two parts, together."""
    first, *others = sorted(found, key=lambda one: (one.start, -one.end))
    group, end = [first], first.end
    for one in others:
        if one.start >= end and not _goes_on(group[-1], one, text[end : one.start]):
            yield group
            group = []
        group.append(one)
        end = max(end, one.end)
    yield group


def _goes_on(before: _Found, one: _Found, between: str) -> bool:
    """Whether two parts of one name stand side by side, as in "Doe, Jane"."""
    is_name = before.kind is one.kind is MentionKind.NAME and not before.words + one.words
    return is_name and before.identity == one.identity and not between.strip(_BETWEEN_PARTS)


def _mention(text: str, group: Sequence[_Found]) -> Mention:
    start, end = group[0].start, max(one.end for one in group)
    main = max(group, key=lambda one: (one.end - one.start, one.kind is not MentionKind.AFFILIATION))
    usual = THEIR_ORGANISATION if main.kind is MentionKind.AFFILIATION else main.identity.stand_in
    return Mention(start, end, text[start:end], main.kind, main.words or usual)
