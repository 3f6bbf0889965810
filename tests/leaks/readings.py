"""Every way to read an answer: encodings are undone, one within the other, until the plain words stand there."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import quopri
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from email.message import EmailMessage
from urllib.parse import unquote_plus

_BLOB = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ACCENTS = re.compile("[\u0300-\u036f]")
_DEPTH = 2


def plain(text: str) -> str:
    """Case and accents gone, every run of white space one space: "Réné  STRÖM" is "rene strom"."""
    bare = text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return " ".join(bare.casefold().split())


def readings(data: bytes) -> str:
    """All that can be read out of the octets, in one long plain text."""
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    found = {data.decode("utf-8", "replace"), data.decode("utf-16-le", "replace")}
    fresh = found
    for _ in range(_DEPTH):
        fresh = {read(text) for text in fresh for read in _WAYS} - found
        found |= fresh
    return "\n".join(map(plain, found))


def of_mail(message: EmailMessage) -> bytes:
    """A mail as sent, and after it each part and each header decoded, as a mail program shows them."""
    parts = [part.get_payload(decode=True) or b"" for part in message.walk() if not part.is_multipart()]
    headers = "\n".join(f"{name}: {value}" for name, value in message.items()).encode()
    return b"\n".join((message.as_bytes(), headers, *parts))


def found_in(text: str, words: Iterable[str]) -> list[str]:
    """The words that stand in a text from `readings`."""
    return [word for word in words if plain(word) in text]


def found_anywhere(pages: Mapping[str, Sequence[str]], words: Iterable[str]) -> list[tuple[str, str]]:
    """(page, word) for each word that stands in a text of a page. A text that many pages share is searched once."""
    words = list(words)
    hits = {text: found_in(text, words) for text in {text for texts in pages.values() for text in texts}}
    return [(page, word) for page, texts in pages.items() for text in texts for word in hits[text]]


def _unfolded(text: str) -> str:
    return re.sub(r"\r?\n[ \t]", "", text).replace("\\,", ",").replace("\\;", ";").replace("\\n", "\n")


def _printed(text: str) -> str:
    return quopri.decodestring(text.encode()).decode("utf-8", "replace") if "=" in text else text


def _escaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _based(text: str) -> str:
    return "\n".join(filter(None, map(_from_base64, _BLOB.findall(text))))


def _from_base64(blob: str) -> str:
    bare = blob.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4)).decode("utf-8", "ignore")
    except (binascii.Error, ValueError):
        return ""


_WAYS: tuple[Callable[[str], str], ...] = (_unfolded, unquote_plus, html.unescape, _printed, _escaped, _based)
