"""Text from outside comes in clean, whatever it was."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import clean_line, clean_text, is_web_address

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)  # lone surrogates included
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(ANY_TEXT)
def test_clean_text_holds_nothing_that_breaks_a_calendar_or_a_mail(value):
    text = clean_text(value)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text)
    assert not set(text) & set("\u2028\u2029\x85\ufeff" + BIDI)
    assert text.encode().decode() == text
    assert text == text.strip()


@given(ANY_TEXT)
def test_cleaning_again_changes_nothing(value):
    assert clean_text(clean_text(value)) == clean_text(value)
    assert clean_line(clean_line(value)) == clean_line(value)


@given(ANY_TEXT)
def test_a_clean_line_is_one_line(value):
    assert len(clean_line(value).splitlines()) <= 1


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\n"])
def test_every_kind_of_newline_becomes_one(newline):
    assert clean_text(f"one{newline}two") == "one\ntwo"
    assert clean_line(f"one{newline}two") == "one two"


def test_paragraphs_stay_apart_by_one_empty_line():
    assert clean_text("one  \n\n\n\n two\t\n") == "one\n\n two"


@pytest.mark.parametrize("value", ["👩‍👩‍👧‍👦 family", "שלום עולם", "日本語のタイトル", "tab\there", "été", "a\u200db"])
def test_what_people_write_stays(value):
    assert clean_text(value) == value


@pytest.mark.parametrize("value", ["\u200b", " \u2060\n\u200d", "\u00ad", "\u3164", "\u2800", "\u0301"])
def test_what_nobody_can_see_is_nothing(value):
    assert (clean_text(value), clean_line(value)) == ("", "")


def test_letters_are_composed():
    assert clean_text("e\u0301te\u0301") == "été"


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=c#d", "http://example.org:8080", "https://xn--bcher-kva.example/ü", "https://[::1]/x"],
)
def test_web_addresses(address):
    assert is_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "javascript:alert(1)",
        "ftp://example.org",
        "https://",
        "https://:80",
        "https://user:secret@example.org",
        "https://user@example.org",
        "https://example.org/a b",
        "https://example.org/\nX",
        " https://example.org",
        "https://example.org:port",
        "https://[::1",
        "//example.org/x",
        "https://example.org/" + "a" * 500,
    ],
)
def test_what_is_no_web_address(address):
    assert not is_web_address(address)
