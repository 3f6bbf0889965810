"""The body of an answer, unpacked: never more of it than allowed, whatever it claims to be."""

from __future__ import annotations

import zlib
from http.client import HTTPResponse

from app.fetching.failures import FetchFailed

MOST_BYTES = 2 * 1024 * 1024
_CHUNK = 64 * 1024
_TOO_LARGE = "It is larger than 2 MB."
_TORN = "Its packing is broken."
_CALENDAR = b"BEGIN:VCALENDAR"


def read_body(response: HTTPResponse) -> bytes:
    """At most two megabytes, packed and unpacked. Raises FetchFailed, and what http.client raises."""
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    packed = bytearray()
    while chunk := response.read(_CHUNK):
        packed += chunk
        if len(packed) > MOST_BYTES:
            raise FetchFailed(_TOO_LARGE)
    if response.length:
        raise FetchFailed("Its answer breaks off.")
    return unpack(bytes(packed), coding)


def unpack(packed: bytes, coding: str) -> bytes:
    """`packed` without its coding: gzip, deflate (with its head or without), or none. Raises FetchFailed."""
    if coding == "identity":
        return packed
    if coding in {"gzip", "x-gzip"}:
        return _inflate(packed, 16 + zlib.MAX_WBITS)
    if coding != "deflate":
        raise FetchFailed("It is packed in a way that nobody asked for.")
    try:
        return _inflate(packed, zlib.MAX_WBITS)
    except zlib.error:
        return _inflate(packed, -zlib.MAX_WBITS)


def check_is_calendar(body: bytes) -> None:
    """Raises FetchFailed unless `body` is a whole iCalendar object, to judge by its first and last line."""
    begin = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin[: len(_CALENDAR)].upper() != _CALENDAR:
        page = begin[:200].lower()
        is_page = page.startswith((b"<!doctype", b"<html"))
        raise FetchFailed(
            "There is a web page at this address, and no calendar: perhaps one has to sign in."
            if is_page
            else "What is at this address is no calendar."
        )
    if b"END:VCALENDAR" not in begin[-200:].upper():
        raise FetchFailed("The calendar breaks off before its end.")


def _inflate(packed: bytes, window: int) -> bytes:
    unpacker = zlib.decompressobj(window)
    try:
        body = unpacker.decompress(packed, MOST_BYTES + 1)
    except zlib.error:
        if window == zlib.MAX_WBITS:
            raise
        raise FetchFailed(_TORN) from None
    if len(body) > MOST_BYTES:
        raise FetchFailed(_TOO_LARGE)
    if not unpacker.eof:
        raise FetchFailed(_TORN)
    return body
