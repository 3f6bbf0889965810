"""A cross-shared talk names its other calls, and they follow each other's changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.publication import Audience, PublicOccasion, PublicStatus, PublicTouchpoint
from app.domain.states import TalkState, TouchpointState, move_to
from app.models import Publication
from app.services.publishing import publish_touchpoint, publish_touchpoints
from tests.calendars import read_with_ical
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def thursday(session):
    return make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))


@pytest.fixture
def friday(session):
    return make_touchpoint(session, make_series(session, "friday"), datetime(2026, 12, 18, 17, 30))


@pytest.fixture
def talks(session, thursday, friday, site, now):
    """One proposal on both calls, confirmed and published."""
    proposal = make_proposal(session)
    talks = [make_talk(session, proposal, call, state=TalkState.CONFIRMED) for call in (thursday, friday)]
    publish_touchpoints(session, [thursday, friday], site=site, now=now)
    return talks


def row(session, touchpoint) -> Publication:
    session.flush()
    return session.get(Publication, touchpoint.id)


def also(session, touchpoint) -> list[str]:
    talks = PublicTouchpoint.from_json(row(session, touchpoint).value).talks
    return [other.key for talk in talks for other in talk.also]


def test_each_call_names_the_other(session, talks, thursday, friday):
    assert (also(session, thursday), also(session, friday)) == ([friday.key], [thursday.key])
    assert PublicTouchpoint.from_json(row(session, thursday).value).talks[0].also == (
        PublicOccasion(friday.key, "Friday", datetime(2026, 12, 18, 16, 30, tzinfo=UTC), 60, "Europe/Madrid"),
    )


def test_the_feed_says_when_else_it_is_held(session, talks, thursday):
    body = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + row(session, thursday).vevent + b"END:VCALENDAR\r\n"
    assert "Also: Friday, Friday 18 December 2026, 17:30–18:30 Madrid" in read_with_ical(body)[0].description


def test_confirming_the_second_talk_reaches_the_first_call(session, thursday, friday, site, now):
    proposal = make_proposal(session)
    make_talk(session, proposal, thursday, state=TalkState.CONFIRMED)
    second = make_talk(session, proposal, friday, state=TalkState.INVITED)
    publish_touchpoints(session, [thursday, friday], site=site, now=now)
    assert also(session, thursday) == []
    move_to(second, TalkState.CONFIRMED)
    publish_touchpoint(session, friday, site=site, now=now)
    assert (also(session, thursday), row(session, thursday).sequence) == ([friday.key], 1)


def test_moving_one_call_reaches_the_other(session, talks, thursday, friday, site, now):
    friday.local_start += timedelta(days=7)
    friday.starts_at += timedelta(days=7)
    publish_touchpoint(session, friday, site=site, now=now)
    (other,) = PublicTouchpoint.from_json(row(session, thursday).value).talks[0].also
    assert other.starts_at == friday.starts_at


def test_a_talk_that_left_is_no_longer_named(session, talks, thursday, friday, site, now):
    move_to(talks[1], TalkState.RELEASED)
    talks[1].touchpoint, talks[1].position = None, None
    publish_touchpoint(session, friday, site=site, now=now)
    assert row(session, friday).status is PublicStatus.CANCELLED
    assert (also(session, thursday), row(session, thursday).sequence) == ([], 1)


def test_a_skipped_call_is_no_longer_named(session, talks, thursday, friday, site, now):
    move_to(friday, TouchpointState.SKIPPED)
    publish_touchpoint(session, friday, site=site, now=now)
    assert also(session, thursday) == []


def test_publishing_again_changes_neither(session, talks, thursday, friday, site, now):
    publish_touchpoints(session, [thursday, friday], site=site, now=now + timedelta(hours=1))
    assert [row(session, call).sequence for call in (thursday, friday)] == [0, 0]


def test_a_members_only_call_names_no_other(session, talks, thursday, friday, site, now):
    friday.series.audience = Audience.MEMBERS
    publish_touchpoint(session, friday, site=site, now=now)
    assert (also(session, thursday), also(session, friday)) == ([friday.key], [])
