"""One line of Markdown as a reader sees it, with its links and their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.domain.agendas.values import Link, Place, Written
from app.domain.text import clean_line

LONGEST = 5_000
"""Characters of a line that are read: no agenda has longer ones, and a hostile one costs no time."""
MOST_LINKS, MOST_MARKS = 100, 400
_inline = MarkdownIt("commonmark").disable("text_join")  # so that an escaped mark can be told from one left over
_MARK = re.compile(r"[\\`*_\[<!&]")
_CELL_END = re.compile(r"(?<!\\)(?:\\\\)*\|")


def read_inline(raw: str, place: Place) -> Written:
    """`raw`, which begins at `place`, without its marks."""
    tokens = _tokens(raw[:LONGEST])
    return Written(
        text=clean_line("".join(_seen(token) for token in tokens)),
        place=place,
        links=tuple(_links(raw, tokens, place)),
        codes=tuple(clean_line(token.content) for token in tokens if token.type == "code_inline"),
        emphasised=tuple(_between(tokens, "em_open", "em_close")),
        plain=clean_line("".join(_outside(tokens))),
        loose=sum(token.content.count("*") for token in tokens if token.type == "text") > 1,
    )


def split_cells(line: str) -> list[tuple[str, int]]:
    """The cells of a table's row with the columns (from 1) at which they begin; an escaped pipe divides nothing."""
    begin = len(line) - len(line.lstrip())
    if line[begin : begin + 1] == "|":
        begin += 1
    end = len(line.rstrip())
    cells = []
    for match in _CELL_END.finditer(line, begin, end):
        cells.append(_cell(line[begin : match.end() - 1], begin))
        begin = match.end()
    if line[begin:end].strip():
        cells.append(_cell(line[begin:end], begin))
    return cells


def _cell(raw: str, begin: int) -> tuple[str, int]:
    """In a table `\\|` is a pipe, in code too."""
    stripped = raw.strip()
    offset = raw.index(stripped) if stripped else 0
    return stripped.replace("\\|", "|"), begin + offset + 1


def _tokens(raw: str) -> list[Token]:
    """What Markdown takes long to read, and nobody writes, is text: each opening bracket asks where it closes.

    So is what has no mark, as most cells.
    """
    if not _MARK.search(raw) or raw.count("[") > MOST_LINKS or raw.count("*") + raw.count("_") > MOST_MARKS:
        return [Token("text", "", 0, content=raw)]
    return [token for block in _inline.parseInline(raw) for token in block.children or []]


def _seen(token: Token) -> str:
    return "" if token.type == "html_inline" else token.content


def _between(tokens: list[Token], opening: str, closing: str) -> Iterator[str]:
    begin = None
    for number, token in enumerate(tokens):
        if token.type == opening:
            begin = number
        elif token.type == closing and begin is not None:
            yield clean_line("".join(_seen(each) for each in tokens[begin:number]))
            begin = None


def _outside(tokens: list[Token]) -> Iterator[str]:
    """What is neither bold nor in italics."""
    depth = 0
    for token in tokens:
        if token.type in {"em_open", "strong_open"}:
            depth += 1
        elif token.type in {"em_close", "strong_close"}:
            depth -= 1
        elif not depth:
            yield _seen(token)


def _links(raw: str, tokens: list[Token], place: Place) -> Iterator[Link]:
    cursor = 0
    texts = _between(tokens, "link_open", "link_close")
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrs["href"])
            found = raw.find(f"]({target}", cursor)
            cursor = max(found, cursor)
            yield Link(next(texts), target, Place(place.file, place.line, place.column + cursor))
