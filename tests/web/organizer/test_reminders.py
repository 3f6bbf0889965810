"""Organizers say when a series reminds its speakers."""

from __future__ import annotations

import pytest

from app.domain.people import Role
from tests.cast import make_person, make_series


@pytest.fixture
def browser(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def series(session):
    series = make_series(session)
    session.commit()
    return series


def save(browser, series, days, version=None):
    form = {"reminder_days": days, "version": str(version or series.version)}
    return browser.post(f"/series/{series.slug}/reminders", form)


def test_the_usual_days_stand_there_and_can_be_changed(session, series, browser):
    assert 'value="14, 3, 1"' in browser.get(f"/series/{series.slug}").text
    assert save(browser, series, "1, 7").headers["Location"] == f"/series/{series.slug}"
    session.refresh(series)
    assert series.reminder_days == [7, 1]
    assert 'value="7, 1"' in browser.get(f"/series/{series.slug}").text


def test_none_is_a_choice(session, series, browser):
    save(browser, series, "")
    session.refresh(series)
    assert series.reminder_days == []


def test_what_is_no_day_comes_back_as_typed(series, browser):
    answer = save(browser, series, "a week")
    assert answer.status_code == 422
    assert 'value="a week"' in answer.text
    assert "Write different numbers of days from 1 to 60" in answer.text


def test_a_stale_page_changes_nothing(session, series, browser):
    seen = series.version
    save(browser, series, "2")
    session.refresh(series)
    assert save(browser, series, "5", seen).status_code == 409
    session.refresh(series)
    assert series.reminder_days == [2]
