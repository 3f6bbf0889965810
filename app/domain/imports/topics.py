"""Topics by the names that they have elsewhere, matched to ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def match_topics(written: Iterable[str], known: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Our slugs for what is written, and what we do not know. `known` has slugs by name.

    Several stand in one text with commas between them, and some have commas of their own.
    """
    slugs = {name.casefold(): slug for name, slug in known.items()} | {slug: slug for slug in known.values()}
    found: list[str] = []
    unknown: list[str] = []
    for text in written:
        pieces = [piece.strip() for piece in text.replace(";", ",").split(",")]
        while pieces:
            size = _longest(pieces, slugs)
            piece = ", ".join(pieces[: size or 1])
            pieces = pieces[size or 1 :]
            if size:
                found.append(slugs[piece.casefold()])
            elif piece:
                unknown.append(piece)
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(unknown))


def _longest(pieces: list[str], slugs: Mapping[str, str]) -> int:
    """How many of the first pieces are one name together; 0 where none is."""
    return next((size for size in range(len(pieces), 0, -1) if ", ".join(pieces[:size]).casefold() in slugs), 0)
