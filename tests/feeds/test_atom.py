"""The feed of changes in octets: valid Atom, the same for the same values, whatever people have typed."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import clean_line, clean_text
from app.feeds.atom import ATOM, AtomEntry, AtomHead, atom

HEAD = AtomHead(
    "tag:x.example,2026:changes:all",
    "Calls & talks",
    "Example",
    "https://x.example/calendar/all.atom",
    "https://x.example/schedule",
)
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NS = {"a": ATOM}


def entry(title="Moved: Thursday", text="Was: a\nNow: b", number=1):
    return AtomEntry(
        f"tag:x.example,2026:change:{number}", "moved", title, text, "https://x.example/t/k?a=1&b=2", AT, AT
    )


def test_it_has_all_that_rfc_4287_asks_for():
    root = ET.fromstring(atom(HEAD, [entry()]))
    assert root.tag == f"{{{ATOM}}}feed"
    assert [root.findtext(f"a:{name}", namespaces=NS) for name in ("id", "title", "updated", "author/a:name")] == [
        HEAD.id,
        "Calls & talks",
        "2026-11-23T09:00:00Z",
        "Example",
    ]
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", NS)}
    assert links == {"self": HEAD.source, "alternate": HEAD.url}
    (item,) = root.findall("a:entry", NS)
    assert [
        item.findtext(f"a:{name}", namespaces=NS) for name in ("id", "title", "published", "updated", "content")
    ] == [
        "tag:x.example,2026:change:1",
        "Moved: Thursday",
        "2026-11-23T09:00:00Z",
        "2026-11-23T09:00:00Z",
        "Was: a\nNow: b",
    ]
    assert item.find("a:category", NS).get("term") == "moved"
    assert item.find("a:link", NS).get("href") == "https://x.example/t/k?a=1&b=2"


def test_without_a_change_it_is_still_a_feed_and_the_same_each_time():
    assert ET.fromstring(atom(HEAD, [])).findtext("a:updated", namespaces=NS) == "1970-01-01T00:00:00Z"
    assert atom(HEAD, [entry()]) == atom(HEAD, [entry()])


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=80))
def test_any_text_comes_out_as_it_was_cleaned(text):
    item = ET.fromstring(atom(HEAD, [entry(text, text)])).find("a:entry", NS)
    assert (item.findtext("a:title", namespaces=NS) or "") == clean_line(text)
    assert (item.findtext("a:content", namespaces=NS) or "") == clean_text(text)


def test_markup_is_text():
    data = atom(HEAD, [entry("<b>&amp;</b> ]]> <script>", "<!DOCTYPE x>")])
    assert b"<b>" not in data
    assert b"<script" not in data
    assert b"<!DOCTYPE" not in data
