"""The list of pages is what sitemaps.org describes."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from app.feeds.sitemap import SITEMAPS, SitePage, sitemap, sitemap_index

PAGES = [
    SitePage("https://calls.example/?a=1&b=2", datetime(2026, 12, 10, 13, 5, 7, tzinfo=UTC)),
    SitePage("https://b.example/"),
]


def test_each_page_has_its_address_and_its_last_change_if_that_is_known():
    root = ET.fromstring(sitemap(PAGES))
    assert root.tag == f"{{{SITEMAPS}}}urlset"
    assert [[(child.tag.removeprefix(f"{{{SITEMAPS}}}"), child.text) for child in page] for page in root] == [
        [("loc", "https://calls.example/?a=1&b=2"), ("lastmod", "2026-12-10T13:05:07Z")],
        [("loc", "https://b.example/")],
    ]


def test_an_index_lists_files():
    root = ET.fromstring(sitemap_index(PAGES[1:]))
    assert (root.tag, [page.tag for page in root]) == (f"{{{SITEMAPS}}}sitemapindex", [f"{{{SITEMAPS}}}sitemap"])
