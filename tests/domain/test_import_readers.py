"""Issue forms, pretalx's and Sessionize's files are read in the shapes in which they are written."""

from __future__ import annotations

import json

import pytest

from app.domain.errors import InvalidInput
from app.domain.imports.issue_form import read_issue_form
from app.domain.imports.offers import OfferedSpeaker, OfferState
from app.domain.imports.pretalx import read_pretalx
from app.domain.imports.sessionize import read_sessionize
from app.domain.imports.speakers import written_speakers
from tests.offered import ISSUE, offered


def test_the_communitys_issue_form_is_read_whatever_its_order_and_prefilled_words():
    (offer,) = read_issue_form(ISSUE, address="https://github.com/todo/calls/issues/51")
    assert (offer.id, offer.title, offer.level) == (
        "todo/calls#51",
        "Upstream first at a railway",
        "Advanced OSPO (Advanced)",
    )
    assert offer.abstract == "How a railway sends every fix upstream.\n\n### What we learned\n\nPatience."
    assert (offer.benefit, offer.topics) == ("- Fewer forks", ("Compliance, Legal and Inventory, OSPO strategy",))
    assert [(each.name, each.affiliation, each.bio, each.pronouns) for each in offer.speakers] == [
        ("Sam Speaker", "Kestrel Works", "Sam drives trains.", ""),
        ("Kim Keeper", "", "", ""),
    ]


def test_headings_may_be_spelt_otherwise_and_code_is_no_heading():
    body = "## SPEAKER   NAME:\nSam\n\n#### session descripton ##\n```\n### Speaker Bio\n```\n### Title\nOne\n"
    (offer,) = read_issue_form(
        body + "### Title\nTwo\n### Links\nsee https://example.org/a), and https://example.org/b\n"
    )
    assert (offer.title, offer.abstract) == ("One\n### Title\nTwo", "```\n### Speaker Bio\n```")
    assert (offer.links, offer.id) == (("https://example.org/a", "https://example.org/b"), "")


TITLE = "[CFP]: From the title Please provide more details about your proposal"


def test_issues_of_a_repository_are_read_from_json():
    issues = [
        {
            "number": 7,
            "title": TITLE,
            "body": "### Speaker Name\nSam",
            "state": "OPEN",
            "createdAt": "2026-10-01T10:00:00Z",
        },
        {"html_url": "https://github.com/todo/calls/issues/8", "title": "Held", "body": ISSUE, "state": "closed"},
        {"title": "A change", "body": None, "pull_request": {}},
    ]
    offers = read_issue_form(json.dumps(issues))
    assert [(each.id, each.title, each.state, each.place) for each in offers] == [
        ("#7", "From the title", OfferState.WAITING, "issue #7"),
        ("todo/calls#8", "Upstream first at a railway", OfferState.CLOSED, "issue todo/calls#8"),
        ("", "A change", OfferState.NO_TALK, "issue 3"),
    ]
    assert offers[0].created == "2026-10-01T10:00:00Z"
    assert len(read_issue_form(json.dumps(issues[0]))) == 1


@pytest.mark.parametrize("text", ["Just words", "[]", '{"a": 1}', ""])
def test_what_is_no_issue_is_refused(text):
    with pytest.raises(InvalidInput):
        read_issue_form(text)


def test_pretalx_lists_are_read_with_speakers_inside_or_by_code():
    more = {"description": "More.", "resources": [{"resource": "https://example.org/s"}], "notes": "Hi", "tags": ["x"]}
    asked = [{"question": {"question": {"en": "Benefits?"}}, "answer": "Fewer forks"}]
    (one,) = read_pretalx(json.dumps([offered(**more, answers=asked, state="confirmed")]))
    assert (one.id, one.abstract) == ("AB12CD", "How a railway sends every fix upstream.\n\nMore.")
    assert (one.minutes, one.topics, one.links) == ("20", ("OSPO strategy", "x"), ("https://example.org/s",))
    assert (one.benefit, one.private_note, one.state) == ("Fewer forks", "Hi", OfferState.ACCEPTED)
    assert one.speakers == (OfferedSpeaker("Sam Speaker", "sam@example.org", bio="Sam drives trains."),)

    whole = {"submissions": [offered(speakers=["SAM234", "NOBODY"])], "speakers": [{"code": "SAM234", "name": "Sam"}]}
    assert [each.name for each in read_pretalx(json.dumps(whole))[0].speakers] == ["Sam", "NOBODY"]


def test_the_organisers_export_of_pretalx_is_read_with_the_export_of_speakers():
    sessions = [
        {
            "ID": "A",
            "Proposal title": "One",
            "Proposal state": "submitted",
            "Speaker IDs": ["S"],
            "Speaker names": ["Sam"],
            "Resources": ["https://example.org/s"],
        },
        {"ID": "B", "Proposal title": "Two", "Speaker names": ["Kim", "Nobody"]},
    ]
    people = [
        {"ID": "S", "Name": "Sam Speaker", "Email": "sam@example.org", "Company": "Kestrel"},
        {"Name": "Kim", "E-mail": "kim@example.org"},
    ]
    one, two = read_pretalx(json.dumps(sessions), speakers=json.dumps(people))
    assert (one.speakers, one.links) == (
        (OfferedSpeaker("Sam Speaker", "sam@example.org", "Kestrel"),),
        ("https://example.org/s",),
    )
    assert [(each.name, each.email) for each in two.speakers] == [("Kim", "kim@example.org"), ("Nobody", "")]

    missing = offered(speakers=[{"code": "S", "name": ""}, {"code": "T", "name": "Tom"}])
    (merged,) = read_pretalx(json.dumps([missing]), speakers=json.dumps({"results": people}))
    assert [(each.name, each.email) for each in merged.speakers] == [("Sam Speaker", "sam@example.org"), ("Tom", "")]


@pytest.mark.parametrize("text", ["[]", "{}", "3", '[{"code": "A"}]', '{"results": 3}'])
@pytest.mark.parametrize("read", [read_pretalx, read_sessionize])
def test_json_of_something_else_is_refused(read, text):
    with pytest.raises(InvalidInput):
        read(text)


@pytest.mark.parametrize(
    ("read", "whole"), [(read_pretalx, [offered()]), (read_sessionize, {"sessions": [{"title": "One"}]})]
)
def test_a_file_of_speakers_that_is_none_says_so_beside_its_own_field(read, whole):
    with pytest.raises(InvalidInput) as refused:
        read(json.dumps(whole), speakers="nonsense")
    assert list(refused.value.errors) == ["speakers"]


ALL = {
    "sessions": [
        {
            "id": "1",
            "title": "One",
            "description": "How.",
            "startsAt": "2026-10-01T10:00:00",
            "endsAt": "2026-10-01T10:25:00",
            "speakers": ["s1", "gone"],
            "categoryItems": [11, 21, 31, 41, 99],
            "questionAnswers": [{"questionId": 5, "answerValue": "Fewer forks"}],
            "status": "Accepted",
        },
        {"id": "2", "title": "Lunch", "isServiceSession": True, "speakers": [], "categoryItems": None},
    ],
    "speakers": [
        {
            "id": "s1",
            "fullName": "Sam Speaker",
            "bio": "Sam drives.",
            "questionAnswers": [{"questionId": 6, "answerValue": "Kestrel"}],
        }
    ],
    "questions": [{"id": 5, "question": "Benefit to the ecosystem"}, {"id": 6, "question": "Company"}],
    "categories": [
        {"title": "Session format", "items": [{"id": 11, "name": "Demo (30 min)"}]},
        {"title": "Level", "items": [{"id": 21, "name": "Advanced"}]},
        {"title": "Track", "items": [{"id": 31, "name": "OSPO strategy"}]},
        {"title": "Language", "items": [{"id": 41, "name": "English"}]},
    ],
}


def test_sessionizes_whole_view_is_read_with_the_addresses_of_its_speakers():
    one, lunch = read_sessionize(json.dumps(ALL), speakers=json.dumps([{"id": "s1", "email": "sam@example.org"}]))
    assert (one.id, one.benefit, one.format, one.level) == ("1", "Fewer forks", "Demo (30 min)", "Advanced")
    assert (one.minutes, one.topics, one.state) == ("25", ("OSPO strategy",), OfferState.ACCEPTED)
    assert one.speakers == (OfferedSpeaker("Sam Speaker", "sam@example.org", "Kestrel", bio="Sam drives."),)
    assert (lunch.state, lunch.minutes) == (OfferState.NO_TALK, "")


def test_sessionizes_groups_and_grid_are_read_each_session_once():
    session = {
        "id": "1",
        "title": "One",
        "speakers": [{"id": "s1", "name": "Sam"}],
        "categories": [{"name": "Session format", "categoryItems": [{"name": "Talk 15"}]}],
        "questionAnswers": [{"question": "Benefit", "answer": "Fewer"}],
    }
    grid = [{"date": "2026-10-01", "rooms": [{"sessions": [session]}, {"sessions": [session, {"title": "Two"}]}]}]
    assert [each.title for each in read_sessionize(json.dumps(grid))] == ["One", "Two"]
    (one,) = read_sessionize(json.dumps([{"groupName": "All", "sessions": [session]}]))
    assert (one.minutes, one.benefit, one.speakers) == ("15", "Fewer", (OfferedSpeaker("Sam"),))


@pytest.mark.parametrize(
    "names", ["a" * 900_000, "a" + " " * 900_000 + "b", "a" + " \n" * 400_000 + "b", "a" + "(," * 400_000]
)
def test_names_that_go_on_and_on_are_read_in_no_time(names):
    assert read_issue_form(f"### Session Title\nx\n### Speaker name\n{names}")[0].speakers


def test_a_name_may_end_its_line_before_the_next_one():
    speakers, _ = written_speakers(
        "Ada One (Weavers, Ltd) and\nBen Two, Dye & Sons", emails="a@x.example and\nb@x.example"
    )
    assert [(each.name, each.email) for each in speakers][:2] == [
        ("Ada One", "a@x.example"),
        ("Ben Two", "b@x.example"),
    ]


def test_texts_that_are_nested_deeply_are_texts():
    title = '{"en":' * 800 + '"Looms"' + "}" * 800
    [offer] = read_issue_form(f'[{{"body": "### Session Description\\nx", "title": {title}}}]')
    assert offer.title == "Looms"
