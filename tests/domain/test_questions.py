"""Questions before a call: what is taken, until when, and which names their asker is hinted at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import InvalidInput
from app.domain.join_links import WHY_NOT
from app.domain.mentions import Identity
from app.domain.questions import MAX_QUESTION, NamesIn, check_question, may_still_ask, personal_words, settled_question

SAM = Identity(name="Sam Speaker", stand_in="a speaker")
BEGINS = datetime(2026, 12, 3, 13, tzinfo=UTC)


def test_a_question_is_cleaned():
    assert check_question("  Why?\r\n") == "Why?"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("\n ", "Write your question."),
        ("a" * (MAX_QUESTION + 1), "At most 500 characters; these are 501."),
        ("Is it https://meet.google.com/abc-defg-hij ?", WHY_NOT),
    ],
)
def test_a_question_that_cannot_be_kept_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(InvalidInput) as refused:
        check_question(text)
    assert refused.value.errors == {"question": sentence}


@pytest.mark.parametrize(
    ("at", "takes_place", "expected"),
    [(-1, True, True), (0, True, False), (1, True, False), (-1, False, False)],
)
def test_questions_are_taken_until_the_call_begins(at, takes_place, expected):
    assert may_still_ask(BEGINS, takes_place=takes_place, now=BEGINS + timedelta(seconds=at)) is expected


def test_whoever_is_named_is_asked_about():
    text = "Does Sam Speaker, or lou@kestrel.example, or @linden agree?"
    assert [each.words for each in personal_words(text, [SAM])] == ["Sam Speaker", "lou@kestrel.example", "@linden"]
    with pytest.raises(InvalidInput) as refused:
        settled_question(text, [SAM], None)
    assert refused.value.errors == {
        "names": "Your question names “Sam Speaker”, “lou@kestrel.example”, “@linden”: shall it be left out?"
    }
    assert settled_question(text, [SAM], NamesIn.KEPT) == text
    assert (
        settled_question(text, [SAM], NamesIn.LEFT_OUT) == "Does a speaker, or a participant, or a participant agree?"
    )


def test_an_address_that_names_a_speaker_is_one_hit():
    [hit] = personal_words("Ask sam.speaker@kestrel.example!", [SAM])
    assert hit.words == "sam.speaker@kestrel.example"


def test_a_question_that_names_nobody_is_kept_as_it_is():
    assert settled_question("Is 5 @ 3 fine?", [SAM], None) == "Is 5 @ 3 fine?"
