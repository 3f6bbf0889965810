"""Chairs say how they are named: by their link, at any time, and the page follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.errors import InvalidInput, NotFound, RuleViolation
from app.models import AuditEvent, Chair, OutboxMessage
from app.services.auditing import LINK
from app.services.links import chair_path, find_chair
from app.services.queries.contributor_space import list_public_groups
from app.services.queries.naming import NamedChair, read_my_naming
from app.services.retracting import leave_unnamed
from app.services.working_groups.chairing import ask_chair_again, choose_naming, leave_the_chair
from app.services.working_groups.publishing import publish_groups
from tests.cast import make_chair, make_group


@pytest.fixture
def sam(session, now):
    """Sam, who chairs the book and has been asked."""
    group = make_group(session, scope="Ask Sam Speaker.", chairs=[make_chair()])
    publish_groups(session, now=now)
    session.commit()
    return group.chairs[0]


def said(session):
    [group] = list_public_groups(session)
    return group.scope, group.chairs


def test_the_page_follows_each_choice(session, sam, now):
    assert said(session) == ("Ask a chair.", ("A chair",))
    choose_naming(session, sam, name="Sam Speaker", affiliation="", naming=Attribution.NAME, by=LINK, now=now)
    assert said(session) == ("Ask Sam Speaker.", ("Sam Speaker",))
    choose_naming(session, sam, name="Sam Speaker", affiliation="", naming=Attribution.NONE, by=LINK, now=now)
    assert said(session) == ("Ask a chair.", ("A chair",))
    assert session.scalars(select(AuditEvent.action)).all() == ["working_group_chair.naming_chosen"] * 2


def test_a_choice_is_a_change_of_the_group_that_an_old_form_must_see(session, sam, now):
    before = sam.group.version
    choose_naming(session, sam, name="Sam S.", affiliation="", naming=Attribution.NAME, by=LINK, now=now)
    assert (sam.group.version > before, sam.name, sam.chosen_at) == (True, "Sam S.", now)


def test_what_cannot_be_said_is_refused(session, sam, now):
    for naming, affiliation, problem in (
        (None, "Kestrel", "Choose how you are named."),
        (Attribution.ROLE, "Kestrel", "Choose how you are named."),
        (Attribution.AFFILIATION, "", "Give your organisation, or choose another way."),
    ):
        with pytest.raises(InvalidInput) as refused:
            choose_naming(session, sam, name="Sam", affiliation=affiliation, naming=naming, by=LINK, now=now)
        assert refused.value.errors == {"naming": problem}


def test_who_leaves_the_chair_is_deleted_with_their_name(session, sam, now):
    leave_the_chair(session, sam, by=LINK, now=now)
    assert session.scalars(select(Chair)).all() == []
    assert list_public_groups(session)[0].chairs == ()


def test_a_link_opens_its_chair_alone(session, sam, site):
    token = chair_path(sam, site=site).removeprefix("/chair/")
    assert find_chair(session, token, site=site) == sam
    sam.link_key = "another"
    session.flush()
    for dead in (token, "nonsense"):
        with pytest.raises(NotFound):
            find_chair(session, dead, site=site)


def test_a_chair_is_asked_again_after_a_day_and_never_after_an_answer(session, sam, site, now):
    ask_chair_again(session, sam, by=LINK, site=site, now=now)
    with pytest.raises(RuleViolation, match="less than a day"):
        ask_chair_again(session, sam, by=LINK, site=site, now=now + timedelta(hours=23))
    session.rollback()
    sam.asked_at = None
    session.commit()
    ask_chair_again(session, sam, by=LINK, site=site, now=now + timedelta(days=1))
    assert len(session.scalars(select(OutboxMessage)).all()) == 2
    choose_naming(session, sam, name="Sam", affiliation="", naming=Attribution.NONE, by=LINK, now=now)
    with pytest.raises(RuleViolation, match="has answered"):
        ask_chair_again(session, sam, by=LINK, site=site, now=now + timedelta(days=9))


def test_who_wants_to_be_named_nowhere_is_named_as_no_chair(session, sam, site, now):
    choose_naming(session, sam, name="Sam Speaker", affiliation="", naming=Attribution.NAME, by=LINK, now=now)
    assert read_my_naming(session, "sam@example.org", site=site).chaired == [
        NamedChair("OSPO Book", "Sam Speaker", chair_path(sam, site=site))
    ]
    leave_unnamed(session, "sam@example.org", by=LINK, site=site, now=now)
    assert said(session) == ("Ask a chair.", ("A chair",))
    leave_unnamed(session, "sam@example.org", by=LINK, site=site, now=now)
    assert session.scalars(select(AuditEvent.action)).all() == ["working_group_chair.naming_chosen"] * 2


def test_a_name_that_was_kept_back_does_not_come_back_with_whoever_leaves_the_chair(session, sam, now):
    leave_the_chair(session, sam, by=LINK, now=now)
    assert said(session) == ("Ask a chair.", ())


def test_a_name_that_organizers_typed_is_kept_back_under_another_one(session, sam, now):
    """Whoever wants no name may well write another one: the text names them as before."""
    choose_naming(session, sam, name="Anonymous", affiliation="", naming=Attribution.NONE, by=LINK, now=now)
    assert said(session) == ("Ask a chair.", ("A chair",))
    choose_naming(session, sam, name="S. Weaver", affiliation="", naming=Attribution.NAME, by=LINK, now=now)
    assert said(session) == ("Ask a chair.", ("S. Weaver",))
