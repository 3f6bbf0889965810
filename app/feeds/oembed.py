"""The answer to programs that ask how to show a page of ours within theirs (oEmbed 1.0, oembed.com)."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from app.domain.attribution import PublicText

WIDTH, HEIGHT = 640, 420
_NARROWEST, _LOWEST = 200, 120


@dataclass(frozen=True)
class Embedded:
    """What may be shown: its title, and the address of the frame; without one the page can only be linked to.

    `max_age` is in seconds.
    """

    title: PublicText
    provider: PublicText
    home: str
    frame: str
    max_age: int


def size_within(width: int | None, height: int | None) -> tuple[int, int]:
    """How large the frame is where it may be at most this wide and high; it never gets smaller than is readable."""
    return max(_NARROWEST, min(WIDTH, width or WIDTH)), max(_LOWEST, min(HEIGHT, height or HEIGHT))


def frame_html(title: str, address: str, *, width: int, height: int) -> str:
    """What to put into a page. The frame may run our script and open links, and nothing else."""
    kept = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-same-origin"
    return (
        f'<iframe src="{html.escape(address)}" title="{html.escape(title)}" width="{width}" height="{height}" '
        f'loading="lazy" sandbox="{kept}"></iframe>'
    )


def as_json(embedded: Embedded, *, width: int, height: int) -> bytes:
    return json.dumps(_answer(embedded, width, height), ensure_ascii=False, separators=(",", ":")).encode()


def as_xml(embedded: Embedded, *, width: int, height: int) -> bytes:
    root = ET.Element("oembed")
    for name, value in _answer(embedded, width, height).items():
        ET.SubElement(root, name).text = str(value)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n{text}\n'.encode()


def _answer(embedded: Embedded, width: int, height: int) -> dict[str, str | int]:
    known: dict[str, str | int] = {
        "version": "1.0",
        "type": "rich" if embedded.frame else "link",
        "title": embedded.title,
        "provider_name": embedded.provider,
        "provider_url": embedded.home,
        "cache_age": embedded.max_age,
    }
    if not embedded.frame:
        return known
    frame = frame_html(embedded.title, embedded.frame, width=width, height=height)
    return {**known, "html": frame, "width": width, "height": height}
