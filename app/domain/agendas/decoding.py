"""Bytes of a file to a source, or why it cannot be read."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from app.domain.agendas.values import Source
from app.domain.text import clean_line

_OTHER_LINES = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # what str.splitlines would count and no editor does
MAX_BYTES = 150_000
"""Of one file: the longest agenda that we know has three thousand."""


@dataclass(frozen=True)
class Unreadable:
    """A file that cannot be read, and why, as the end of a sentence that begins with its name."""

    path: str
    why: str

    def __str__(self) -> str:
        return f"{self.path} {self.why}."


def decode(path: str, data: bytes) -> Source | Unreadable:
    """The file `path` as text. A mark of byte order at its start is left out; each end of a line is LF."""
    shown = clean_line(posixpath.normpath(path.replace("\\", "/")))
    if len(data) > MAX_BYTES:
        return Unreadable(shown, f"has more than {MAX_BYTES:,} bytes, which no agenda has")
    if b"\0" in data:
        return Unreadable(shown, "is not text: it has zero bytes in it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Unreadable(shown, f"is not written in UTF-8: line {line} has a byte that is none. Save it as UTF-8")
    return Source(shown, _OTHER_LINES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")))
