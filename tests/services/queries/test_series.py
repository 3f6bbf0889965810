"""What organizers see of series before they decide: next calls, coming dates, clashes, what a new rule leaves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import event

from app.domain.cadence import Cadence, Rule
from app.domain.errors import NotFound
from app.domain.secret import Secret
from app.domain.states import TouchpointState
from app.models import CadenceException, CadenceRule, JoinLink
from app.services.queries import series as queries
from tests.cast import make_series, make_touchpoint

wall = datetime.fromisoformat


@pytest.fixture
def thursday(session):
    """Every second Thursday at 14:00 in Madrid: 26 November is off, 3, 17 and 31 December are on."""
    return make_series(session)


def page(session, now, slug="thursday"):
    session.expire_all()
    return queries.read_series(session, slug, now=now)


def days(planned):
    return [row.day for row in planned]


def test_the_list_shows_each_cadence_and_the_next_open_call(session, thursday, now):
    first = make_touchpoint(session, thursday, wall("2026-12-03 14:00"))
    first.state = TouchpointState.SKIPPED
    make_touchpoint(session, thursday, wall("2026-11-05 14:00"))
    following = make_touchpoint(session, thursday, wall("2026-12-17 14:00"))
    make_touchpoint(session, thursday, wall("2026-12-31 14:00"))

    assert queries.list_series(session, now=now) == [
        queries.SeriesRow(thursday, "Every 2nd Thursday, 14:00 Madrid", following, 2)
    ]


def test_a_series_that_has_ended_stands_last_and_one_without_a_cadence_says_so(session, thursday, now):
    thursday.ended_on = date(2026, 11, 22)
    young = make_series(session, "monday")
    young.rules = []
    early = make_series(session, "friday")
    early.rules[0].valid_from = date(2027, 1, 1)

    rows = queries.list_series(session, now=now)

    assert [(row.series.slug, row.cadence) for row in rows] == [
        ("monday", ""),
        ("friday", "Every 2nd Thursday, 14:00 Madrid"),
        ("thursday", "Every 2nd Thursday, 14:00 Madrid"),
    ]


def test_a_series_that_is_not_there_is_not_found(session, now):
    with pytest.raises(NotFound):
        queries.read_series(session, "nowhere", now=now)


def test_the_page_shows_twelve_dates_with_the_join_link_apart(session, thursday, now):
    session.add(JoinLink(series_id=thursday.id, url=Secret("https://meet.example.org/x")))

    shown = page(session, now)

    assert shown.way_in.address.reveal() == "https://meet.example.org/x"
    assert len(shown.planned) == 12
    assert days(shown.planned)[:2] == [date(2026, 12, 3), date(2026, 12, 17)]


def test_rules_are_shown_latest_first_with_their_span(session, thursday, now):
    for valid_from in (date(2026, 11, 1), date(2027, 2, 1)):
        thursday.rules.append(
            CadenceRule(
                valid_from=valid_from,
                rrule="FREQ=MONTHLY;BYDAY=1TH",
                start_time=time(15),
                minutes=60,
                time_zone="Europe/Madrid",
            )
        )
    session.flush()

    assert [
        (rule.row.valid_from, rule.last, rule.holds, rule.begins_later, rule.words) for rule in page(session, now).rules
    ] == [
        (date(2027, 2, 1), None, False, True, "1st Thursday, 15:00 Madrid"),
        (date(2026, 11, 1), date(2027, 1, 31), True, False, "1st Thursday, 15:00 Madrid"),
        (date(2026, 1, 1), date(2026, 10, 31), False, False, "Every 2nd Thursday, 14:00 Madrid"),
    ]


def test_a_change_of_the_clocks_is_marked_where_it_is_felt(session, thursday, now):
    planned = page(session, now).planned

    assert [(row.day, row.starts_at.hour) for row in planned if row.clock_change] == [(date(2027, 4, 8), 12)]


def test_exceptions_clashes_and_opened_dates_are_marked(session, thursday, now):
    friday = make_series(session, "friday")
    make_touchpoint(session, friday, wall("2026-12-17 17:30"))
    skipped = make_touchpoint(session, friday, wall("2027-01-14 17:30"))
    skipped.state = TouchpointState.SKIPPED
    opened = make_touchpoint(session, thursday, wall("2026-12-03 14:00"))
    thursday.exceptions.append(CadenceException(date=date(2026, 12, 31), reason="New Year's Eve"))
    session.flush()

    planned = page(session, now).planned

    assert [row.opened for row in planned] == [opened] + [None] * 11
    assert [(row.day, row.clashes) for row in planned if row.clashes] == [(date(2026, 12, 17), ("Friday",))]
    assert [(row.day, row.exception) for row in planned if row.exception] == [(date(2026, 12, 31), "New Year's Eve")]


def test_a_clash_is_on_the_day_of_the_series_own_clock(session, thursday, now):
    late = make_series(session, "tokyo", zone="Asia/Tokyo")
    make_touchpoint(session, late, wall("2026-12-18 07:00"))  # still 17 December in Madrid

    assert [row.clashes for row in page(session, now).planned[:3]] == [(), ("Tokyo",), ()]


def test_a_start_that_the_clocks_skip_has_no_instant_and_one_that_happens_twice_is_marked(session, now):
    make_series(session, "night", rrule="FREQ=MONTHLY;BYDAY=-1SU", start=time(2, 30))

    planned = {row.day: row for row in page(session, now, "night").planned}

    assert planned[date(2027, 3, 28)].starts_at is None
    assert [day for day, row in planned.items() if row.twice] == [date(2027, 10, 31)]
    assert [day for day, row in planned.items() if row.clock_change] == [date(2027, 4, 25)]


def test_a_call_that_began_today_is_not_among_the_next_dates(session, now):
    make_series(session, "monday", rrule="FREQ=WEEKLY;INTERVAL=1;BYDAY=MO")

    assert days(page(session, now, "monday").planned)[0] == date(2026, 11, 23)
    assert days(page(session, now + timedelta(hours=5), "monday").planned)[0] == date(2026, 11, 30)


def test_after_its_last_day_a_series_has_no_dates(session, thursday, now):
    thursday.ended_on = date(2026, 12, 17)
    session.flush()
    assert days(page(session, now).planned) == [date(2026, 12, 3), date(2026, 12, 17)]

    thursday.ended_on = date(2026, 11, 1)
    session.flush()
    assert page(session, now).planned == []


def test_a_preview_shows_the_new_rule_and_the_open_calls_that_it_leaves(session, thursday, now):
    kept = make_touchpoint(session, thursday, wall("2026-12-03 14:00"))
    left = make_touchpoint(session, thursday, wall("2027-01-14 14:00"))
    both = make_touchpoint(session, thursday, wall("2027-02-11 14:00"))
    session.flush()
    rule = Rule(date(2027, 1, 1), Cadence(4, nths=(2,)), time(16), 60, "Europe/Madrid")
    left.rule_date = date(2027, 1, 15)  # as another rule gave it

    preview = queries.preview_rule(session, thursday, rule, now=now)

    assert preview.replaces is False
    assert days(preview.planned)[:3] == [date(2027, 1, 14), date(2027, 2, 11), date(2027, 3, 11)]
    assert {row.occurrence.rule for row in preview.planned} == {rule}
    assert preview.left_over == [left]
    assert kept not in preview.left_over
    assert both.rule_date == date(2027, 2, 11)


def test_a_preview_ends_where_a_later_rule_begins_and_says_what_it_replaces(session, thursday, now):
    rule = Rule(date(2026, 1, 1), Cadence(4, nths=(1,)), time(14), 60, "Europe/Madrid")
    thursday.rules.append(
        CadenceRule(
            valid_from=date(2027, 1, 1),
            rrule="FREQ=MONTHLY;BYDAY=2MO",
            start_time=time(9),
            minutes=60,
            time_zone="Europe/Madrid",
        )
    )
    session.flush()

    preview = queries.preview_rule(session, thursday, rule, now=now)

    assert preview.replaces is True
    assert days(preview.planned)[:2] == [date(2026, 12, 3), date(2027, 1, 11)]


@pytest.mark.parametrize("read", ["list", "one"])
def test_more_series_and_calls_take_no_more_queries(session, now, read):
    def count():
        seen = []

        def note(*arguments):
            seen.append(arguments[2])

        session.commit()
        event.listen(session.bind, "before_cursor_execute", note)
        if read == "list":
            for row in queries.list_series(session, now=now):
                assert row.next.series.rules
        else:
            queries.read_series(session, "series-0", now=now)
        event.remove(session.bind, "before_cursor_execute", note)
        return len(seen)

    def add(numbers):
        for number in numbers:
            series = make_series(session, f"series-{number}")
            for day in (3, 17, 31):
                make_touchpoint(session, series, datetime(2026, 12, day, 14, 0))

    add(range(2))
    few = count()
    add(range(2, 30))
    assert count() == few
