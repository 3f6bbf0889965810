"""What a search is made of, and what of a text is marked as found."""

from __future__ import annotations

import pytest

from app.domain.attribution import PublicText
from app.domain.searching import MAX_SEARCH, Piece, excerpt, highlighted, read_search, words_of


def said(pieces):
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ('"Übergröße" AND (licence*', ("ubergrosse", "and", "licence")),
        ("NEAR(a b) {title} : x", ("near", "a", "b", "title", "x")),
        ("' & | ! <-> \\ % _ ; --", ()),
        ("一 ab " + "wort " * 20, ("一", "ab", *["wort"] * 6)),
        ("x" * 200, ("x" * 40,)),
    ],
)
def test_only_words_count_of_what_was_typed(typed, words):
    assert read_search(typed).words == words


def test_what_was_typed_comes_back_on_one_line_and_not_longer_than_it_may_be():
    assert read_search("two\n lines").typed == "two lines"
    assert len(read_search("a " * 200).typed) <= MAX_SEARCH


def test_the_last_word_is_a_start_from_two_letters_on():
    search = read_search("open sou")
    assert (search.whole, search.start) == (("open",), "sou")
    assert [search.finds(word) for word in ("open", "opening", "source")] == [True, False, True]
    single = read_search("language c")
    assert (single.whole, single.start, single.finds("case")) == (("language", "c"), None, False)


def test_texts_are_folded_into_words():
    assert words_of("Café, “Łódź”!", "C++ & SBOM\n2026") == "cafe lodz c sbom 2026"


def test_hits_are_marked_where_they_stand():
    pieces = highlighted(PublicText("Cafés & <b>open</b> source"), read_search("OPEN cafe"))
    assert said(pieces) == "[Cafés] & <b>[open]</b> source"
    assert pieces[0] == Piece(PublicText("Cafés"), hit=True)
    assert highlighted(PublicText("Title"), read_search("")) == (Piece(PublicText("Title"), hit=False),)


def test_an_excerpt_stands_around_the_first_hit_without_markdown():
    text = PublicText(f"# Head\n\n{'before ' * 30}**licence** of [a tool](https://x.example) {'after ' * 60}")
    around = said(excerpt(text, read_search("licence")))
    assert around.startswith("… before before")
    assert around.endswith("after after …")
    assert "[licence] of a tool after" in around
    assert len(around) < 320
    assert excerpt(text, read_search("nowhere")) == ()
    assert said(excerpt(PublicText("A short licence"), read_search("licence"))) == "A short [licence]"


def test_what_lies_beyond_an_excerpt_is_marked_nowhere():
    text = PublicText(f"Licences {'between ' * 60}licence")
    around = said(excerpt(text, read_search("licence")))
    assert around.startswith("[Licences] between")
    assert around.endswith("between …")


def test_a_long_word_without_spaces_is_no_reason_to_cut_a_hit():
    text = PublicText("a" * 300 + " licence " + "b" * 300)
    assert "[licence]" in said(excerpt(text, read_search("licence")))
