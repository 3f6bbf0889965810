"""Whatever was typed stands in the file letter by letter: read back by a Markdown reader, it is the same text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.domain.text import clean_line, clean_text
from app.feeds.markdown.escaping import block, code, inline, link, row

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
SIGNS = "\\`*_{}[]()<>#+-.!|~&;:/@=\"'$^ \n\tab1é字🧑"
_MARKS = (
    "# |- |1. |1) |> |```|~~~|---|===|:--|![x](y)|[x]: y|<b>|</script>|<!--|&amp;|&#35;|http://a.example|www.a.example"
    "|<http://a>|a@b.example|**|__|~~|    |word|$x$|[^1]|* * *|+ "
)
MARKS = _MARKS.split("|")
TYPED = st.one_of(
    st.text(SIGNS, max_size=40),
    st.text(max_size=40),
    st.lists(st.sampled_from([*MARKS, "\\", "| a |", "|---|", "\\|", "\n", "\n\n", "  \n"]), max_size=8).map("".join),
)


def read(markdown: str) -> list[tuple[str, str]]:
    """The leaves of what a reader sees: their kinds and words; pieces of text in a row are one."""
    found: list[tuple[str, str]] = []
    for token in READER.parse(markdown):
        for leaf in token.children if token.children is not None else [token]:
            words = leaf.content if leaf.type in ("text", "text_special") else "\n" if "break" in leaf.type else None
            if words is None:
                found.append((leaf.type, leaf.content))
            elif found and found[-1][0] == "text":
                found[-1] = ("text", found[-1][1] + words)
            else:
                found.append(("text", words))
    return found


def texts(markdown: str) -> list[str]:
    return [words for kind, words in read(markdown) if kind == "text"]


def kinds(markdown: str) -> set[str]:
    return {kind for kind, _ in read(markdown)} - {"text"}


PARAGRAPH, CELLS = {"paragraph_open", "paragraph_close"}, {"td_open", "td_close"}


@given(TYPED)
def test_a_line_is_the_text_and_nothing_else_wherever_it_stands(typed):
    line = clean_line(typed)
    for before, marks in (("", PARAGRAPH), ("## ", {"heading_open", "heading_close"})):
        markdown = f"{before}{inline(typed)}"
        assert texts(markdown) == [line] * bool(line)
        assert kinds(markdown) <= marks
    assert texts(f"- {inline(typed)}") == [line] * bool(line)


@given(TYPED, TYPED)
def test_two_cells_of_a_table_stay_two(first, second):
    table = "\n".join([row(["A", "B"]), row([":---", ":---"]), row([inline(first), inline(second)])])
    cells = [token.children for token in READER.parse(table) if token.type == "inline"][2:]
    assert ["".join(leaf.content for leaf in cell) for cell in cells] == [clean_line(first), clean_line(second)]


@given(TYPED)
def test_paragraphs_and_ends_of_lines_stay(typed):
    said = [[clean_line(line) for line in part.splitlines()] for part in clean_text(typed).split("\n\n")]
    lines = [line for part in said for line in part if line]
    markdown = block(typed)
    assert [line for text in texts(markdown) for line in text.split("\n") if line] == lines
    assert kinds(markdown) <= PARAGRAPH


@given(TYPED, TYPED)
def test_what_stands_behind_a_text_is_not_touched_by_it(typed, other):
    markdown = f"{block(typed)}\n\n### Next\n\n- **A**: {inline(other)}\n"
    assert ("heading_open", "") in read(markdown)
    assert texts(markdown).count("Next") >= 1
    assert {"html_block", "html_inline", "fence", "code_block", "code_inline", "image", "link_open"}.isdisjoint(
        kinds(markdown)
    )


@given(TYPED)
def test_a_tag_is_code_or_text_and_says_itself(typed):
    line = clean_line(typed)
    table = "\n".join([row(["A"]), row([":---"]), row([code(line)])])
    [leaves] = [token.children for token in READER.parse(table) if token.type == "inline"][1:]
    assert "".join(leaf.content for leaf in leaves) == line


@given(TYPED, st.text("abc()<>[]\\|*_`&;?=/#%é\"' {}^amp", max_size=20))
def test_a_link_has_its_words_and_leads_where_it_should(words, path):
    line = clean_line(words)
    leaves = [
        leaf for token in READER.parse(link(inline(line), f"https://a.example/{path}")) for leaf in token.children or ()
    ]
    assert [leaf.type for leaf in leaves if leaf.type.startswith("link")] == ["link_open", "link_close"]
    assert "".join(leaf.content for leaf in leaves) == line
    assert leaves[0].attrs["href"].startswith("https://a.example/")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Upstream first: why (and how)", "Upstream first: why (and how)"),
        ("R&D | Q&A &amp; C#", r"R&D \| Q&A \&amp; C\#"),
        ("1. First", r"1\. First"),
        ("- no list", r"\- no list"),
        ("see https://a.example or www.b.example", r"see https\://a.example or www\.b.example"),
    ],
)
def test_no_more_is_escaped_than_has_to_be(typed, written):
    assert inline(typed) == written


def test_an_address_with_an_entity_in_it_stays_what_it_is():
    [opened, *_] = [
        leaf for token in READER.parse(link("x", "https://a.example/?a=1&copy;=2")) for leaf in token.children or ()
    ]
    assert opened.attrs["href"] == "https://a.example/?a=1&copy;=2"
