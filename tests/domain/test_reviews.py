"""Votes add up to a simple majority of those who may vote."""

import pytest

from app.domain.reviews import Tally, Vote, tally


def test_votes_are_counted_by_kind():
    counted = tally([Vote.YES, Vote.NO, Vote.YES, Vote.ABSTAIN], electorate=5)

    assert counted == Tally(yes=2, no=1, abstain=1, electorate=5)


@pytest.mark.parametrize(("electorate", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
def test_a_majority_is_more_than_half_of_the_electorate(electorate, needed):
    assert Tally(0, 0, 0, electorate).needed == needed


@pytest.mark.parametrize(
    ("yes", "no", "accepts", "declines"),
    [(2, 1, True, False), (1, 2, False, True), (1, 1, False, False), (0, 0, False, False)],
)
def test_a_majority_of_three_accepts_or_declines(yes, no, accepts, declines):
    counted = Tally(yes=yes, no=no, abstain=0, electorate=3)

    assert (counted.accepts, counted.declines) == (accepts, declines)


def test_nobody_decides_where_nobody_may_vote():
    counted = Tally(yes=0, no=0, abstain=0, electorate=0)

    assert (counted.accepts, counted.declines) == (False, False)


@pytest.mark.parametrize(("cast", "outstanding"), [((1, 0, 1), 1), ((2, 2, 0), 0)])
def test_outstanding_votes_are_never_fewer_than_none(cast, outstanding):
    assert Tally(*cast, electorate=3).outstanding == outstanding
