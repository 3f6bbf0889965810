"""What is taken back and what is allowed anew, by the naming and by the ticks."""

from __future__ import annotations

import pytest

from app.domain.attribution import Attribution, at_most
from app.domain.consent import Channel, Choices, allows_more, is_taken_back


@pytest.mark.parametrize(
    ("before", "now", "taken", "more"),
    [
        ((Attribution.NAME, True, True), (Attribution.NAME, True, True), False, False),
        ((Attribution.NAME, True, True), (Attribution.ROLE, True, True), True, False),
        ((Attribution.NAME, True, True), (Attribution.AFFILIATION, True, True), True, True),
        ((Attribution.NAME, True, True), (Attribution.NAME, False, True), True, False),
        ((Attribution.NAME, True, True), (Attribution.NAME, True, None), True, False),
        ((None, None, None), (Attribution.NONE, False, False), False, False),
        ((None, None, None), (Attribution.ROLE, None, None), False, True),
        ((Attribution.NONE, False, None), (Attribution.NONE, True, None), False, True),
    ],
)
def test_what_is_taken_back_and_what_is_allowed_anew(before, now, taken, more):
    assert is_taken_back(Choices(*before), Choices(*now)) is taken
    assert allows_more(Choices(*before), Choices(*now)) is more


def test_an_organizer_may_choose_what_reveals_no_more():
    assert at_most(Attribution.NAME_AND_AFFILIATION) == tuple(Attribution)
    assert at_most(Attribution.AFFILIATION) == (Attribution.AFFILIATION, Attribution.ROLE, Attribution.NONE)
    assert at_most(Attribution.NONE) == (Attribution.NONE,)


def test_every_way_has_words():
    assert [channel.label for channel in Channel] == [
        "by the link in a mail",
        "signed in",
        "by an organizer",
        "from the record of past calls",
    ]
