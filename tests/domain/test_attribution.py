"""Who a speaker is in public, level by level."""

from __future__ import annotations

import pytest

from app.domain.attribution import Attribution, SpeakerFacts, is_stricter_or_same, public_name, withholds
from app.domain.people import RoleCategory


def sam(attribution: Attribution | None, *, name: str = "Sam Speaker", affiliation: str = "Kestrel Works"):
    return SpeakerFacts(name, affiliation, RoleCategory.OSPO, attribution)


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (Attribution.NAME_AND_AFFILIATION, "Sam Speaker, Kestrel Works"),
        (Attribution.NAME, "Sam Speaker"),
        (Attribution.AFFILIATION, "Someone from Kestrel Works"),
        (Attribution.ROLE, "An OSPO member"),
        (Attribution.NONE, "A speaker"),
        (None, "A speaker"),
    ],
)
def test_each_level_shows_what_it_says_and_no_more(level, shown):
    assert public_name(sam(level)) == shown


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (Attribution.NAME_AND_AFFILIATION, "An OSPO member"),
        (Attribution.NAME, "An OSPO member"),
        (Attribution.AFFILIATION, "Someone from Kestrel Works"),
    ],
)
def test_a_missing_name_falls_back_to_the_role(level, shown):
    assert public_name(sam(level, name=" ")) == shown


def test_a_missing_affiliation_leaves_the_name_or_the_role():
    assert public_name(sam(Attribution.NAME_AND_AFFILIATION, affiliation="")) == "Sam Speaker"
    assert public_name(sam(Attribution.AFFILIATION, affiliation="")) == "An OSPO member"


@pytest.mark.parametrize("level", Attribution)
def test_no_attribution_is_the_strictest_and_full_attribution_the_most_open(level):
    assert is_stricter_or_same(Attribution.NONE, than=level)
    assert is_stricter_or_same(level, than=Attribution.NAME_AND_AFFILIATION)


def test_name_and_affiliation_alone_are_not_stricter_than_each_other():
    assert not is_stricter_or_same(Attribution.NAME, than=Attribution.AFFILIATION)
    assert not is_stricter_or_same(Attribution.AFFILIATION, than=Attribution.NAME)
    assert not is_stricter_or_same(Attribution.NAME_AND_AFFILIATION, than=Attribution.NAME)


@pytest.mark.parametrize(
    ("level", "kept_back"),
    [
        (Attribution.NAME_AND_AFFILIATION, False),
        (Attribution.NAME, True),
        (Attribution.AFFILIATION, True),
        (Attribution.ROLE, True),
        (Attribution.NONE, True),
        (None, True),
    ],
)
def test_a_level_withholds_what_it_does_not_show(level, kept_back):
    assert withholds(sam(level)) is kept_back


def test_a_name_alone_withholds_nothing_of_somebody_without_an_affiliation():
    assert not withholds(sam(Attribution.NAME, affiliation=""))


def test_every_level_has_words_for_a_form():
    assert [level.label for level in Attribution] == [
        "Name and affiliation",
        "Name only",
        "Affiliation only",
        "Role only",
        "No attribution",
    ]
