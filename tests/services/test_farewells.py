"""A series that ends or moves house: its feed keeps answering, with a last event that says where it went."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.domain.errors import InvalidInput
from app.domain.people import Role
from app.domain.series import SeriesDraft
from app.models import Farewell
from app.services import scheduling
from app.services import series as keeping
from app.services.auditing import Actor
from app.services.queries.feeds import ALL, read_feed
from app.services.queries.public_changes import read_changes
from tests.calendars import octet_problems
from tests.cast import make_person, make_series

ELSEWHERE = "https://elsewhere.example/calls"


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu", role=Role.ORGANIZER))


@pytest.fixture
def save(session, series, olu, site):
    """Saves the series' form with a last day and a new address."""

    def save(*, ended_on=None, moved_to="", name="Europe Chapter", now):
        draft = SeriesDraft(
            name=name,
            short_name="Thursday",
            slug="thursday",
            audience=series.audience,
            hue="blue",
            shape="circle",
            role_address="thursday@example.org",
            ended_on=ended_on,
            moved_to=moved_to,
        )
        keeping.save_series(session, series, draft, version=series.version, by=olu, site=site, now=now)

    return save


def events(session, site, now, slug="thursday"):
    file = read_feed(session, slug, site=site, now=now)
    assert octet_problems(file.body) == []
    return Calendar.from_ical(file.body).events


def test_a_series_that_moves_house_says_where_it_went(session, save, site, now):
    save(ended_on=date(2026, 12, 31), moved_to=ELSEWHERE, now=now)
    (event,) = events(session, site, now)
    assert (event["SUMMARY"], event["URL"]) == ("Thursday has moved", ELSEWHERE)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2027, 1, 1), date(2027, 1, 2))
    assert (event["TRANSP"], event["STATUS"], event["SEQUENCE"]) == ("TRANSPARENT", "CONFIRMED", 0)
    assert "Europe Chapter met here until 31 December 2026." in event["DESCRIPTION"]
    assert f"It goes on at {ELSEWHERE}" in event["DESCRIPTION"]


def test_one_that_ends_says_so(session, save, site, now):
    save(ended_on=date(2026, 12, 31), now=now)
    (event,) = events(session, site, now)
    assert event["SUMMARY"] == "Thursday has ended"
    assert "It goes on" not in event["DESCRIPTION"]
    assert event["URL"] == site.url("/schedule")


def test_the_feed_answers_years_later_and_that_of_all_forgets_after_ninety_days(session, save, site, now):
    save(ended_on=date(2026, 12, 31), now=now)
    assert len(events(session, site, now + timedelta(days=4000))) == 1
    assert read_feed(session, "thursday", site=site, now=now).until is None
    until = read_feed(session, ALL, site=site, now=now).until
    assert until == datetime(2027, 4, 1, 23, 59, 59, tzinfo=now.tzinfo)
    assert len(events(session, site, until, ALL)) == 1
    assert events(session, site, until + timedelta(seconds=1), ALL) == []


def test_a_last_day_that_is_past_is_told_today(session, save, site, now):
    save(ended_on=date(2026, 10, 1), now=now)
    assert events(session, site, now)[0]["DTSTART"].dt == now.date()


def test_each_change_is_a_step_and_saving_the_same_is_none(session, save, site, clock):
    steps = [
        ({"ended_on": date(2026, 12, 31)}, 0, date(2027, 1, 1)),
        ({"ended_on": date(2026, 12, 31)}, 0, date(2027, 1, 1)),
        ({"ended_on": date(2026, 12, 31), "moved_to": ELSEWHERE}, 1, date(2027, 1, 1)),
        ({"ended_on": date(2027, 1, 31), "moved_to": ELSEWHERE}, 2, date(2027, 2, 1)),
    ]
    for fields, sequence, day in steps:
        save(**fields, now=clock.advance(timedelta(hours=1)))
        (event,) = events(session, site, clock.now)
        assert (event["SEQUENCE"], event["DTSTART"].dt) == (sequence, day)


def test_an_ending_taken_back_stays_as_cancelled_and_can_come_again(session, save, site, clock):
    save(ended_on=date(2026, 12, 31), now=clock.now)
    uid = events(session, site, clock.now)[0]["UID"]
    save(now=clock.advance(timedelta(hours=1)))
    (event,) = events(session, site, clock.now)
    assert (event["STATUS"], event["SEQUENCE"], event["UID"]) == ("CANCELLED", 1, uid)
    assert event["SUMMARY"] == "Cancelled: Thursday has ended"
    save(ended_on=date(2027, 6, 30), now=clock.advance(timedelta(hours=1)))
    (event,) = events(session, site, clock.now)
    assert (event["STATUS"], event["SEQUENCE"], event["UID"]) == ("CONFIRMED", 2, uid)


def test_a_series_that_goes_on_has_no_last_event(session, save, site, now):
    save(now=now)
    assert session.scalars(select(Farewell)).all() == []
    assert events(session, site, now) == []


def test_no_date_is_opened_or_added_after_the_last_day(session, series, save, olu, site, now):
    save(ended_on=date(2026, 12, 10), now=now)
    until = date(2027, 3, 1)
    opened = scheduling.open_touchpoints(session, until=until, by=olu, site=site, now=now)
    assert max(call.local_start.date() for call in opened) <= date(2026, 12, 10)
    at = datetime(2026, 12, 17, 14, 0)
    with pytest.raises(InvalidInput) as refused:
        scheduling.add_touchpoint(session, series, at=at, minutes=60, by=olu, site=site, now=now)
    assert refused.value.errors == {"day": "The series meets here until 10 December 2026: change its last day first."}


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"moved_to": "elsewhere"}, {"moved_to": "Write the address whole, beginning with https://."}),
        ({"moved_to": ELSEWHERE}, {"ended_on": "Say on which day it meets here last, too."}),
    ],
)
def test_an_ending_that_cannot_be_is_refused(save, now, fields, errors):
    with pytest.raises(InvalidInput) as refused:
        save(**fields, now=now)
    assert refused.value.errors == errors


def test_a_join_link_is_no_new_house(save, now):
    with pytest.raises(InvalidInput) as refused:
        save(ended_on=date(2026, 12, 31), moved_to="https://zoom.us/j/123", now=now)
    assert list(refused.value.errors) == ["moved_to"]


def test_readers_of_changes_hear_of_it_and_not_of_one_taken_back(session, save, site, clock):
    save(ended_on=date(2026, 12, 31), moved_to=ELSEWHERE, now=clock.now)
    for slug in (ALL, "thursday"):
        assert "Thursday has moved" in read_changes(session, slug, site=site, now=clock.now).body.decode()
    save(now=clock.advance(timedelta(hours=1)))
    assert "Thursday has moved" not in read_changes(session, ALL, site=site, now=clock.now).body.decode()
