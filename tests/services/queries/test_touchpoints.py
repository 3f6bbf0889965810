"""What organizers see of one call, and of dates not yet opened."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.domain.errors import NotFound
from app.domain.secret import Secret
from app.domain.states import ConfirmationState, ProposalState, TalkState, TouchpointState
from app.models import CadenceException, JoinLink
from app.services import publishing
from app.services.queries import touchpoints as queries
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

wall = datetime.fromisoformat


@pytest.fixture
def thursday(session):
    return make_series(session)


@pytest.fixture
def call(session, thursday):
    return make_touchpoint(session, thursday, wall("2026-12-03 14:00"))


def test_a_call_that_is_not_there_is_not_found(session, now):
    with pytest.raises(NotFound):
        queries.read_touchpoint(session, "nowhere", now=now)


def test_the_page_knows_who_would_be_told(session, call, site, now):
    pair = (make_speaker("Sam"), make_speaker("Kim"))
    asked = make_talk(
        session, make_proposal(session, speakers=pair, state=ProposalState.ACCEPTED), call, state=TalkState.INVITED
    )
    asked.confirmations[0].state = ConfirmationState.CONFIRMED
    hold = make_talk(session, make_proposal(session, speakers=(make_speaker("Vera"),), minutes=10), call, position=1)
    declined = make_talk(
        session, make_proposal(session, speakers=(make_speaker("Ada"),)), call, state=TalkState.DECLINED, position=2
    )
    publishing.publish_touchpoint(session, call, site=site, now=now)

    page = queries.read_touchpoint(session, call.key, now=now)

    assert [(row.talk, row.speakers, row.confirmed, row.asked) for row in page.talks] == [
        (asked, "Sam, Kim", 1, True),
        (hold, "Vera", 0, False),
        (declined, "Ada", 0, True),
    ]
    assert [row.talk for row in page.told] == [asked, declined]
    assert (page.used, page.public, page.over, page.skipped) == (30, False, False, False)


def test_a_confirmed_talk_makes_the_call_public(session, call, site, now):
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publishing.publish_touchpoint(session, call, site=site, now=now)

    assert queries.read_touchpoint(session, call.key, now=now).public


def test_a_call_has_its_own_join_link_beside_that_of_the_series(session, thursday, call, now):
    session.add_all(
        [
            JoinLink(series_id=thursday.id, url=Secret("https://all.example")),
            JoinLink(touchpoint_id=call.id, url=Secret("https://one.example")),
        ]
    )

    page = queries.read_touchpoint(session, call.key, now=now)

    assert (page.way_in.address.reveal(), page.series_way_in.address.reveal()) == (
        "https://one.example",
        "https://all.example",
    )


def test_a_call_that_is_over_and_one_that_is_skipped_say_so(session, call):
    call.state = TouchpointState.SKIPPED

    page = queries.read_touchpoint(session, call.key, now=call.ends_at)

    assert (page.over, page.skipped, page.public) == (True, True, False)


def test_other_series_on_the_same_day_are_named_by_this_call_s_clock(session, call, now):
    tokyo = make_series(session, "tokyo", zone="Asia/Tokyo")
    make_touchpoint(session, tokyo, wall("2026-12-04 07:00"))  # 3 December, 23:00 in Madrid
    make_touchpoint(session, tokyo, wall("2026-12-05 09:00"))
    friday = make_series(session, "friday")
    make_touchpoint(session, friday, wall("2026-12-03 17:30")).state = TouchpointState.SKIPPED

    assert queries.read_touchpoint(session, call.key, now=now).clashes == ("Tokyo",)


def test_new_dates_are_counted_for_each_series_that_goes_on(session, thursday, call, now):
    thursday.exceptions.append(CadenceException(date=date(2026, 12, 17), reason="Holidays"))
    ended = make_series(session, "ended")
    ended.ended_on = date(2026, 11, 1)
    ending = make_series(session, "ending")
    ending.ended_on = date(2026, 12, 5)
    young = make_series(session, "young")
    young.rules = []

    rows = queries.read_new_dates(session, until=date(2026, 12, 31), now=now)

    assert [(row.series.slug, row.cadence, row.count) for row in rows] == [
        ("thursday", "Every 2nd Thursday, 14:00 Madrid", 1),
        ("ending", "Every 2nd Thursday, 14:00 Madrid", 1),
        ("young", "", 0),
    ]
