"""The form of a series: when it ends, and where it goes on."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.people import Role
from tests.calendars import read_with_ical
from tests.cast import make_person, make_series

FORM = {
    "name": "Europe Chapter",
    "short_name": "Thursday",
    "slug": "thursday",
    "audience": "open",
    "hue": "blue",
    "shape": "circle",
    "role_address": "thursday@example.org",
    "description": "",
    "ended_on": "2026-12-20",
    "moved_to": "https://elsewhere.example/calls",
}


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def here(session, sign_in):
    return sign_in(make_person(session, "Olu", role=Role.ORGANIZER))


def test_an_organizer_says_when_it_ends_and_where_it_goes_on(session, series, client, here):
    assert here.post("/series/thursday/edit", {**FORM, "version": series.version}).status_code == 303
    session.refresh(series)
    assert (series.ended_on, series.moved_to) == (date(2026, 12, 20), "https://elsewhere.example/calls")
    assert 'value="https://elsewhere.example/calls"' in here.get("/series/thursday/edit").text
    assert [event.summary for event in read_with_ical(client.get("/calendar/thursday.ics").data)] == [
        "Thursday has moved"
    ]


def test_what_cannot_be_comes_back_with_the_input(series, here):
    page = here.post("/series/thursday/edit", {**FORM, "moved_to": "elsewhere", "version": series.version})
    assert page.status_code == 422
    assert 'id="moved_to-error"' in page.text
    assert 'value="elsewhere"' in page.text


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-30", "9999-11-01", "1999-12-31", "2026-13-45", "some day"])
def test_a_day_that_no_calendar_can_hold_ends_nothing_and_takes_no_feed_down(session, series, client, here, day):
    page = here.post("/series/thursday/edit", {**FORM, "ended_on": day, "version": series.version})
    session.refresh(series)
    assert (page.status_code, series.ended_on) == (422, None)
    assert 'id="ended_on-error"' in page.text
    assert client.get("/calendar/all.ics").status_code == 200
