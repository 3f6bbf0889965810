"""Text that Markdown shows letter by letter (CommonMark 0.31, and what GitHub adds: tables, strikethrough, formulas).

Whatever was typed as a title, a name or an abstract is text here, never markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.domain.attribution import PublicText
from app.domain.text import clean_line, clean_text

_ANYWHERE = re.compile(
    r"[\\`*_\[\]<~|#$]"  # begin or end something wherever they stand
    r"|&(?=#?\w+;)"  # an entity
    r"|:(?=//)|(?<=www)\."  # what GitHub makes a link of
)
_AT_THE_START = re.compile(r"^(?:[-+=>:]|[0-9]{1,9}(?=[.)]))")  # lists, headings, quotes, tables
_IN_ADDRESSES = {ord(sign): f"%{ord(sign):02X}" for sign in " \"'()<>\\`{|}^"}
_ENTITY = re.compile(r"&(?=#?\w+;)")
_PLAIN = re.compile(r"[^\W_](?:[\w &+./'’-]*[\w+])?")
HARD_BREAK = "\\\n"


def inline(text: str) -> str:
    """The text as one line that says it: white space in a row is one space."""
    return _line(text)


def block(text: PublicText) -> str:
    """The text as paragraphs: an empty line parts them, a single end of line stays one. Empty for no text."""
    lines = [_line(line) for line in clean_text(text).splitlines()]
    paragraphs = "\n".join(lines).split("\n\n")
    return "\n\n".join(part.strip("\n").replace("\n", HARD_BREAK) for part in paragraphs if part.strip("\n"))


def code(text: PublicText) -> str:
    """A tag in the community's way, as code; a name that code cannot hold stays text."""
    return f"`{text}`" if _PLAIN.fullmatch(text) else inline(text)


def link(words: str, address: str) -> str:
    """A link: `words` are Markdown already, the address http(s) or a file's name."""
    return f"[{words}]({_ENTITY.sub('&amp;', address.translate(_IN_ADDRESSES))})"


def row(cells: Iterable[str]) -> str:
    """A row of a table. The cells are Markdown already, in which text has no bare pipe."""
    return f"| {' | '.join(cells)} |"


def _line(text: str) -> str:
    escaped = _ANYWHERE.sub(lambda sign: f"\\{sign.group()}", clean_line(text))
    return _AT_THE_START.sub(_escaped_start, escaped)


def _escaped_start(found: re.Match[str]) -> str:
    start = found.group()
    return f"{start}\\" if start[0].isdigit() else f"\\{start}"
