"""Times as people wrote them: read where they say something, and never guessed."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.domain.written_times import read_end, read_rule_day, read_rule_time, read_start, read_zone


@pytest.mark.parametrize(
    ("text", "end", "clock"),
    [
        ("12:00 PM", "", time(12)),
        ("12:30 AM", "", time(0, 30)),
        ("5:00 PM", "", time(17)),
        ("8AM", "", time(8)),
        ("2pm", "", time(14)),
        ("15:00", "", time(15)),
        ("15:00pm", "", time(15)),
        ("2:00", "", time(2)),
        ("2:00", "3:00 pm", time(14)),
        ("5:30", "6:30 pm", time(17, 30)),
        ("11:30", "12:30 pm", time(11, 30)),
        ("9:00 AM", "10:00 pm", time(9)),
        ("13:00", "14:00", time(13)),
        ("9:00", "8:00", time(9)),
        ("25:00", "", None),
        ("12:75", "", None),
        ("noon", "3:00 pm", None),
        ("", "", None),
    ],
)
def test_a_start_is_read_with_the_half_of_the_day_that_its_end_implies(text, end, clock):
    assert read_start(text, end=end) == clock


def test_an_end_is_read_alike():
    assert (read_end("3:00 pm"), read_end("late")) == (time(15), None)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("UTC", "UTC"),
        ("GMT", "UTC"),
        ("CET then CEST", "Europe/Madrid"),
        ("Madrid clock", "Europe/Madrid"),
        ("EST", None),
        ("", None),
    ],
)
def test_a_zone_is_what_its_first_word_means(text, zone):
    assert read_zone(text) == zone


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("first Wednesday of the month, 15:00pm UTC, except August", (time(15), "UTC")),
        ("Thursday, 14:00-15:00 Madrid clock; open to all", (time(14), "Europe/Madrid")),
        ("2025 every second Thursday 12:00 PM GMT; 2026 first Thursday 12:00 PM", (time(12), "UTC")),
        ("8AM UTC, later 8:00 AM GMT", (time(8), "UTC")),
        ("last Thursday, 3PM CET (2022-01) / 1PM UTC (2022-06)", None),
        ("Mondays at 26:00 UTC", None),
        ("whenever", None),
        ("", None),
    ],
)
def test_a_rule_s_time_counts_only_where_it_names_one(rule, found):
    assert read_rule_time(rule) == found


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("first Wednesday of the month, 15:00pm UTC", date(2023, 6, 7)),
        ("last Thursday of the month", date(2023, 6, 29)),
        ("Friday, 17:30-18:30 Madrid clock", date(2023, 6, 2)),
        ("2025 Mondays 5:00 PM GMT; 2026 third Thursday", date(2023, 6, 5)),
        ("every now and then", date(2023, 6, 1)),
    ],
)
def test_a_rule_gives_a_day_of_a_month(rule, day):
    assert read_rule_day(rule, year=2023, month=6) == day
