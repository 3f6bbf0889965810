"""A proposal says in plain sentences what must be put right, in the order of the form."""

from dataclasses import replace

import pytest

from app.domain.attribution import Attribution, SpeakerFacts
from app.domain.join_links import WHY_NOT
from app.domain.people import RoleCategory
from app.domain.proposals import (
    Level,
    ProposalDraft,
    SeriesPreference,
    SpeakerDraft,
    TalkFormat,
    choice_problems,
    content_problems,
    hints,
    sending_problems,
)

VERA = SpeakerDraft(
    number=0,
    name="Vera Volunteer",
    affiliation="Example Org",
    role_category=RoleCategory.OSPO,
    time_zone="Europe/Madrid",
    attribution=Attribution.NAME,
    recording_consent=False,
)
SAM = replace(VERA, number=4, name="Sam Speaker", email="sam@example.org")
DRAFT = ProposalDraft(
    title="Upstream first",
    abstract="The talk shows how a railway operator sends every fix upstream.",
    benefit="Fewer forks.",
    format=TalkFormat.DEMO,
    minutes=20,
    level=Level.ADVANCED,
    topics=("culture",),
    preference=SeriesPreference.EITHER,
    away_weekdays=(1, 7),
    speakers=(VERA,),
    links=("https://example.org/slides",),
    email="vera@example.org",
    acknowledged=True,
)
LONG_LINK = "https://example.org/" + "x" * 500


def is_address(text: str) -> bool:
    return "@" in text


def problems(**changes):
    return sending_problems(replace(DRAFT, **changes), is_address=is_address)


def test_a_whole_proposal_has_nothing_to_put_right():
    assert problems() == {}


def test_an_empty_form_names_every_gap_in_the_order_of_the_form():
    empty = sending_problems(ProposalDraft(speakers=(SpeakerDraft(number=0),)), is_address=is_address)

    assert empty == {
        "title": "Give the talk a title of at least 8 characters.",
        "abstract": "Say what people will take away.",
        "benefit": "Say how it helps the ecosystem.",
        "format": "Choose a format.",
        "minutes": "Say how long it takes: 10 to 30 minutes, as a whole number.",
        "level": "Choose a level.",
        "topics": "Choose at least one topic.",
        "preference": "Choose which call it is for.",
        "speaker-0-name": "Give the speaker's name. It is public only if they allow it.",
        "speaker-0-role": "Choose the speaker's place in the community.",
        "speaker-0-attribution": "Choose how this speaker may be named.",
        "speaker-0-recording": "Say whether the talk may be recorded.",
        "email": "Give an e-mail address that we can write to, like vera@example.org.",
        "acknowledged": "Say that you know the Chatham House Rule.",
    }
    assert list(empty)[:3] == ["title", "abstract", "benefit"]
    assert list(empty)[-2:] == ["email", "acknowledged"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "x" * 90}, {}),
        ({"title": "x" * 91}, {"title": "At most 90 characters; these are 91."}),
        ({"title": "x" * 7}, {"title": "Give the talk a title of at least 8 characters."}),
        ({"abstract": "x" * 2001}, {"abstract": "At most 2000 characters; these are 2001."}),
        ({"benefit": "x" * 2001}, {"benefit": "At most 2000 characters; these are 2001."}),
        ({"title": "Talk, passcode 1234"}, {"title": WHY_NOT}),
        ({"abstract": "https://zoom.us/j/1"}, {"abstract": WHY_NOT}),
        ({"benefit": "pwd=1"}, {"benefit": WHY_NOT}),
        ({"minutes": 10}, {}),
        ({"minutes": 30}, {}),
        ({"minutes": 9}, {"minutes": "Say how long it takes: 10 to 30 minutes, as a whole number."}),
        ({"minutes": 31}, {"minutes": "Say how long it takes: 10 to 30 minutes, as a whole number."}),
        ({"preference": SeriesPreference.ONE}, {"preference": "Choose which call it is for."}),
        ({"preference": SeriesPreference.ONE, "series": "thursday"}, {}),
        ({"away_weekdays": (0,)}, {"away_weekdays": "Choose among the days of the week."}),
        ({"speakers": ()}, {"speakers": "Name at least one speaker."}),
        ({"speakers": (VERA,) * 7}, {"speakers": "At most 6 speakers."}),
        ({"links": tuple(f"https://example.org/{n}" for n in range(6))}, {"links": "At most 5 links; these are 6."}),
        ({"links": ("https://meet.jit.si/x",)}, {"links": WHY_NOT}),
        ({"private_note": "x" * 2001}, {"private_note": "At most 2000 characters; these are 2001."}),
    ],
)
def test_limits_are_held(changes, expected):
    assert problems(**changes) == expected


@pytest.mark.parametrize(
    "link", ["ftp://example.org/x", "javascript:alert(1)", "example.org", "https://vera:pw@example.org/", LONG_LINK]
)
def test_a_link_is_a_whole_web_address(link):
    assert list(problems(links=(link,))) == ["links"]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": "x" * 121}, "name", "At most 120 characters; these are 121."),
        ({"name": "Vera https://zoom.us/j/1"}, "name", WHY_NOT),
        ({"pronouns": "x" * 41}, "pronouns", "At most 40 characters; these are 41."),
        ({"affiliation": "x" * 121}, "affiliation", "At most 120 characters; these are 121."),
        ({"affiliation": "Passcode: 1"}, "affiliation", WHY_NOT),
        ({"bio": "x" * 2001}, "bio", "At most 2000 characters; these are 2001."),
        ({"time_zone": "Mars/Olympus"}, "zone", "Choose a place from the list."),
        ({"attribution": None}, "attribution", "Choose how Vera Volunteer may be named."),
        ({"recording_consent": None}, "recording", "Say whether the talk may be recorded."),
    ],
)
def test_a_speakers_details_are_held_to_limits(changes, field, sentence):
    assert problems(speakers=(replace(VERA, **changes),)) == {f"speaker-0-{field}": sentence}


def test_only_the_first_speaker_may_leave_the_address_to_that_of_the_form():
    missing = "Give the speaker's e-mail address: each speaker is asked to confirm."

    assert problems(speakers=(VERA, SAM)) == {}
    assert problems(speakers=(VERA, replace(SAM, email=""))) == {"speaker-4-email": missing}
    assert problems(speakers=(replace(VERA, email="nonsense"),)) == {"speaker-0-email": missing}


def test_a_wrong_address_of_the_form_is_said_once():
    assert list(problems(email="nonsense", speakers=(replace(VERA, email="nonsense"),))) == ["email"]


def test_another_speaker_cannot_have_the_address_of_the_form_when_the_first_one_does():
    assert list(problems(speakers=(VERA, replace(SAM, email="vera@example.org")))) == ["speaker-4-email"]


def test_two_speakers_cannot_share_an_address():
    twin = replace(SAM, number=5, email="SAM@example.org")

    assert problems(speakers=(VERA, SAM, twin)) == {
        "speaker-5-email": "Two speakers have this address. Each needs their own."
    }


def test_the_content_is_checked_without_the_sender():
    assert content_problems(replace(DRAFT, email="", acknowledged=False), is_address=is_address) == {}


def test_choices_that_nobody_made_are_named_for_the_speaker():
    assert choice_problems(replace(SAM, attribution=None)) == {
        "speaker-4-attribution": "Choose how Sam Speaker may be named."
    }
    assert choice_problems(SAM) == {}


def test_of_several_speakers_only_the_one_who_sends_the_form_must_choose():
    silent = replace(SAM, attribution=None, recording_consent=None)
    assert problems(speakers=(VERA, silent)) == {}
    assert problems(speakers=(replace(silent, email="sam@example.org"), replace(VERA, email="v@example.org"))) == {}
    assert list(problems(speakers=(replace(silent, email=""),))) == ["speaker-4-attribution", "speaker-4-recording"]


@pytest.mark.parametrize("start", ["I show", "we Show", "I\u2019m showing", "I'll show", "My talk", "Our way"])
def test_the_first_person_gets_a_hint_that_stops_nobody(start):
    assert list(hints(replace(DRAFT, abstract=start))) == ["abstract"]
    assert problems(abstract=start) == {}


@pytest.mark.parametrize("start", ["", "Ilse shows", "The talk", "Wear and tear"])
def test_the_third_person_gets_no_hint(start):
    assert hints(replace(DRAFT, abstract=start)) == {}


def test_a_join_link_is_pointed_out_while_it_is_typed():
    typed = replace(DRAFT, abstract="I meet at https://zoom.us/j/1", speakers=(replace(SAM, affiliation="pwd=1"),))

    assert hints(typed) == {"abstract": WHY_NOT, "speaker-4-affiliation": WHY_NOT}


def test_the_public_facts_of_a_speaker_follow_the_level_asked_for():
    assert SAM.facts(Attribution.ROLE) == SpeakerFacts(
        "Sam Speaker", "Example Org", RoleCategory.OSPO, Attribution.ROLE
    )
    assert SpeakerDraft(number=0).facts(None) == SpeakerFacts("", "", RoleCategory.OTHER, None)


def test_choices_say_themselves_in_words():
    assert [kind.label for kind in TalkFormat] == ["Presentation", "Demo", "Open discussion"]
    assert [level.label for level in Level] == ["Introductory", "Advanced"]
    assert [preference.talks for preference in SeriesPreference] == [1, 1, 2]
