"""Feeds of changes for feed readers (Atom, RFC 4287): what became of calls, newest first. Values in, bytes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from app.domain.attribution import PublicText
from app.domain.text import clean_line, clean_text

ATOM = "http://www.w3.org/2005/Atom"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # `updated` is required, and nothing has changed yet


@dataclass(frozen=True)
class AtomHead:
    """What the feed says of itself. `id` never changes; `source` is its own address, `url` the page for people."""

    id: str
    title: PublicText
    author: PublicText
    source: str
    url: str


@dataclass(frozen=True)
class AtomEntry:
    """One change. `id` never changes, `kind` is its category; instants are aware UTC, to the second."""

    id: str
    kind: str
    title: PublicText
    text: PublicText
    url: str
    published: datetime
    updated: datetime


def atom(head: AtomHead, entries: Iterable[AtomEntry]) -> bytes:
    """The feed, its entries in the order given. Same values, same bytes."""
    listed = list(entries)
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _add(root, "id", head.id)
    _add(root, "title", clean_line(head.title))
    _add(root, "updated", _instant(max((entry.updated for entry in listed), default=_NEVER)))
    _add(ET.SubElement(root, "author"), "name", clean_line(head.author))
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": head.source})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": head.url})
    for entry in listed:
        root.append(_entry(entry))
    ET.indent(root, " ")
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _entry(entry: AtomEntry) -> ET.Element:
    element = ET.Element("entry")
    _add(element, "id", entry.id)
    _add(element, "title", clean_line(entry.title))
    _add(element, "published", _instant(entry.published))
    _add(element, "updated", _instant(entry.updated))
    ET.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": entry.url})
    ET.SubElement(element, "category", {"term": entry.kind})
    _add(element, "content", clean_text(entry.text)).set("type", "text")
    return element


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
