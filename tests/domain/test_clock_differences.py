from datetime import date, time

from app.domain.clock_differences import brief_periods, clock_periods

YEAR = date(2026, 1, 1), date(2026, 12, 31)
MADRID, NEW_YORK, SYDNEY = "Europe/Madrid", "America/New_York", "Australia/Sydney"


def told(start, home, zone, *dates):
    return [
        (f"{p.first:%-d %b}", f"{p.last:%-d %b}", f"{p.local:%H:%M}", p.shift, p.usual and f"{p.usual:%H:%M}")
        for p in clock_periods(start, home, zone, *(dates or YEAR))
    ]


def test_new_york_is_an_hour_nearer_to_madrid_for_three_weeks_in_spring_and_one_in_autumn():
    assert told(time(14), MADRID, NEW_YORK) == [
        ("1 Jan", "7 Mar", "08:00", 0, None),
        ("8 Mar", "28 Mar", "09:00", 0, "08:00"),
        ("29 Mar", "24 Oct", "08:00", 0, None),
        ("25 Oct", "31 Oct", "09:00", 0, "08:00"),
        ("1 Nov", "31 Dec", "08:00", 0, None),
    ]


def test_the_same_weeks_are_another_hour_for_a_call_that_keeps_new_yorks_clock():
    assert [(p.local, p.usual) for p in brief_periods(time(9), NEW_YORK, (MADRID,), *YEAR)] == [
        (time(14), time(15)),
        (time(14), time(15)),
    ]


def test_a_year_of_the_southern_hemisphere_has_four_changes():
    assert told(time(14), MADRID, SYDNEY) == [
        ("1 Jan", "28 Mar", "00:00", 1, None),
        ("29 Mar", "4 Apr", "23:00", 0, "00:00"),
        ("5 Apr", "3 Oct", "22:00", 0, None),
        ("4 Oct", "24 Oct", "23:00", 0, "22:00"),
        ("25 Oct", "31 Dec", "00:00", 1, None),
    ]


def test_half_a_year_of_another_time_is_no_brief_difference():
    assert told(time(14), MADRID, "Asia/Kolkata") == [
        ("1 Jan", "28 Mar", "18:30", 0, None),
        ("29 Mar", "24 Oct", "17:30", 0, None),
        ("25 Oct", "31 Dec", "18:30", 0, None),
    ]


def test_where_no_clock_changes_there_is_one_period():
    assert told(time(10), "Asia/Tokyo", "Asia/Kolkata") == [("1 Jan", "31 Dec", "06:30", 0, None)]


def test_what_is_brief_is_known_although_the_dates_begin_within_it():
    assert told(time(14), MADRID, NEW_YORK, date(2026, 3, 20), date(2026, 4, 2)) == [
        ("20 Mar", "28 Mar", "09:00", 0, "08:00"),
        ("29 Mar", "2 Apr", "08:00", 0, None),
    ]


def test_a_time_that_the_clocks_skip_at_home_still_has_a_place_elsewhere():
    assert told(time(2, 30), MADRID, "UTC", date(2026, 3, 28), date(2026, 3, 30)) == [
        ("28 Mar", "29 Mar", "01:30", 0, None),
        ("30 Mar", "30 Mar", "00:30", 0, None),
    ]


def test_two_brief_periods_in_a_row_are_both_told_against_the_time_before_them():
    # Morocco leaves its summer time for Ramadan; Europe and America change theirs within those weeks.
    told_of = [(p.local, p.usual) for p in clock_periods(time(14), NEW_YORK, "Africa/Casablanca", *YEAR) if p.brief]
    assert told_of[:2] == [(time(19), time(20)), (time(18), time(20))]


def test_brief_periods_of_all_places_come_in_the_order_of_dates():
    found = brief_periods(time(14), MADRID, (SYDNEY, NEW_YORK), *YEAR)
    assert [(p.zone, f"{p.first:%-d %b}") for p in found] == [
        (NEW_YORK, "8 Mar"),
        (SYDNEY, "29 Mar"),
        (SYDNEY, "4 Oct"),
        (NEW_YORK, "25 Oct"),
    ]
