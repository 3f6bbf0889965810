"""The list of pages for search engines (sitemaps.org, protocol 0.9). Values in, bytes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000
"""Pages in one file, by the protocol."""


@dataclass(frozen=True)
class SitePage:
    """An absolute address, and when what it shows last changed, if that is known."""

    url: str
    changed_at: datetime | None = None


def sitemap(pages: Iterable[SitePage]) -> bytes:
    """One file of at most `MOST` pages, in the order given."""
    return _listed("urlset", "url", pages)


def sitemap_index(files: Iterable[SitePage]) -> bytes:
    """The list of such files, where one does not hold all pages."""
    return _listed("sitemapindex", "sitemap", files)


def _listed(root_name: str, each: str, pages: Iterable[SitePage]) -> bytes:
    root = ET.Element(root_name, {"xmlns": SITEMAPS})
    for page in pages:
        entry = ET.SubElement(root, each)
        ET.SubElement(entry, "loc").text = page.url
        if page.changed_at:
            ET.SubElement(entry, "lastmod").text = f"{page.changed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()
