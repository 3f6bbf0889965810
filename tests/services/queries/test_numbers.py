from datetime import datetime, timedelta

import pytest

from app.domain.attribution import Attribution
from app.domain.insights import Share
from app.domain.people import RoleCategory
from app.domain.publication import Audience, PublicDetail
from app.domain.states import TalkState
from app.models import Topic
from app.services.publishing import publish_touchpoints
from app.services.queries.numbers import read_numbers
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint


@pytest.fixture
def held(session, site, now):
    """Held calls of a series, each with a talk by one speaker of this role and level."""

    def held(series, *starts, role=RoleCategory.OSPO, level=Attribution.NAME, topic=None, recording=""):
        calls = []
        for start in starts:
            speaker = make_speaker(attribution=level)
            speaker.role_category = role
            proposal = make_proposal(session, speakers=(speaker,))
            proposal.topics = [topic] if topic else []
            call = make_touchpoint(session, series, start)
            make_talk(session, proposal, call, state=TalkState.CONFIRMED).recording_url = recording
            calls.append(call)
        publish_touchpoints(session, calls, site=site, now=now)
        session.commit()

    return held


def days(count, first):
    return [first + timedelta(days=7 * number) for number in range(count)]


def test_nothing_yet_is_nothing(session, now):
    found = read_numbers(session, now=now)
    assert (found.calls, found.talks, found.series, found.topics, found.roles) == (0, 0, (), (), ())


def test_calls_are_counted_by_year_and_series_once_they_are_over(session, held, now):
    ours, other = make_series(session), make_series(session, "friday")
    held(
        ours, datetime(2025, 12, 30, 14), datetime(2026, 2, 5, 14), datetime(2026, 3, 5, 14), datetime(2026, 12, 3, 14)
    )
    held(other, datetime(2026, 4, 3, 17))
    make_touchpoint(session, ours, datetime(2026, 6, 4, 14))  # held, perhaps, but never public
    found = read_numbers(session, now=now)
    assert [(each.series.slug, each.years, each.total) for each in found.series] == [
        ("thursday", ((2025, 1), (2026, 2)), 3),
        ("friday", ((2026, 1),), 1),
    ]
    assert (found.calls, found.talks) == (4, 4)


def test_topics_and_recordings_are_those_of_talks_that_were_given(session, held, now):
    series, topic = make_series(session), Topic(slug="upstream", name="Upstream")
    session.add(topic)
    held(series, datetime(2026, 2, 5, 14), topic=topic, recording="https://video.example.org/1")
    held(series, datetime(2026, 3, 5, 14), datetime(2026, 12, 3, 14), topic=topic)
    found = read_numbers(session, now=now)
    assert (found.topics, found.recordings) == ((("Upstream", 2),), Share(1, 2))


def test_roles_count_only_where_they_are_public_and_small_groups_stand_together(session, held, now):
    series = make_series(session)
    held(series, *days(6, datetime(2026, 1, 8, 14)))
    held(series, *days(5, datetime(2025, 1, 9, 14)), role=RoleCategory.FOUNDATION, level=Attribution.NONE)
    held(series, *days(3, datetime(2024, 1, 4, 14)), role=RoleCategory.STAKEHOLDER)
    held(series, *days(2, datetime(2023, 1, 5, 14)), role=RoleCategory.INDEPENDENT)
    assert read_numbers(session, now=now).roles == ((RoleCategory.OSPO, 6), (None, 5))


def test_a_hidden_series_is_in_no_number(session, held, now):
    hidden = make_series(session, "friday", audience=Audience.MEMBERS)
    hidden.public_detail = PublicDetail.NOTHING
    held(hidden, *days(6, datetime(2026, 1, 8, 14)))
    found = read_numbers(session, now=now)
    assert (found.calls, found.talks, found.roles) == (0, 0, ())
    assert {share.whole for _, share in found.hours} == {0}


def test_the_hours_are_those_of_the_last_twelve_months_and_of_what_is_planned(session, held, now):
    held(make_series(session), datetime(2026, 12, 3, 9), datetime(2026, 6, 4, 14), datetime(2025, 6, 5, 14))
    shares = {place.name: share.percent for place, share in read_numbers(session, now=now).hours}
    assert shares == {"New York": 50, "Madrid": 100, "Bengaluru": 100, "Tokyo": 50}
