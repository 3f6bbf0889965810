"""A talk or a part of an agenda belongs to a group: the call says so in public, and the group's page finds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.agenda import SegmentKind
from app.domain.attribution import Attribution
from app.domain.errors import InvalidInput
from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.series import NAMES_A_CHAIR, PartDraft
from app.domain.states import TalkState, WorkingGroupState
from app.models import Publication, Topic, Touchpoint
from app.services.auditing import Actor
from app.services.proposal_content import draft_of
from app.services.proposing import edit_proposal
from app.services.publishing import publish_touchpoint
from app.services.queries.contributor_space import updates_of
from app.services.queries.proposal_choices import read_choices
from app.services.queries.working_groups import group_choices
from app.services.scheduling import open_touchpoints, save_agenda
from app.services.series import save_template
from app.services.working_groups.publishing import publish_groups
from tests.cast import (
    make_chair,
    make_group,
    make_person,
    make_proposal,
    make_series,
    make_speaker,
    make_talk,
    make_touchpoint,
)

UPDATES = PartDraft(0, 1, SegmentKind.UPDATES, "Working-group updates", 15, working_group="ospo-book")
PAST, COMING = datetime(2026, 11, 19, 14), datetime(2026, 12, 3, 14)


@pytest.fixture
def book(session):
    return make_group(session)


@pytest.fixture
def by(session):
    return Actor.signed_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


def public(session, call):
    return session.get(Publication, call.id).value


def told(session, book, at, *, state=TalkState.CONFIRMED, series=None, title="What the book says", **speaker):
    """A call at `at` with a talk that tells of the book."""
    proposal = make_proposal(session, title, speakers=(make_speaker(**speaker),))
    proposal.working_group = book
    call = make_touchpoint(session, series or make_series(session, f"s{at:%m%d%H}"), at)
    make_talk(session, proposal, call, state=state)
    return call


def test_a_part_of_a_call_belongs_to_a_group(session, book, by, site, now):
    call = make_touchpoint(session, make_series(session), COMING)
    save_agenda(session, call, [UPDATES], version=call.version, by=by, site=site, now=now)
    assert [part["working_group"] for part in public(session, call)["agenda"]] == ["ospo-book"]
    assert call.segments[0].value().heading == "Working-group updates: OSPO Book"


def test_a_group_that_is_not_there_is_no_choice(session, by, site, now):
    call = make_touchpoint(session, make_series(session), COMING)
    with pytest.raises(InvalidInput) as refused:
        save_agenda(session, call, [UPDATES], version=call.version, by=by, site=site, now=now)
    assert refused.value.errors == {"part-0-working_group": "Choose a working group from the list."}


def test_no_part_names_a_chair_who_could_not_take_that_back(session, book, by, site, now):
    book.chairs = [make_chair("Sam Speaker")]
    call = make_touchpoint(session, make_series(session), COMING)
    named = replace(UPDATES, title="OSPO Book by sam speaker", working_group="")
    for save in (
        lambda: save_agenda(session, call, [named], version=call.version, by=by, site=site, now=now),
        lambda: save_template(session, call.series, [named], version=call.series.version, by=by, now=now),
    ):
        with pytest.raises(InvalidInput) as refused:
            save()
        assert refused.value.errors == {"part-0-title": NAMES_A_CHAIR}


def test_new_calls_begin_with_the_groups_of_the_template(session, book, by, site, now):
    series = make_series(session)
    save_template(session, series, [UPDATES], version=series.version, by=by, now=now)
    [call] = open_touchpoints(session, until=date(2026, 12, 9), by=by, site=site, now=now)
    assert isinstance(call, Touchpoint)
    assert [part.working_group for part in call.segments] == [book]


def test_a_proposal_is_for_a_group_that_goes_on(session, book, by, site, now):
    publish_groups(session, now=now)
    proposal = make_proposal(session, owner=make_person(session, "Vera Volunteer"))
    proposal.topics = [Topic(slug="security", name="Security")]
    session.commit()
    draft = replace(draft_of(proposal), working_group="ospo-book")
    edit_proposal(session, proposal, draft, version=proposal.version, by=by, site=site, now=now)
    assert (proposal.working_group, draft_of(proposal).working_group) == (book, "ospo-book")

    book.state = WorkingGroupState.ARCHIVED
    publish_groups(session, now=now)
    session.commit()
    again = replace(draft, title="Another title of it")
    edit_proposal(session, proposal, again, version=proposal.version, by=by, site=site, now=now)
    offered = [[each.slug for each in read_choices(session, chosen=one, now=now).groups] for one in (again, draft)]
    assert offered == [["ospo-book"], ["ospo-book"]]
    none = replace(again, working_group="")
    assert read_choices(session, chosen=none, now=now).groups == ()
    assert (group_choices(session), group_choices(session, chosen=["ospo-book"])) == ([], [("ospo-book", "OSPO Book")])
    edit_proposal(session, proposal, none, version=proposal.version, by=by, site=site, now=now)
    for slug in ("ospo-book", "nowhere"):
        wanted = replace(none, working_group=slug)
        with pytest.raises(InvalidInput) as refused:
            edit_proposal(session, proposal, wanted, version=proposal.version, by=by, site=site, now=now)
        assert refused.value.errors == {"working_group": "Choose among the working groups shown."}
        session.rollback()


def test_a_group_whose_name_says_what_a_speaker_keeps_back_is_left_out_of_the_call(session, site, now):
    group = make_group(session, "Friends of Sam Speaker", slug="friends")
    call = told(session, group, COMING, attribution=Attribution.ROLE)
    call.segments[2].working_group = group
    publish_touchpoint(session, call, site=site, now=now)
    value = public(session, call)
    assert [value["talks"][0]["working_group"], value["agenda"][2]["working_group"]] == ["", ""]


def test_updates_are_what_publications_say_of_a_group(session, book, site, now):
    past, coming, also = (told(session, book, at) for at in (PAST, COMING, datetime(2026, 11, 12, 14)))
    heard = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14))
    heard.segments[2].working_group = book
    held = told(session, book, datetime(2026, 12, 4, 14), state=TalkState.INVITED)
    members = make_series(session, "friday", audience=Audience.MEMBERS)
    hidden = told(session, book, datetime(2026, 12, 11, 14), series=members)
    for call in (past, coming, also, heard, held, hidden):
        publish_touchpoint(session, call, site=site, now=now)

    updates = updates_of(session, "ospo-book", now=now)

    assert [update.call.key for update in updates.coming] == [coming.key, heard.key]
    assert [update.call.key for update in updates.past] == [past.key, also.key]
    assert [[talk.title for talk in update.talks] for update in updates.coming] == [["What the book says"], []]
    assert [[part.title for part in update.parts] for update in updates.coming] == [[], ["Working-group updates"]]
    assert updates_of(session, "mind-map", now=now).coming == ()


def test_a_call_that_cannot_be_read_takes_no_page_down(session, book, site, now, caplog):
    call = told(session, book, COMING)
    publish_touchpoint(session, call, site=site, now=now).value = {"key": call.key}
    session.flush()
    assert updates_of(session, "ospo-book", now=datetime(2026, 11, 1, tzinfo=UTC)).coming == ()
    assert "publication cannot be read" in caplog.text
