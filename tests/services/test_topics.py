"""Topics are offered, renamed, ordered and retired; a proposal never loses one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.errors import InvalidInput
from app.domain.people import Role
from app.models import AuditEvent
from app.services import topics as keeping
from app.services.auditing import Actor
from tests.cast import make_person, make_proposal


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu", role=Role.ORGANIZER))


def add(session, olu, now, *names):
    return [keeping.add_topic(session, name, by=olu, now=now) for name in names]


def shown(session):
    session.expire_all()
    return [(topic.slug, topic.name) for topic in keeping.list_topics(session)]


def test_topics_stand_in_the_order_in_which_they_came(session, olu, now):
    add(session, olu, now, "Security & compliance", "Überblick", "???")

    assert shown(session) == [
        ("security-compliance", "Security & compliance"),
        ("uberblick", "Überblick"),
        ("topic", "???"),
    ]


def test_a_slug_that_is_taken_gets_a_number(session, olu, now):
    add(session, olu, now, "AI", "AI!", "AI?")

    assert [slug for slug, _ in shown(session)] == ["ai", "ai-2", "ai-3"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "Give the topic a name."),
        ("x" * 81, "At most 80 characters; these are 81."),
        ("security", "There is such a topic already."),
    ],
)
def test_a_topic_needs_a_name_of_its_own(session, olu, now, name, problem):
    add(session, olu, now, "Security")

    with pytest.raises(InvalidInput) as refused:
        keeping.add_topic(session, name, by=olu, now=now)

    assert refused.value.errors == {"name": problem}


def test_names_and_order_are_saved_at_once_and_slugs_stay(session, olu, now):
    add(session, olu, now, "Security", "Strategy", "Culture")

    keeping.save_topics(
        session, names={"culture": "Culture and people"}, places={"culture": 1, "security": 5}, by=olu, now=now
    )

    assert shown(session) == [
        ("culture", "Culture and people"),
        ("security", "Security"),
        ("strategy", "Strategy"),
    ]
    changed = session.scalars(select(AuditEvent).where(AuditEvent.action == "topic.changed")).all()
    assert len(changed) == 3


def test_saving_what_stands_records_nothing(session, olu, now):
    add(session, olu, now, "Security", "Strategy")

    keeping.save_topics(session, names={}, places={"security": 1, "strategy": 2}, by=olu, now=now)

    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "topic.changed")).all() == []


@pytest.mark.parametrize(
    ("names", "errors"),
    [
        ({"security": ""}, {"name-security": "Give the topic a name."}),
        ({"strategy": "x" * 81}, {"name-strategy": "At most 80 characters; these are 81."}),
        ({"strategy": "SECURITY"}, {"name-strategy": "There is a topic “SECURITY” already."}),
    ],
)
def test_a_mistake_in_one_name_saves_none(session, olu, now, names, errors):
    add(session, olu, now, "Security", "Strategy")

    with pytest.raises(InvalidInput) as refused:
        keeping.save_topics(session, names={"culture": "never", **names}, places={"strategy": 0}, by=olu, now=now)

    assert refused.value.errors == errors
    assert shown(session) == [("security", "Security"), ("strategy", "Strategy")]


def test_a_retired_topic_stays_on_its_proposals_and_can_be_offered_again(session, olu, now):
    (topic,) = add(session, olu, now, "Security")
    proposal = make_proposal(session)
    proposal.topics.append(topic)

    keeping.retire_topic(session, topic, by=olu, now=now)
    assert topic.retired
    assert proposal.topics == [topic]

    keeping.offer_topic(session, topic, by=olu, now=now)
    assert not topic.retired
