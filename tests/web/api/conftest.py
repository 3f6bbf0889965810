"""Scenery of the open data: calls of every kind, a topic, a working group, and people who keep back who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from app.domain.attribution import Attribution
from app.domain.publication import Audience, PublicDetail
from app.domain.states import TalkState, TouchpointState, WorkingGroupState
from app.domain.working_groups import ChairFacts, GroupFacts, public_working_group
from app.models import PublishedGroup, Talk, Topic, Touchpoint, WorkingGroup
from app.services.publishing import publish_touchpoints
from tests.cast import NOW, make_proposal, make_series, make_speaker, make_talk, make_touchpoint


@pytest.fixture
def engine_name() -> str:
    return "sqlite"  # tests/services/queries asks both; test_conformance does, too


@dataclass
class Scene:
    """What is public, by the test's names for it."""

    held: Touchpoint
    coming: Touchpoint
    cancelled: Touchpoint
    planned: Touchpoint
    members: Touchpoint
    hidden: Touchpoint
    talk: Talk
    topic: Topic


@pytest.fixture
def scene(session, site, now) -> Scene:
    thursday = make_series(session)
    friday = make_series(session, "friday", name="General Member", audience=Audience.MEMBERS)
    secret = make_series(session, "secret", name="Of nobody’s business", audience=Audience.MEMBERS)
    secret.public_detail = PublicDetail.NOTHING
    topic = Topic(slug="upstream", name="Upstream first")
    session.add(topic)
    held, coming, cancelled, planned = (
        make_touchpoint(session, thursday, datetime(2026, 12, 3, 14, 0) + timedelta(weeks=weeks), talk_minutes=60)
        for weeks in (-5, 1, 2, 3)
    )
    members, hidden = (make_touchpoint(session, of, datetime(2026, 12, 4, 17, 30)) for of in (friday, secret))
    for call in (held, coming, cancelled, members, hidden):
        proposal = make_proposal(session, f"Talk of {call.local_start:%-d %B}", speakers=_speakers())
        proposal.topics.append(topic)
        talk = make_talk(session, proposal, call, state=TalkState.CONFIRMED)
        if call is coming:
            shown = talk
    calls = [held, coming, cancelled, planned, members, hidden]
    publish_touchpoints(session, calls, site=site, now=now)
    cancelled.state, cancelled.reason = TouchpointState.SKIPPED, "A holiday"
    publish_touchpoints(session, [cancelled], site=site, now=now)
    _add_group(session)
    session.commit()
    return Scene(held, coming, cancelled, planned, members, hidden, shown, topic)


def _speakers():
    return (
        make_speaker("Sam Speaker", attribution=Attribution.NAME_AND_AFFILIATION),
        make_speaker("Kim Hidden", affiliation="Unsaid Industries", attribution=Attribution.NONE),
    )


def _add_group(session):
    group = WorkingGroup(slug="ospo-book", name="OSPO Book", scope="A book.", created_at=NOW)
    session.add(group)
    session.flush()
    facts = GroupFacts(
        slug="ospo-book",
        name="OSPO Book",
        scope="A book.",
        notes="",
        repository="https://git.example.org/book",
        channels=(("List", "mailto:book@lists.example.org"),),
        chairs=(ChairFacts("Kim Hidden", "Unsaid Industries", None),),
        calendar="",
        rhythm="",
        state=WorkingGroupState.ACTIVE,
    )
    value = public_working_group(facts).to_json()
    session.add(PublishedGroup(group_id=group.id, slug="ospo-book", value=value, last_modified=NOW))
