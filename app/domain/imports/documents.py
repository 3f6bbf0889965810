"""Files as they come: text in its encoding, JSON that may be anything. What cannot be read is said in a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.errors import InvalidInput

_MAGIC = {
    b"PK\x03\x04": "a ZIP archive or an Excel file: save it as CSV, or unpack it",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file: unpack it",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file: save it as CSV",
    b"\x89PNG": "a picture",
}
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def decode(data: bytes) -> str:
    """The text of `data`: by its byte order mark, as UTF-8, as UTF-16 by its zeros, or else as Windows wrote it.

    Raises InvalidInput (file) for what is no text.
    """
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise InvalidInput({"file": f"This is {what}."})
    try:
        text = data.decode(_encoding(data)).removeprefix("\ufeff")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise InvalidInput({"file": "This is no text file."})
    return text


def parse_json(text: str) -> Any:
    """What the JSON in `text` says. Raises InvalidInput (file) for what is none, or is nested without end."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise InvalidInput({"file": "This JSON is nested too deeply to be an export."}) from error
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidInput({"file": f"This is not JSON{where}."}) from error


def is_json(text: str) -> bool:
    """Whether it looks like JSON."""
    return text.lstrip()[:1] in {"{", "["}


def said(value: object) -> str:
    """A value of JSON in words: a text, a number, or a text in several languages, of which the English one counts."""
    while isinstance(value, dict):  # nested as deeply as it likes
        value = _inner(value)
    match value:
        case str():
            return value
        case bool():
            return ""
        case int() | float():
            return str(value)
        case _:
            return ""


def entries(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects in a list of JSON; nothing where it is none."""
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def texts(value: object) -> tuple[str, ...]:
    """The texts of a list, or of one text with a line each."""
    if isinstance(value, list):
        return tuple(filter(None, map(said, value)))
    return tuple(filter(None, (line.strip() for line in said(value).splitlines())))


def _inner(value: Mapping[str, Any]) -> object:
    """{"en": "Talk", "de": "Vortrag"}, or an object with a name: {"id": 3, "name": {"en": "Talk"}}."""
    for name in ("en", "name", "tag", "title", "question"):
        if value.get(name):
            return value[name]
    return next((each for each in value.values() if isinstance(each, str)), "")


def _encoding(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    sample = data[:2000]
    if len(sample) > 3 and sample[1::2].count(0) > len(sample) // 3:
        return "utf-16-le"
    if len(sample) > 3 and sample[0::2].count(0) > len(sample) // 3:
        return "utf-16-be"
    return "utf-8"
