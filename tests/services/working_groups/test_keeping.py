"""Organizers keep groups: what they save is public at once, chairs are asked, and calls say whose updates they have."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.errors import Conflict, InvalidInput
from app.domain.group_forms import ChairDraft, ChannelDraft, GroupDraft
from app.domain.people import Role
from app.domain.states import TalkState, WorkingGroupState
from app.models import AuditEvent, OutboxMessage, Publication, PublishedGroup
from app.services.auditing import Actor
from app.services.publishing import publish_touchpoint
from app.services.queries.contributor_space import list_public_groups
from app.services.working_groups.keeping import add_group, archive_group, restore_group, save_group, save_order
from tests.cast import make_chair, make_group, make_person, make_proposal, make_series, make_talk, make_touchpoint

SAM = ChairDraft(0, None, "Sam Speaker", "Kestrel Works", "Sam@Example.org")
BOOK = GroupDraft(
    name="OSPO Book",
    slug="ospo-book",
    scope="Writes the handbook.",
    channels=(ChannelDraft(0, "List", "mailto:book@example.org"),),
    chairs=(SAM,),
)


@pytest.fixture
def by(session):
    return Actor.signed_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


def asked(session):
    return [(mail.kind, mail.recipient) for mail in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]


def actions(session):
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_a_new_group_is_public_and_its_chair_is_asked_before_being_named(session, by, site, now):
    group = add_group(session, BOOK, by=by, site=site, now=now)

    [public] = list_public_groups(session)
    assert (public.slug, public.name, public.chairs) == ("ospo-book", "OSPO Book", ("A chair",))
    assert asked(session) == [("chair_asked", "sam@example.org")]
    assert actions(session) == ["working_group.added", "working_group_chair.asked"]
    assert (group.position, add_group(session, _other(), by=by, site=site, now=now).position) == (0, 1)


def _other():
    return replace(BOOK, name="Mind Map", slug="mind-map", chairs=())


def test_two_groups_share_neither_name_nor_address(session, by, site, now):
    add_group(session, BOOK, by=by, site=site, now=now)
    with pytest.raises(InvalidInput) as refused:
        add_group(session, replace(BOOK, name="ospo BOOK"), by=by, site=site, now=now)
    assert refused.value.errors == {
        "slug": "Another group has this address.",
        "name": "Another group has this name.",
    }


def test_what_a_chair_agreed_to_holds_for_those_words_alone(session, by, site, now):
    group = make_group(session, chairs=[make_chair(naming=Attribution.NAME)])
    [sam] = group.chairs
    key = sam.link_key
    same = replace(SAM, chair=sam.id, email="sam@example.org")

    save_group(session, group, replace(BOOK, chairs=(same,)), version=group.version, by=by, site=site, now=now)
    assert (list_public_groups(session)[0].chairs, asked(session)) == (("Sam Speaker",), [])

    other = replace(same, affiliation="Fjordbank")
    save_group(session, group, replace(BOOK, chairs=(other,)), version=group.version, by=by, site=site, now=now)
    assert list_public_groups(session)[0].chairs == ("A chair",)
    assert asked(session) == [("chair_asked", "sam@example.org")]
    assert (sam.naming, sam.link_key == key) == (None, False)


def test_a_chair_without_an_address_is_not_asked_and_one_who_is_not_in_the_form_is_gone(session, by, site, now):
    group = make_group(session, chairs=[make_chair(naming=Attribution.NAME)])
    kim = ChairDraft(0, None, "Kim Chair")

    save_group(session, group, replace(BOOK, chairs=(kim,)), version=group.version, by=by, site=site, now=now)

    assert [(chair.name, chair.asked_at) for chair in group.chairs] == [("Kim Chair", None)]
    assert asked(session) == []
    assert actions(session) == ["working_group.saved", "working_group_chair.removed"]


def test_a_number_of_another_groups_chair_is_a_new_chair(session, by, site, now):
    other = make_group(session, "Mind Map", chairs=[make_chair("Kim Chair")])
    group = make_group(session)
    draft = replace(BOOK, chairs=(replace(SAM, chair=other.chairs[0].id),))

    save_group(session, group, draft, version=group.version, by=by, site=site, now=now)

    assert [chair.name for chair in other.chairs] == ["Kim Chair"]
    assert [chair.name for chair in group.chairs] == ["Sam Speaker"]


def test_a_stale_form_writes_nothing(session, by, site, now):
    group = make_group(session)
    seen = group.version
    save_group(session, group, BOOK, version=seen, by=by, site=site, now=now)
    with pytest.raises(Conflict):
        save_group(session, group, replace(BOOK, scope="Old."), version=seen, by=by, site=site, now=now)


def test_another_address_reaches_the_calls_that_have_its_updates(session, by, site, now):
    group, series = make_group(session), make_series(session)
    told, heard, other = (make_touchpoint(session, series, datetime(2026, 12, day, 14)) for day in (3, 10, 17))
    heard.segments[2].working_group = group
    proposal = make_proposal(session)
    proposal.working_group = group
    make_talk(session, proposal, told, state=TalkState.CONFIRMED)
    for call in (told, heard, other):
        publish_touchpoint(session, call, site=site, now=now)
    session.commit()

    draft = replace(BOOK, name="The OSPO Book", slug="book", chairs=())
    save_group(session, group, draft, version=group.version, by=by, site=site, now=now)

    values = {row.touchpoint_id: row.value for row in session.scalars(select(Publication))}
    assert values[told.id]["talks"][0]["working_group"] == "book"
    assert [part["working_group"] for part in values[heard.id]["agenda"]] == ["", "", "book", ""]
    assert [row.slug for row in session.scalars(select(PublishedGroup))] == ["book"]
    assert values[other.id]["agenda"][2]["working_group"] == ""


def test_a_group_is_archived_and_active_again(session, by, site, now):
    group = add_group(session, BOOK, by=by, site=site, now=now)
    archive_group(session, group, version=group.version, by=by, now=now)
    assert list_public_groups(session)[0].is_archived
    with pytest.raises(Conflict):
        restore_group(session, group, version=1, by=by, now=now)
    session.rollback()
    restore_group(session, group, version=group.version, by=by, now=now)
    assert list_public_groups(session)[0].state is WorkingGroupState.ACTIVE
    assert actions(session)[-2:] == ["working_group.archived", "working_group.active"]


def test_the_order_is_that_of_the_places_and_those_without_one_come_last(session, by, now):
    for position, name in enumerate(("A", "B", "C")):
        make_group(session, name, position=position)
    save_order(session, {"c": 1, "b": 2}, by=by, now=now)
    assert [group.slug for group in list_public_groups(session)] == ["c", "b", "a"]
    before = session.scalars(select(PublishedGroup.last_modified)).all()
    save_order(session, {"c": 1, "b": 2, "a": 3}, by=by, now=now.replace(hour=10))
    assert session.scalars(select(PublishedGroup.last_modified)).all() == before


def test_a_name_that_was_kept_back_stays_unsaid_when_its_row_is_somebody_elses_or_gone(session, by, site, now):
    """The text named Sam, and only Sam's row kept that back."""
    draft = replace(BOOK, scope="Ask Sam Speaker.")
    for chairs in ((), (ChairDraft(0, None, "Kim Chair"),)):
        group = make_group(session, f"Group {len(chairs)}", scope=draft.scope, chairs=[make_chair()])
        renamed = tuple(replace(each, chair=group.chairs[0].id) for each in chairs)
        form = replace(draft, name=group.name, slug=group.slug, chairs=renamed)
        save_group(session, group, form, version=group.version, by=by, site=site, now=now)
    assert [each.scope for each in list_public_groups(session)] == ["Ask a chair."] * 2
