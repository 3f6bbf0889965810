"""ical.js, which shares no code and no author with the other two readers, sees the same calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page

from app.domain.publication import PublicStatus
from app.feeds.ical import feed, vevent
from tests.calendars import read_with_ical_js, read_with_icalendar
from tests.feeds.test_ical import BORN, HEAD, NASTY, URL, call, confirmed


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of nowhere: the reader needs a browser, no server."""
    opened = browser.new_page()
    yield opened
    opened.close()


def test_three_readers_agree_whatever_was_typed(page):
    calls = [replace(call(text), uid=f"{number}@touchpoints.example") for number, text in enumerate(NASTY)]
    body = feed(HEAD, [vevent(each, confirmed(7), url=URL) for each in calls], last_modified=BORN)
    read = read_with_ical_js(page, body)
    assert [event.uid for event in read] == [each.uid for each in calls]
    assert read == read_with_icalendar(body)


def test_three_readers_agree_that_a_call_is_cancelled(page):
    body = feed(HEAD, [vevent(call(status=PublicStatus.CANCELLED), confirmed(3), url=URL)], last_modified=BORN)
    [event] = read_with_ical_js(page, body)
    assert (event.status, event.sequence) == ("CANCELLED", 3)
    assert [event] == read_with_icalendar(body)
