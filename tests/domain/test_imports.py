"""Files from elsewhere are read as they are written there, and what cannot come in says why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.errors import InvalidInput
from app.domain.imports import documents, offers
from app.domain.imports.mapping import TARGETS, Columns, check_columns, guess_columns, offers_of, read_state
from app.domain.imports.offers import Decisions, Desk, Offer, OfferedSpeaker, OfferState, items_of
from app.domain.imports.speakers import with_details, written_speakers
from app.domain.imports.tables import MAX_CELL, MAX_COLUMNS, read_table
from app.domain.imports.topics import match_topics
from app.domain.imports.values import MAX_ROWS
from app.domain.proposals import MAX_SPEAKERS
from app.services.addresses import normal_address

SAM = OfferedSpeaker("Sam Speaker", "sam@example.org")
GOOD = Offer(id="1", title="Upstream first", abstract="How.", minutes="20", speakers=(SAM,))


def desk(decisions=Decisions.POOL):
    return Desk("csv", decisions, normal_address, lambda words: f"<{words}>")


def item(decisions=Decisions.POOL, **changed):
    (read,) = items_of([replace(GOOD, **changed)], desk(decisions))
    return read


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Zoë".encode(), "Zoë"),
        (b"\xef\xbb\xbfZo\xc3\xab", "Zoë"),
        ("Zoë,1".encode("utf-16"), "Zoë,1"),
        ("Zoe,12".encode("utf-16-le"), "Zoe,12"),
        ("Zoe,12".encode("utf-16-be"), "Zoe,12"),
        ("Zoë".encode("utf-32"), "Zoë"),
        ("Zoë".encode("cp1252"), "Zoë"),
        (b"", ""),
    ],
)
def test_text_is_read_in_the_encoding_it_came_in(data, text):
    assert documents.decode(data) == text


@pytest.mark.parametrize("data", [b"PK\x03\x04xlsx", b"%PDF-1.7", b"\x1f\x8b..", b"a\0b" * 3, b"\x89PNG"])
def test_what_is_no_text_is_said_to_be_none(data):
    with pytest.raises(InvalidInput):
        documents.decode(data)


@pytest.mark.parametrize("text", ["{", "[" * 200_000, "9" * 5_000, ""])
def test_json_that_is_none_or_has_no_end_is_refused_in_words(text):
    with pytest.raises(InvalidInput, match="JSON"):
        documents.parse_json(text)


def test_values_of_json_are_said_in_words():
    values = [None, True, 3, "x", {"en": "Talk"}, {"de": "Vortrag"}, {"name": {"en": "T"}}, {"id": 3}, []]
    assert [documents.said(value) for value in values] == ["", "", "3", "x", "Talk", "Vortrag", "T", "", ""]
    assert (documents.texts(["a", None, 3]), documents.texts("a\n\n b ")) == (("a", "3"), ("a", "b"))


@pytest.mark.parametrize(
    ("names", "people"),
    [
        ("Sam Speaker", ["Sam Speaker||"]),
        ("Sam Speaker and Kim Keeper", ["Sam Speaker||", "Kim Keeper||"]),
        ("Sam, Kim & Lea", ["Sam||", "Kim||", "Lea||"]),
        ("A B, C D, E F", ["A B||", "C D||", "E F||"]),
        ("Sam Speaker (Kestrel Works)\nKim", ["Sam Speaker||Kestrel Works", "Kim||"]),
        ("Sam (X, Y), Kim, Lea", ["Sam||X, Y", "Kim||", "Lea||"]),
        ("Sam Speaker, University of Missouri", ["Sam Speaker||University of Missouri"]),
        ("Sam Speaker <sam@example.org>", ["Sam Speaker|sam@example.org|"]),
        ("", []),
    ],
)
def test_names_are_read_as_people_write_them(names, people):
    speakers, _ = written_speakers(names)
    assert [f"{each.name}|{each.email}|{each.affiliation}" for each in speakers] == people


def test_addresses_and_affiliations_belong_to_names_in_their_order():
    speakers, notes = written_speakers("Sam, Kim, Lea", emails="sam@example.org; kim@example.org", affiliations="X\nY")
    assert [
        (each.name, each.email, each.affiliation) for each in with_details(speakers, bio="Who", pronouns="they")
    ] == [
        ("Sam", "sam@example.org", "X"),
        ("Kim", "kim@example.org", "Y"),
        ("Lea", "", ""),
    ]
    assert notes == ()
    assert written_speakers("", emails="sam@example.org")[0] == (OfferedSpeaker(email="sam@example.org"),)
    assert len(written_speakers("Sam (Kestrel Works)")[1]) == 1


def test_topics_are_found_by_their_names_also_with_commas_of_their_own():
    known = {"Compliance, Legal and Inventory": "legal", "OSPO strategy": "ospo-strategy"}
    written = ["compliance, legal and inventory, OSPO Strategy, Robots", "ospo-strategy;", ""]
    assert match_topics(written, known) == (("legal", "ospo-strategy"), ("Robots",))


@pytest.mark.parametrize(
    ("text", "header", "cells"),
    [
        ("a,b\n1,2\n", ("a", "b"), ("1", "2")),
        ("a;b\n1,5;2\n", ("a", "b"), ("1,5", "2")),
        ("a\tb\n1\t2\n", ("a", "b"), ("1", "2")),
        ("sep=|\na|b\n1|2\n", ("a", "b"), ("1", "2")),
        ('\n"a, and",b\n"x ""y""\nz",=1+1\n', ("a, and", "b"), ('x "y"\nz', "=1+1")),
        ("a,,a\n1,2\n", ("a", "Column 2", "a (2)"), ("1", "2", "")),
        ("a,b,\n1,2,3\n", ("a", "b"), ("1", "2")),
        ("title\nOne\n", ("title",), ("One",)),
    ],
)
def test_tables_are_read_as_spreadsheets_write_them(text, header, cells):
    table = read_table(text)
    assert (table.header, table.rows[0].cells) == (header, cells)


def test_rows_say_in_which_line_they_begin():
    assert [row.line for row in read_table('sep=,\na,b\n"1\n1",2\n\n3,4\n').rows] == [3, 6]


@pytest.mark.parametrize(
    "text",
    [
        *("", "\n\n", "a,b\n", "a,b\n" + "1,2\n" * (MAX_ROWS + 1)),
        *(",".join("a" * (MAX_COLUMNS + 1)) + "\n1\n", f'a,b\n"{"x" * (MAX_CELL + 1)}",1\n', "a\n" + "x" * 200_000),
    ],
)
def test_a_table_with_nothing_or_too_much_is_refused(text):
    with pytest.raises(InvalidInput):
        read_table(text)


def test_columns_are_guessed_from_their_names_each_once():
    header = ("Timestamp", "Talk title", "Full name", "E-Mail", "Description", "Co-Speaker name", "Whatever")
    assert guess_columns(header).places == {
        "created": 0,
        "title": 1,
        "speaker-0-name": 2,
        "speaker-0-email": 3,
        "abstract": 4,
        "speaker-1-name": 5,
    }


def test_columns_that_cannot_be_so_say_why():
    table = read_table("Title,Who\nOne,Sam\n")
    with pytest.raises(InvalidInput) as refused:
        check_columns(Columns({"abstract": 9, "nonsense": 0}, {"minutes": "x" * 2_001}, "x" * 31), table)
    assert list(refused.value.errors) == [
        *("column-abstract", "column-nonsense", "constant-minutes", "column-title", "column-speaker-0-name", "source")
    ]
    columns = Columns({"title": 0}, {"speaker-0-name": " Sam\0 ", "level": "", "nonsense": "x"}, " My  table ")
    assert check_columns(columns, table) == Columns({"title": 0}, {"speaker-0-name": "Sam"}, "My table")
    assert Columns.from_json(columns.as_json()) == columns
    assert [target.key for target in TARGETS if target.is_further][:1] == ["speaker-1-name"]


def test_rows_become_offers_with_several_speakers_and_values_for_all():
    table = read_table(
        "T,First,Last,Mail,Second,State\nOne,Sam,Speaker,sam@example.org,Kim (Heron),Rejected\nTwo,,,,,\n"
    )
    places = {
        "title": 0,
        "speaker-0-name": 1,
        "speaker-0-surname": 2,
        "speaker-0-email": 3,
        "speaker-1-name": 4,
        "state": 5,
    }
    one, two = offers_of(table, Columns(places, {"minutes": "15", "speaker-0-role": "OSPO"}))
    assert [(each.name, each.email, each.affiliation, each.role) for each in one.speakers] == [
        ("Sam Speaker", "sam@example.org", "", "OSPO"),
        ("Kim", "", "Heron", ""),
    ]
    assert (one.minutes, one.state, one.place) == ("15", OfferState.DECLINED, "line 2")
    assert (two.speakers, two.state) == ((), OfferState.WAITING)
    assert read_state("Cancelled ") is OfferState.WITHDRAWN


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"title": ""}, "It has no title."),
        ({"title": "x" * 121}, "Its title has 121 characters; at most 120 fit. Shorten it there first."),
        ({"speakers": ()}, "It names no speaker."),
        ({"speakers": (OfferedSpeaker(" ", " "),)}, "It names no speaker."),
        ({"speakers": (OfferedSpeaker(email="sam@example.org"),)}, "Speaker 1 has an e-mail address and no name."),
        ({"speakers": (OfferedSpeaker("Sam", "sam@@x"),)}, "“sam@@x” is no e-mail address."),
        (
            {"speakers": (SAM, OfferedSpeaker("K", "SAM@example.org"))},
            "Two of its speakers have the address sam@example.org.",
        ),
        ({"speakers": (OfferedSpeaker("S"),) * (MAX_SPEAKERS + 1)}, "It has 7 speakers; at most 6 fit."),
        ({"state": OfferState.WITHDRAWN}, "It was withdrawn there."),
        ({"state": OfferState.DRAFT}, "It is a draft there: nobody has sent it."),
        ({"state": OfferState.CLOSED}, "Its issue is closed: what was settled there waits for nobody here."),
        ({"state": OfferState.NO_TALK}, "It is no talk: a break, or another entry of the programme."),
        (
            {"state": OfferState.DECLINED},
            "It was declined there. Choose to keep decisions, and it comes in as declined.",
        ),
    ],
)
def test_what_cannot_come_in_says_why(changed, why):
    assert item(**changed).refused == why


@pytest.mark.parametrize(
    "where", ["title", "abstract", "benefit", "private_note", "links", "name", "affiliation", "bio"]
)
def test_no_way_into_a_call_comes_in(where):
    secret = "https://zoom.us/j/123456789?pwd=abc"
    speaker = OfferedSpeaker(
        **{"name": "Sam", where: secret} if where in {"name", "affiliation", "bio"} else {"name": "Sam"}
    )
    value = {where: (secret,) if where == "links" else secret} if hasattr(GOOD, where) else {}
    assert "join link" in item(**{"speakers": (speaker,), **value}).refused


def test_what_is_not_said_is_assumed_and_told():
    read = item(minutes="", abstract="", links=("x", "https://a.example", "y"), speakers=(OfferedSpeaker("Sam"),))
    assert read.notes == (
        "No length is said: 20 minutes. It has no abstract. 2 links are left out: at most 5, each a whole web address. "
        "A speaker has no e-mail address: nobody can be asked to confirm until you add it."
    )
    assert (read.refused, read.payload["minutes"], read.payload["links"]) == ("", 20, ["https://a.example"])
    assert item(minutes="45 min", links=("x",)).notes == (
        "45 minutes there; 10 to 30 fit here. 1 link is left out: at most 5, each a whole web address."
    )
    assert item(state=OfferState.ACCEPTED).notes == "Accepted there; waits to be decided here."


def test_decisions_hold_here_where_that_is_chosen():
    def state(there, decisions):
        return item(decisions, state=there).payload["state"]

    assert state(OfferState.ACCEPTED, Decisions.POOL) == "submitted"
    assert [state(each, Decisions.KEEP) for each in OfferState][:3] == ["submitted", "accepted", "declined"]
    assert (item(Decisions.KEEP, state=OfferState.DECLINED).refused, item(Decisions.KEEP).notes) == ("", "")


def test_nothing_in_a_file_says_how_anybody_may_be_named():
    assert set(item().payload["speakers"][0]) == {"name", "email", "affiliation", "pronouns", "bio", "role"}


def test_the_same_number_is_the_same_thing_and_without_one_title_and_address_are():
    assert item().key == "csv:1"
    assert item(id="", title="Upstream FIRST").key == "csv:<upstream first\nsam@example.org>"


def test_words_become_ours():
    assert [offers.read_minutes(text) for text in ("30 min", "00:30", "1:05:00", "half")] == [30, 30, 65, None]
    assert [offers.read_format(text).value for text in ("Live demo", "Panel", "Talk")] == [
        "demo",
        "discussion",
        "presentation",
    ]
    assert [offers.read_level(text).value for text in ("Expert", "Beginner")] == ["advanced", "introductory"]
    assert [offers.read_role(text).value for text in ("OSPO member", "stakeholder", "x")] == [
        "ospo",
        "stakeholder",
        "other",
    ]
    assert [str(offers.read_instant(text)) for text in ("2026-10-01", "2026-10-01T10:00+02:00", "1.10.2026")] == [
        *("2026-10-01 00:00:00+00:00", "2026-10-01 08:00:00+00:00", "None")
    ]
    assert item(created="0001-01-01T00:00:00+12:00").payload["created_at"] == ""
    assert item(created="2026-10-01").payload["created_at"] == "2026-10-01T00:00:00+00:00"
