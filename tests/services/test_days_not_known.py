"""Calls of the past of which only the month is known: no calendar has them, and no figure counts their hours."""

from __future__ import annotations

import logging
from datetime import datetime
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.consent import Choices
from app.domain.errors import NotFound
from app.domain.insights import Share
from app.domain.publication import Audience, PublicDetail
from app.domain.states import TalkState
from app.models import HiddenCall, MemberEntry, OutboxMessage, Publication
from app.services.auditing import COMMAND
from app.services.publishing import publish_touchpoint
from app.services.queries.feeds import ALL, list_broken_calls, read_call_file, read_feed
from app.services.queries.insights import read_insights
from app.services.queries.numbers import read_numbers
from app.services.queries.open_data import find_call
from app.services.queries.personal_calendars import read_member_calendar
from app.services.queries.touchpoints import read_touchpoint
from app.services.retracting import make_stricter
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

SOME_DAY = datetime(2026, 11, 3, 14, 0)


@pytest.fixture
def hold(session, site, now):
    """A published call with a confirmed talk, on some day of November that nobody knows."""

    def hold(series, *, proposal=None):
        call = make_touchpoint(session, series, SOME_DAY)
        call.day_known = False
        make_talk(session, proposal or make_proposal(session), call, state=TalkState.CONFIRMED)
        publish_touchpoint(session, call, site=site, now=now)
        session.flush()
        return call

    return hold


def test_no_calendar_has_it_and_nothing_is_broken(session, site, now, hold, caplog):
    call = hold(make_series(session))
    with caplog.at_level(logging.ERROR):
        assert b"BEGIN:VEVENT" not in read_feed(session, ALL, site=site, now=now).body
    assert (caplog.text, list_broken_calls(session, now=now)) == ("", ())
    with pytest.raises(NotFound):
        read_call_file(session, call.key)


def test_members_calendars_have_it_no_more_than_others_and_nobody_is_told_when_it_is_hidden(session, site, now, hold):
    friday = make_series(session, "friday", audience=Audience.MEMBERS)
    call = hold(friday)
    assert session.get_one(MemberEntry, call.id).vevent == b""
    assert b"BEGIN:VEVENT" not in read_member_calendar(session, site=site, now=now).body
    friday.public_detail = PublicDetail.NOTHING
    publish_touchpoint(session, call, site=site, now=now)
    assert (session.get(Publication, call.id), session.get(HiddenCall, call.id)) == (None, None)


def test_open_data_says_the_month_and_no_instant(session, hold):
    found = find_call(session, hold(make_series(session)).key)
    assert (found.date, found.starts_at, found.ends_at) == ("2026-11", None, None)
    assert (found.local_starts_at, found.local_ends_at) == (None, None)
    assert {part.starts_at for part in found.agenda} | {talk.starts_at for talk in found.talks} == {None}


def test_its_hours_are_in_no_figure(session, now, hold):
    hold(make_series(session))
    session.commit()
    shares = [share for _, share in (*read_numbers(session, now=now).hours, *read_insights(session, now=now).hours)]
    assert set(shares) == {Share(0, 0)}
    assert read_insights(session, now=now).lead is None


def test_it_is_on_no_day_of_another_call(session, now, hold):
    call, other = hold(make_series(session)), make_touchpoint(session, make_series(session, "friday"), SOME_DAY)
    assert read_touchpoint(session, call.key, now=now).clashes == ()
    assert read_touchpoint(session, other.key, now=now).clashes == ()


def test_it_is_no_other_date_of_a_talk(session, site, now, hold):
    proposal, thursday = make_proposal(session), make_series(session)
    hold(thursday, proposal=proposal)
    coming = make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0))
    make_talk(session, proposal, coming, state=TalkState.CONFIRMED)
    publish_touchpoint(session, coming, site=site, now=now)
    assert find_call(session, coming.key).call.talks[0].also == ()


def test_a_receipt_names_its_month(session, site, now):
    call = make_touchpoint(session, make_series(session), SOME_DAY)
    call.day_known = False
    speaker = make_speaker(email="sam@example.org", attribution=Attribution.NAME)
    talk = make_talk(session, make_proposal(session, speakers=(speaker,)), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    nothing = Choices(Attribution.NONE, recording=False, slides=False)
    make_stricter(session, talk.confirmations[0], nothing, reason="Asked.", by=COMMAND, site=site, now=now)
    mail = message_from_bytes(session.scalars(select(OutboxMessage)).one().message, policy=policy.default)
    said = " ".join(mail.get_body(("plain",)).get_content().split())
    assert f"- {call.series.name}, November 2026: the page" in said
