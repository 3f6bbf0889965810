from datetime import UTC, datetime, timedelta

import pytest

from app.domain.insights import (
    Organisation,
    Share,
    Spread,
    Step,
    comfortable_share,
    count_organisations,
    group_small,
    in_steps,
    is_comfortable,
    spread,
)

DAY = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_a_spread_is_a_median_between_its_quarters():
    assert spread([40, 10, 20, 30]) == Spread(4, 10, 15, 25, 35, 40)
    assert spread([7]) == Spread(1, 7, 7, 7, 7, 7)
    assert spread([]) is None


def test_numbers_fall_into_the_step_that_they_do_not_exceed():
    assert in_steps([0, 7, 8, 14, 15, 99], (7, 14)) == (Step(7, 2), Step(14, 2), Step(None, 2))


@pytest.mark.parametrize(("part", "whole", "percent"), [(1, 3, 33), (2, 3, 67), (1, 8, 13), (3, 3, 100), (0, 0, 0)])
def test_a_share_is_rounded_to_the_nearest(part, whole, percent):
    assert Share(part, whole).percent == percent


@pytest.mark.parametrize(
    ("hour", "minutes", "fits"),
    [(8, 60, True), (7, 60, False), (19, 60, True), (19, 61, False), (23, 120, False), (20, 0, True)],
)
def test_a_call_is_comfortable_as_a_whole_between_eight_and_eight(hour, minutes, fits):
    start = datetime(2026, 6, 1, hour, tzinfo=UTC)
    assert is_comfortable(start, start + timedelta(minutes=minutes), "UTC") is fits


def test_hours_are_those_of_the_place():
    calls = [(DAY, DAY + timedelta(hours=1)), (DAY - timedelta(hours=6), DAY - timedelta(hours=5))]
    assert comfortable_share(calls, "America/New_York") == Share(1, 2)
    assert comfortable_share(calls, "Asia/Tokyo") == Share(1, 2)
    assert comfortable_share(calls, "Europe/Madrid") == Share(2, 2)


def test_organisations_are_counted_within_any_twelve_months():
    days = (0, 100, 364, 365)
    talks = [("Kestrel Works", DAY + timedelta(days=day)) for day in days] + [("Northwind", DAY), (" ", DAY)]
    assert count_organisations(talks) == (Organisation("Kestrel Works", 4, 3), Organisation("Northwind", 1, 1))


def test_an_organisation_is_the_same_however_it_is_typed():
    talks = [("KESTREL  works", DAY), ("Kestrel Works ", DAY + timedelta(days=1))]
    assert count_organisations(talks) == (Organisation("Kestrel Works", 2, 2),)


def test_more_often_than_the_limit_is_over_it():
    assert Organisation("Kestrel", 9, 3).is_over(2)
    assert not Organisation("Kestrel", 9, 3).is_over(3)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 9, "b": 5}, [("a", 9), ("b", 5)]),
        ({"a": 9, "b": 3, "c": 2}, [("a", 9), ("", 5)]),
        ({"a": 20, "b": 9, "c": 1}, [("a", 20), ("", 10)]),  # one alone could be reckoned from the total
        ({"a": 3, "b": 1}, []),
        ({"a": 3, "b": 3}, [("", 6)]),
        ({"a": 6, "b": 1}, [("", 7)]),
        ({"a": 6, "b": 0}, [("a", 6)]),
        ({}, []),
    ],
)
def test_small_groups_stand_together_so_that_nobody_is_singled_out(counts, shown):
    assert list(group_small(counts)) == shown
