"""The demo fills an empty installation, and is what a newcomer expects to see."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from app.domain.demo_held import HELD
from app.domain.publication import PublicStatus
from app.domain.states import ProposalState, TalkState, TouchpointState
from app.models import Person, Proposal, Publication, Series, Talk, Topic, Touchpoint
from app.services.demo import is_empty, seed_demo
from app.services.queries.feeds import read_feed
from app.services.queries.sister_calendars import shown_calendars
from app.services.queries.sister_states import read_clashes


def test_the_demo_shows_every_state(session, site, now):
    assert is_empty(session)

    seed_demo(session, site=site, now=now)

    assert not is_empty(session)
    proposals = Counter(session.scalars(select(Proposal.state)))
    assert proposals == {ProposalState.ACCEPTED: 26, ProposalState.SUBMITTED: 2, ProposalState.DECLINED: 1}
    talks = Counter(session.scalars(select(Talk.state)))
    assert talks == {TalkState.CONFIRMED: 20, TalkState.INVITED: 2, TalkState.HOLD: 1, TalkState.DECLINED: 1}
    skipped = session.scalars(select(Touchpoint.reason).where(Touchpoint.state == TouchpointState.SKIPPED)).all()
    assert skipped == ["Public holiday"]


def test_the_demo_publishes_two_confirmed_calls(session, site, now):
    seed_demo(session, site=site, now=now)

    confirmed = select(Publication).where(Publication.status == PublicStatus.CONFIRMED, Publication.starts_at > now)
    assert len(session.scalars(confirmed).all()) == 2
    assert (
        read_feed(session, "all", site=site, now=now).body.count(b"BEGIN:VEVENT") == 2 + len(HELD) + 1
    )  # the last webinar


def test_the_demo_has_the_two_series_of_the_mission(session, site, now):
    seed_demo(session, site=site, now=now)

    rules = {
        row.slug: (row.rules[0].rrule, f"{row.rules[0].start_time:%H:%M}")
        for row in session.scalars(select(Series).where(Series.ended_on.is_(None)))
    }
    assert rules == {
        "thursday": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "14:00"),
        "friday": ("FREQ=MONTHLY;BYDAY=1FR,3FR", "17:30"),
    }


def test_topics_that_are_there_are_used(session, site, now):
    session.add(Topic(slug="ospo-strategy", name="OSPO strategy"))
    session.commit()

    seed_demo(session, site=site, now=now)

    assert len(session.scalars(select(Topic)).all()) == 5


def test_an_installation_with_a_person_is_not_empty(session, now):
    session.add(Person(email="vera@example.org", created_at=now))
    session.flush()

    assert not is_empty(session)


def test_the_demo_has_sister_communities_one_of_which_meets_during_a_call(session, site, now):
    seed_demo(session, site=site, now=now)

    assert [each.name for each in shown_calendars(session, now=now)] == ["Health Metrics Circle", "Open Supply Guild"]
    calls = session.scalars(select(Touchpoint)).all()
    assert {words for clash in read_clashes(session, calls).values() for words in clash} >= {
        "Open Supply Guild: Steering call"
    }
