"""What organizers may write into the notice, and what they are told to put right."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from app.domain.join_links import WHY_NOT
from app.domain.wording import FIELDS, STANDARD, read_wording, reason_problem, wording_problems

SENTENCES = {name: value for name, value in asdict(STANDARD).items() if name != "version"}
WHY = "each part says what it is, whether it is recorded, and whether the Rule holds"
ONE_RULE = "It is one Rule: write “Chatham House Rule” or “the Rule”, not “{}”."


def problems(**changed: str) -> dict[str, str]:
    return wording_problems({**SENTENCES, **changed})


def test_our_own_words_need_nothing_put_right():
    assert problems() == {}


def test_an_empty_form_asks_for_each_sentence_in_the_order_of_the_form():
    found = wording_problems({})
    assert tuple(found) == FIELDS
    assert found["whole"] == found["forum"] == "Write this sentence."
    assert found["recorded"] == "Write a few words."


@pytest.mark.parametrize("asks", ["", "Be kind."])
def test_no_notice_is_without_what_the_rule_asks(asks: str):
    said = "Say what the Rule asks: what people may use and what they may not reveal. No notice is without it."
    assert problems(asks=asks) == {"asks": said}


@pytest.mark.parametrize("opening", ["whole", "in_part", "without"])
def test_each_opening_names_the_rule(opening: str):
    assert problems(**{opening: "Held in confidence."}) == {
        opening: "Name the “Chatham House Rule” here: it is what people look up."
    }


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Held under the Chatham House Rules.", "House Rules"),
        ("Held under the chatham house rules.", "house rules"),
        ("Chatham House Rule: these are the rules.", "the rules"),
        ("Chatham House Rule. Rules apply.", "Rules"),
    ],
)
def test_the_rule_is_one(sentence: str, named: str):
    assert problems(whole=sentence) == {"whole": ONE_RULE.format(named)}


def test_a_verb_is_no_plural():
    assert problems(whole="The chair rules. Held under the Chatham House Rule.") == {}


@pytest.mark.parametrize(
    ("field", "sentence", "said"),
    [
        (
            "welcome",
            "{part} {speaker}: {recording}, {rule}.",
            "“{speaker}” is not known: only {part}, {minutes}, {recording}, {rule} can be filled in here.",
        ),
        ("recorded", "recorded {minutes}", "“{minutes}” is not known: nothing is filled in here."),
        ("news", "{part}, {recording}, {rule}, {minutes", "A brace stands alone: write a place whole, like {part}."),
        ("asks", f"{STANDARD.asks} }}", "Leave the braces out."),
        (
            "forum",
            "{part}, {minutes} min.",
            f"Say {{recording}}, {{rule}} too: {WHY}.",
        ),
    ],
)
def test_places_in_braces_are_checked(field: str, sentence: str, said: str):
    assert problems(**{field: sentence}) == {field: said}


def test_a_part_need_not_say_its_minutes():
    assert problems(welcome="{part} is {recording} and {rule}.") == {}


def test_sentences_and_phrases_have_an_end():
    assert problems(asks="x" * 301) == {"asks": "At most 300 characters; these are 301."}
    assert problems(recorded="x" * 61) == {"recorded": "At most 60 characters; these are 61."}
    assert problems(asks="x" * 300, recorded="x" * 60) == {}


def test_no_way_into_a_call_stands_in_the_notice():
    assert problems(asks="Join at https://zoom.us/j/123 and reveal nothing of what was said.") == {"asks": WHY_NOT}


def test_a_reason_is_short_and_holds_no_way_into_a_call():
    assert reason_problem("") is None
    assert reason_problem("x" * 301) == "At most 300 characters; these are 301."
    assert reason_problem("passcode 1234") == WHY_NOT


def test_a_stored_wording_keeps_its_words_and_takes_ours_for_what_it_lacks():
    stored = {"version": "7", "asks": "Other words.", "gone": "of an earlier release"}
    assert read_wording(stored).asks == "Other words."
    assert read_wording(stored).version == "7"
    assert read_wording(stored).whole == STANDARD.whole
