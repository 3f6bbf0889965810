"""Every way to read an answer: encodings are undone, one within the other, until the plain words stand there."""

from __future__ import annotations

import base64
import gzip
import html
import quopri
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from email.message import EmailMessage
from functools import cache
from urllib.parse import unquote_plus

_BLOB = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_WRAPPED = re.compile(r"(?<=[A-Za-z0-9+/]{60})\r?\n(?=[A-Za-z0-9+/=])")
_ESCAPE = re.compile(r"\\[uU]([0-9a-fA-F]{4})")
_ACCENTS = re.compile("[\u0300-\u036f]")
_ELEMENT = re.compile(r"<[^<>]*>")
_NOT_PLAIN = re.compile(r"[\W_]+")
_DEPTH = 2


@cache
def plain(word: str) -> str:
    """The letters and digits alone, without accents, in lower case: "Réné  STRÖM-Bänk" is "renestrombank".

    So it is found however it is spaced, hyphenated, folded or made a part of an address.
    """
    return _plain(word)


def _plain(text: str) -> str:
    bare = text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return _NOT_PLAIN.sub("", bare.casefold())


def readings(data: bytes) -> str:
    """All that can be read out of the octets, plain, a line for each way to read them."""
    fresh = found = set(_texts(data))
    for _ in range(_DEPTH):
        fresh = {read(text) for text in fresh for read in _WAYS} - found
        found = found | fresh
    return "\n".join({_plain(text) for text in found})


def of_mail(message: EmailMessage) -> Iterator[bytes]:
    """The mail in pieces: the headers of each part, as sent and as shown, and each part decoded; HTML by line."""
    for part in message.walk():
        yield "\n".join(f"{name}: {value}" for name, value in part.items()).encode()
        yield b"\n".join(b"%s: %s" % (name.encode(), str(value).encode()) for name, value in part.raw_items())
        if not part.is_multipart():
            content = part.get_payload(decode=True) or b""
            yield from content.split(b"\n") if part.get_content_type() == "text/html" else [content]


def found_in(text: str, words: Iterable[str]) -> list[str]:
    """The words that stand in a text from `readings`."""
    return [word for word in words if plain(word) in text]


def _texts(data: bytes) -> Iterable[str]:
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    yield data.decode("utf-8", "replace")
    if b"\0" in data:  # UTF-16 of either order, beginning anywhere
        yield data.decode("utf-16-le", "replace")
        yield data[1:].decode("utf-16-le", "replace")
    elif not data.isascii():
        yield data.decode("latin-1")


def _unfolded(text: str) -> str:
    """iCalendar and header lines that were folded, and what they escape."""
    return re.sub(r"\r?\n[ \t]", "", text).replace("\\n", "\n").replace("\\N", "\n")


def _printed(text: str) -> str:
    """Quoted-printable, in bodies and in headers."""
    return quopri.decodestring(text.encode()).decode("utf-8", "replace") if "=" in text else text


def _escaped(text: str) -> str:
    """JSON and JavaScript."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _untagged(text: str) -> str:
    """As a reader sees HTML: elements may stand within a word."""
    return _ELEMENT.sub("", text) if "<" in text else text


def _based(text: str) -> str:
    return "\n".join(filter(None, map(_from_base64, _BLOB.findall(_WRAPPED.sub("", text)))))


def _from_base64(blob: str) -> str:
    """What the blob holds, wherever in it the encoding began: an address may go before it without a break."""
    bare = blob.rstrip("=").replace("-", "+").replace("_", "/")
    pieces = (bare[start:] for start in range(4))
    whole = (piece[: len(piece) - (len(piece) % 4 == 1)] for piece in pieces)
    octets = (base64.b64decode(piece + "=" * (-len(piece) % 4)) for piece in whole)
    return "\n".join(each.decode("utf-16-le" if b"\0" in each else "utf-8", "ignore") for each in octets)


_WAYS: tuple[Callable[[str], str], ...] = (
    *(_unfolded, unquote_plus, html.unescape, _printed, _escaped, _untagged, _based),
)
