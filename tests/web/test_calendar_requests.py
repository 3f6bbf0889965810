"""What conditional and encoded requests mean (RFC 9110 8.8.3, 12.5.3, 13.1)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.web.calendar_requests import has_it_already, wants_gzip

ETAG = '"0123-gzip"'
CHANGED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SAME = "Mon, 23 Nov 2026 09:00:00 GMT"


def has_it(if_none_match="", if_modified_since="", last_modified=CHANGED):
    return has_it_already(ETAG, last_modified, if_none_match=if_none_match, if_modified_since=if_modified_since)


@pytest.mark.parametrize(
    "header",
    [ETAG, f"W/{ETAG}", f'"a", {ETAG}', f'"a" ,W/{ETAG},"b"', f'"a,b", {ETAG}', f",, {ETAG} ,", "*", " * "],
)
def test_a_tag_in_any_form_is_known(header):
    assert has_it(header)


@pytest.mark.parametrize(
    "header", ['"0123"', 'W/"0123"', '"a", "b"', "0123-gzip", '"*"', '"x0123-gzip"', f'"a{ETAG[1:]}', '"', ","]
)
def test_another_tag_is_not(header):
    assert not has_it(header)


@pytest.mark.parametrize("header", ['"' * 60_000, '"a"' + " " * 60_000, '"a",' * 15_000, "W/" * 30_000])
def test_a_long_header_of_nothing_is_no_tag(header):
    assert not has_it(header)


@pytest.mark.parametrize(
    ("date", "known"),
    [
        (SAME, True),
        ("Mon, 23 Nov 2026 09:00:01 GMT", True),
        ("Mon, 23 Nov 2026 08:59:59 GMT", False),
        ("Monday, 23-Nov-26 09:00:00 GMT", True),
        ("Mon Nov 23 09:00:00 2026", True),
        ("yesterday", False),
        ("", False),
    ],
)
def test_a_date_alone_decides_in_every_form_of_the_standard(date, known):
    assert has_it(if_modified_since=date) is known


def test_a_date_beside_a_tag_does_not_count():
    assert not has_it('"other"', SAME)


def test_what_has_no_date_is_always_new_to_a_date():
    assert not has_it(if_modified_since=SAME, last_modified=None)


@pytest.mark.parametrize(
    ("header", "zipped"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("gzip;q=0.5, identity;q=0.5", True),
        ("gzip;q=0.4, identity;q=0.5", False),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("*", False),
        ("br", False),
        ("identity", False),
        ("", False),
        ("identity;q=0, *", True),
        ("*;q=0", False),
        ("*;q=0, gzip", True),
        ("gzip" + " " * 300, False),
    ],
)
def test_gzip_is_for_those_who_ask(header, zipped):
    assert wants_gzip(header) is zipped
