"""The form offers what the tables hold, and keeps what was chosen before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from app.domain.proposals import ProposalDraft, SeriesPreference
from app.domain.publication import Audience, PublicDetail
from app.domain.states import TouchpointState
from app.services.queries.proposal_choices import OFFERED, DateChoice, TopicChoice, read_choices, series_choice
from tests.cast import MADRID, make_series, make_touchpoint
from tests.drafts import make_topics

NOTHING = ProposalDraft()


@pytest.fixture
def thursday(session):
    return make_series(session)


@pytest.fixture
def friday(session):
    return make_series(session, "friday", audience=Audience.MEMBERS)


def choices(session, now, **chosen):
    return read_choices(session, chosen=ProposalDraft(**chosen), now=now)


def test_topics_are_offered_until_they_are_retired(session, now):
    make_topics(session)
    offered = (TopicChoice("culture", "Culture"), TopicChoice("tooling", "Tooling"))

    assert choices(session, now).topics == offered
    assert choices(session, now, topics=("blockchain",)).topics == (*offered, TopicChoice("blockchain", "Blockchain"))


def test_series_are_offered_until_they_end(session, thursday, friday, now):
    friday.ended_on = now.date()
    gone = make_series(session, "wednesday")
    gone.ended_on = now.date() - timedelta(days=1)
    session.flush()

    assert [series.slug for series in choices(session, now).series] == ["thursday", "friday"]
    assert [series.slug for series in choices(session, now, series="wednesday").series][-1] == "wednesday"


def test_coming_dates_are_offered_in_their_order_with_their_weekdays(session, thursday, friday, now):
    second = make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0))
    first = make_touchpoint(session, friday, datetime(2026, 12, 4, 17, 30))
    skipped = make_touchpoint(session, thursday, datetime(2026, 12, 17, 14, 0))
    skipped.state = TouchpointState.SKIPPED
    past = make_touchpoint(session, thursday, datetime(2026, 11, 12, 14, 0))
    session.flush()

    offered = choices(session, now)
    assert offered.dates == (
        DateChoice(first.key, series_choice(friday), first.starts_at, 60, MADRID),
        DateChoice(second.key, series_choice(thursday), second.starts_at, 60, MADRID),
    )
    assert offered.weekdays == (4, 5)
    kept = choices(session, now, away=(past.key, second.key), away_weekdays=(1, 9))
    assert [date.key for date in kept.dates] == [past.key, first.key, second.key]
    assert kept.weekdays == (1, 4, 5)


def test_an_empty_house_offers_nothing_and_says_so(session, now):
    empty = choices(session, now)

    assert (empty.topics, empty.series, empty.dates, empty.weekdays) == ((), (), (), ())
    assert empty.detail(NOTHING) is PublicDetail.EVERYTHING


def test_the_preview_is_for_the_most_that_can_become_public(session, thursday, friday, now):
    offered = choices(session, now)

    assert offered.detail(ProposalDraft(preference=SeriesPreference.EITHER)) is PublicDetail.EVERYTHING
    assert offered.detail(ProposalDraft(preference=SeriesPreference.ONE, series="thursday")) is PublicDetail.EVERYTHING
    assert (
        offered.detail(ProposalDraft(preference=SeriesPreference.ONE, series="friday")) is PublicDetail.TITLE_AND_TIME
    )


@pytest.mark.parametrize("rows", [1, 30])
def test_many_dates_and_series_take_as_many_queries_as_one(session, now, rows):
    for number in range(rows):
        series = make_series(session, f"series-{number}")
        make_touchpoint(
            session, series, datetime.combine(date(2026, 12, 1) + timedelta(days=number), datetime.min.time())
        )
    session.commit()
    session.expunge_all()
    statements = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *call: statements.append(call[2]))

    offered = choices(session, now, away=("gone",))

    assert len(offered.dates) == min(rows, OFFERED)
    assert sum(statement.startswith("SELECT") for statement in statements) == 5
