"""Rules for a speaker's answer where the text says what they keep back: it takes their explicit word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.attribution import Attribution, SpeakerFacts
from app.domain.confirming import HOW_TO_SETTLE, Answer, settled_words
from app.domain.errors import InvalidInput
from app.domain.people import RoleCategory

JANE = SpeakerFacts("Jane Doe", "Acme", RoleCategory.OSPO, Attribution.ROLE)
JOHN = SpeakerFacts("John Doe", "Bolt", RoleCategory.OSPO, Attribution.NAME)
ANSWER = Answer("Jane Doe on forks", "It is fine. Acme pays.", Attribution.ROLE, recording_consent=False)


def test_publishing_a_hit_takes_the_speakers_word():
    with pytest.raises(InvalidInput) as refused:
        settled_words(ANSWER, JANE)
    assert refused.value.errors == {"words_stand": HOW_TO_SETTLE}


def test_who_lets_it_stand_agrees_to_the_sentences():
    kept = replace(ANSWER, words_stand=True)
    assert settled_words(kept, JANE) == (kept, ["Acme pays.", "Jane Doe on forks"])


def test_who_takes_the_neutral_words_has_them_written():
    settled, agreed = settled_words(replace(ANSWER, words_stand=False), JANE)
    assert (settled.title, settled.abstract) == ("An OSPO member on forks", "It is fine. Their organisation pays.")
    assert agreed == []


def test_neutral_words_must_fit_into_a_title():
    long = replace(ANSWER, title=f"Jane {'x' * 85}", words_stand=False)
    with pytest.raises(InvalidInput) as refused:
        settled_words(long, JANE)
    assert list(refused.value.errors) == ["title"]


def test_where_nothing_betrays_nothing_is_asked():
    plain = replace(ANSWER, title="John Doe on forks", abstract="Fine.")
    assert settled_words(plain, JANE, [JOHN]) == (plain, [])
