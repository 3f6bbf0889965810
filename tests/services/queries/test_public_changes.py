"""What became of calls, for feed readers: in today's public words, and no others."""

from __future__ import annotations

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from app.domain.attribution import Attribution
from app.domain.errors import NotFound
from app.domain.states import TalkState, TouchpointState, move_to
from app.models import Publication
from app.services.publishing import publish_touchpoint
from app.services.queries.feeds import ALL, ATOM
from app.services.queries.public_changes import MOST, read_changes
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

NS = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def publish(session, site):
    def publish(series, local_start, *, now, title="Upstream first"):
        call = make_touchpoint(session, series, local_start)
        speakers = (make_speaker(attribution=Attribution.NAME),)
        make_talk(session, make_proposal(session, title, speakers=speakers), call, state=TalkState.CONFIRMED)
        publish_touchpoint(session, call, site=site, now=now)
        session.commit()
        return call

    return publish


@pytest.fixture
def read(session, site, clock):
    def read(slug=ALL):
        file = read_changes(session, slug, site=site, now=clock.now)
        assert file.content_type == ATOM
        root = ET.fromstring(file.body)
        return [
            (item.findtext("a:title", namespaces=NS), item.findtext("a:content", namespaces=NS))
            for item in root.findall("a:entry", NS)
        ]

    return read


def test_a_life_of_a_call_reads_newest_first_in_todays_words(session, series, publish, read, site, clock):
    call = publish(series, datetime(2026, 12, 10, 14, 0), now=clock.now)
    call.local_start, call.starts_at = datetime(2026, 12, 17, 14, 0), call.starts_at + timedelta(days=7)
    publish_touchpoint(session, call, site=site, now=clock.advance(timedelta(hours=1)))
    assert [title for title, _ in read()] == ["Moved: Thursday: Upstream first", "New: Thursday: Upstream first"]
    assert read()[0][1].split("\n\n")[0] == (
        "Was: Thursday 10 December 2026, 14:00–15:00 Madrid\nNow: Thursday 17 December 2026, 14:00–15:00 Madrid"
    )

    move_to(call, TouchpointState.SKIPPED)
    call.reason = "Public holiday."
    publish_touchpoint(session, call, site=site, now=clock.advance(timedelta(hours=1)))
    assert [title for title, _ in read()] == ["Cancelled: Thursday", "Moved: Thursday", "New: Thursday"]
    assert "This call does not take place. Public holiday." in read()[0][1]

    move_to(call, TouchpointState.OPEN)
    publish_touchpoint(session, call, site=site, now=clock.advance(timedelta(hours=1)))
    series.short_name = "Donnerstag"
    publish_touchpoint(session, call, site=site, now=clock.advance(timedelta(hours=1)))
    assert [title for title, _ in read()][:2] == [
        "Corrected: Donnerstag: Upstream first",
        "Takes place after all: Donnerstag: Upstream first",
    ]


def test_nobody_is_named_and_the_rule_stands_in_each(series, publish, read, clock):
    publish(series, datetime(2026, 12, 10, 14, 0), now=clock.now)
    ((_, content),) = read()
    assert "Sam" not in content
    assert "Chatham House Rule" in content


def test_each_series_has_its_own_and_an_unknown_one_none(session, series, publish, read, site, now):
    publish(series, datetime(2026, 12, 10, 14, 0), now=now)
    publish(make_series(session, "friday"), datetime(2026, 12, 11, 14, 0), now=now, title="Other")
    assert [title for title, _ in read("friday")] == ["New: Friday: Other"]
    assert len(read()) == 2
    with pytest.raises(NotFound):
        read_changes(session, "nothing", site=site, now=now)


def test_ids_stay_and_the_feed_says_until_when_it_holds(session, series, publish, site, clock):
    publish(series, datetime(2026, 12, 10, 14, 0), now=clock.now)
    first = read_changes(session, ALL, site=site, now=clock.now)
    later = read_changes(session, ALL, site=site, now=clock.now + timedelta(days=30))
    assert (first.body, first.last_modified) == (later.body, clock.now)
    assert first.until == clock.now + timedelta(days=90)
    assert b"<entry>" in read_changes(session, ALL, site=site, now=first.until).body
    assert b"<entry>" not in read_changes(session, ALL, site=site, now=first.until + timedelta(seconds=1)).body


def test_a_broken_row_is_left_out_and_named_in_the_log(session, series, publish, read, clock, caplog):
    call = publish(series, datetime(2026, 12, 10, 14, 0), now=clock.now)
    publish(series, datetime(2026, 12, 24, 14, 0), now=clock.now, title="Whole")
    session.get(Publication, call.id).value = {"series": 5}
    session.commit()
    assert [title for title, _ in read()] == ["New: Thursday: Whole"]
    assert f"leaves out a broken publication: touchpoint={call.id}" in caplog.text


def test_it_has_a_hundred_changes_at_most(session, series, publish, read, site, clock):
    call = publish(series, datetime(2026, 12, 10, 14, 0), now=clock.now)
    for number in range(MOST + 5):
        call.minutes = 30 + number % 2
        publish_touchpoint(session, call, site=site, now=clock.advance(timedelta(minutes=10)))
    assert len(read()) == MOST
