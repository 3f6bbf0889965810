"""Any bytes taken apart as a message, within limits: linear in time, never deep, never an error.

The standard library's parser is kind to hostile mail: ten million semicolons in one Content-Type keep it busy for
hours, nested boundaries and nested comments in an address end in a RecursionError. What is beyond the limits is left
out and said in `cut`.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any

from app.domain.text import clean_line

MAX_HEADERS, MAX_HEADER, MAX_HEADER_LINES = 100_000, 4_000, 500
MAX_PARTS, MAX_DEPTH, MAX_TEXT_PART = 100, 8, 500_000
_END_OF_LINE = re.compile(rb"(?P<end>--)?[ \t]*(?:\r?\n|\Z)")
_ADDRESS = re.compile(r"<?([^\s<>\"',;:()\[\]@]{1,64}@[A-Za-z0-9.-]{1,253})")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_CHARSET = re.compile(
    r"utf-?8|(us-)?ascii|iso-?8859-\d{1,2}|latin-?1|(windows-|cp)125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|"
    r"euc-(jp|kr)|iso-2022-(jp|kr)|utf-16(le|be)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """A leaf of a message: its type in lower case, its parameters, its body as it came."""

    kind: str
    parameters: dict[str, str]
    encoding: str
    body: bytes = field(repr=False)

    @property
    def data(self) -> bytes:
        """The body decoded; what cannot be decoded stays as it came. At most MAX_TEXT_PART bytes are looked at."""
        body = self.body[:MAX_TEXT_PART]
        if self.encoding == "base64":
            return _from_base64(body)
        return binascii.a2b_qp(body) if self.encoding == "quoted-printable" else body

    @property
    def text(self) -> str:
        """As text, with a mark for each byte that its charset does not know."""
        return to_text(self.data, self.parameters.get("charset", ""))


@dataclass(frozen=True)
class Taken:
    """A message in pieces: the first value of each header by its name in lower case, and the leaves in order."""

    headers: dict[str, str]
    kind: str
    parameters: dict[str, str]
    parts: tuple[Part, ...]
    cut: bool

    def line(self, name: str) -> str:
        """A header as one clean line, its encoded words read."""
        return clean_line(read_words(self.headers.get(name, "")))

    def addresses(self, *names: str) -> tuple[str, ...]:
        """The bare addresses in these headers, in lower case, each once; first those in angle brackets."""
        found = [each for name in names for each in _ADDRESS.finditer(self.headers.get(name, ""))]
        found.sort(key=lambda each: not each.group().startswith("<"))  # a display name may look like an address
        return tuple(dict.fromkeys(each[1].lower() for each in found))

    def first(self, kind: str) -> Part | None:
        return next((part for part in self.parts if part.kind == kind), None)


def take_apart(data: bytes) -> Taken:
    """The pieces of `data`, whatever it is."""
    head, body = _halves(data)
    headers = read_headers(head)
    kind, parameters = _content_type(headers.get("content-type", ""))
    walk = _Walk()
    parts = tuple(walk.leaves(headers, body, depth=0))
    return Taken(headers, kind, parameters, parts, cut=walk.cut or len(head) > MAX_HEADERS)


def read_headers(block: bytes) -> dict[str, str]:
    """The first value of each header, unfolded and cut."""
    headers: dict[str, str] = {}
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", block[:MAX_HEADERS])
    for line in unfolded.splitlines()[:MAX_HEADER_LINES]:
        name, colon, value = line.partition(b":")
        if colon:
            text = value[:MAX_HEADER].decode("utf-8", "replace").replace("\x00", "").strip()
            headers.setdefault(name.strip().lower().decode("ascii", "replace"), text)
    return headers


def to_text(data: bytes, charset: str) -> str:
    """`data` in `charset`, or in UTF-8 where that is unknown: some of Python's codecs are no charsets but traps."""
    known = charset if _CHARSET.fullmatch(charset) else "utf-8"
    try:
        return data.decode(known, "replace")
    except (LookupError, UnicodeError):
        return data.decode("utf-8", "replace")


def read_words(value: str) -> str:
    """A header's encoded words (RFC 2047) read; what is none stays as it is."""
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(piece if isinstance(piece, str) else to_text(piece, charset or "") for piece, charset in pieces)


class _Walk:
    """One way through the parts. `cut` says that something was left out."""

    def __init__(self) -> None:
        self.seen = 0
        self.cut = False

    def leaves(self, headers: dict[str, str], body: bytes, *, depth: int) -> Iterator[Part]:
        kind, parameters = _content_type(headers.get("content-type", ""))
        boundary = parameters.get("boundary", "")
        if not kind.startswith("multipart/") or not boundary:
            encoding = headers.get("content-transfer-encoding", "").lower()
            yield Part(kind, parameters, encoding, body)
        elif depth == MAX_DEPTH:
            self.cut = True
        else:
            yield from self._children(body, boundary, depth=depth + 1)

    def _children(self, body: bytes, boundary: str, *, depth: int) -> Iterator[Part]:
        for piece in _split(body, boundary.encode("utf-8", "replace")):
            if self.seen == MAX_PARTS:
                self.cut = True
                return
            self.seen += 1
            head, rest = _halves(piece)
            yield from self.leaves(read_headers(head), rest, depth=depth)


def _halves(data: bytes) -> tuple[bytes, bytes]:
    """Headers and body."""
    found = _BLANK_LINE.search(data)
    return (data, b"") if found is None else (data[: found.start()], data[found.end() :])


def _split(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """What stands between the boundary's lines, one piece after the other: whoever has enough stops asking."""
    mark, start, at = b"--" + boundary, -1, 0
    while (at := body.find(mark, at)) >= 0:
        rest = _END_OF_LINE.match(body, at + len(mark))
        if rest is None or body[at - 1 : at] not in (b"", b"\n"):
            at += len(mark)
            continue
        if start >= 0:
            yield _without_breaks(body[start:at])
        if rest["end"]:
            return
        start = at = rest.end()
    if start >= 0:
        yield _without_breaks(body[start:])


def _without_breaks(piece: bytes) -> bytes:
    """Without the line break before the next boundary, which belongs to it."""
    return piece.removesuffix(b"\n").removesuffix(b"\r")


def _content_type(value: str) -> tuple[str, dict[str, str]]:
    """Type and parameters; text/plain where there is none that can be read."""
    message = Message()
    message["content-type"] = value[:MAX_HEADER] or "text/plain"
    try:
        found: list[tuple[str, Any]] = message.get_params(failobj=[])
        parameters = {name.lower(): collapse_rfc2231_value(each).strip() for name, each in found[1:]}
    except (ValueError, LookupError, TypeError):  # RFC 2231 with numbers, charsets or an order that are none
        parameters = {}
    return message.get_content_type(), parameters


def _from_base64(body: bytes) -> bytes:
    """Base64 whose padding may be missing or wrong. A single letter too many holds no byte."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    whole = letters[:-1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
