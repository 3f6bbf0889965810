"""Notes in private: who may write, what a change means, what is decided about names, and handing over."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, NotFound, RuleViolation
from app.domain.notes import NotesAudience
from app.domain.people import Role
from app.domain.publication import Audience, PublicDetail
from app.domain.states import NotesState, TalkState
from app.models import Notes, NotesDecision, OutboxMessage
from app.services.auditing import SYSTEM, Actor
from app.services.identities import announced_on, everyone_known, identity_of
from app.services.moderating import appoint_scribe
from app.services.notes import (
    audience_of,
    authors_since,
    decide_no_person,
    decisions_on,
    hand_over_notes,
    hits_in,
    replace_in_notes,
    rights_of,
    save_notes,
    take_decision_back,
)
from app.services.publishing import publish_touchpoint
from app.services.queries.notes import find_noted_call, read_notes
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

TEXT = "Linden helps. Sam Speaker said so."


@pytest.fixture
def call(session):
    """Held in the morning of NOW's week, with Sam's talk, for everyone's notes. Vera is its scribe."""
    series = make_series(session)
    series.notes_audience = NotesAudience.PUBLIC
    call = make_touchpoint(session, series, datetime(2026, 11, 19, 14))
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    make_person(session, "Lou Linden")
    call.scribe = make_person(session, "Vera Volunteer")
    session.commit()
    return call


@pytest.fixture
def vera(call):
    return Actor.signed_in(call.scribe)


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu Okafor", role=Role.ORGANIZER))


@pytest.fixture
def notes(session, call, vera, now):
    return save_notes(session, call, TEXT, version=0, by=vera, now=now)


def places(session, call):
    return [hit.place for hit in hits_in(session, call, session.get(Notes, call.id).text)]


def test_scribe_and_organizers_write_and_nobody_else(session, call, vera, olu, now):
    notes = save_notes(session, call, "One.", version=0, by=vera, now=now)
    save_notes(session, call, "One. Two.", version=notes.version, by=olu, now=now)
    assert (notes.text, notes.state) == ("One. Two.", NotesState.DRAFT)
    assert authors_since(session, call) == [vera.person, olu.person]
    mira = make_person(session, "Mira Marsh", role=Role.MEMBER)
    for stranger in (Actor.signed_in(mira), SYSTEM):
        with pytest.raises(NotFound):
            save_notes(session, call, "Mine.", version=notes.version, by=stranger, now=now)
    call.moderator = mira
    session.flush()
    assert rights_of(call, mira).publish
    with pytest.raises(NotFound):  # a moderator reads and publishes
        save_notes(session, call, "Mine.", version=notes.version, by=Actor.signed_in(mira), now=now)


def test_saving_the_same_text_makes_nobody_an_author(session, call, notes, olu, now):
    save_notes(session, call, f"{TEXT}\n", version=notes.version, by=olu, now=now)
    assert olu.person not in authors_since(session, call)


def test_a_stale_text_is_refused_and_writes_nothing(session, call, notes, olu, now):
    for version in (0, notes.version - 1):
        with pytest.raises(Conflict):
            save_notes(session, call, "Other.", version=version, by=olu, now=now)
    session.rollback()
    assert session.get(Notes, call.id).text == TEXT


def test_notes_that_are_gone_are_not_begun_by_a_stale_page(session, call, vera, now):
    with pytest.raises(Conflict, match="These notes are gone"):
        save_notes(session, call, "One.", version=3, by=vera, now=now)


def test_a_name_is_replaced_and_decisions_on_its_line_stay(session, call, notes, vera, now):
    linden, sam = places(session, call)
    decide_no_person(session, call, linden, version=notes.version, by=vera, now=now)
    decide_no_person(session, call, linden, version=notes.version, by=vera, now=now)
    [decision] = session.scalars(select(NotesDecision))
    assert (decision.version, decision.person) == (notes.version, vera.person)
    assert replace_in_notes(session, call, sam, version=notes.version, by=vera, now=now) == 1
    assert notes.text == "Linden helps. An OSPO member said so."
    assert places(session, call) == list(decisions_on(session, call))
    with pytest.raises(RuleViolation, match="That line has changed"):
        replace_in_notes(session, call, sam, version=notes.version, by=vera, now=now)
    with pytest.raises(RuleViolation, match="That line has changed"):
        decide_no_person(session, call, sam, version=notes.version, by=vera, now=now)


def test_all_names_are_replaced_but_those_that_are_none(session, call, notes, vera, now):
    decide_no_person(session, call, places(session, call)[0], version=notes.version, by=vera, now=now)
    notes = save_notes(session, call, f"{TEXT}\nSo does Sam Speaker.", version=notes.version, by=vera, now=now)
    assert replace_in_notes(session, call, None, version=notes.version, by=vera, now=now) == 2
    assert notes.text == "Linden helps. An OSPO member said so.\nSo does an OSPO member."


def test_lines_that_become_equal_share_one_decision(session, call, vera, now):
    text = "Linden and Sam Speaker.\nLinden and an OSPO member."
    notes = save_notes(session, call, text, version=0, by=vera, now=now)
    first, sam, second = places(session, call)
    for place in (first, second):
        decide_no_person(session, call, place, version=notes.version, by=vera, now=now)
    replace_in_notes(session, call, sam, version=notes.version, by=vera, now=now)
    assert set(decisions_on(session, call)) == {second} == set(places(session, call))


def test_a_decision_can_be_taken_back(session, call, notes, vera, site, now):
    for place in places(session, call):
        decide_no_person(session, call, place, version=notes.version, by=vera, now=now)
    hand_over_notes(session, call, version=notes.version, by=vera, site=site, now=now)
    assert notes.state is NotesState.READY
    for place in places(session, call):
        take_decision_back(session, call, place, version=notes.version, by=vera, now=now)
    assert (decisions_on(session, call), notes.state) == ({}, NotesState.DRAFT)


def test_notes_are_handed_over_to_somebody_who_did_not_write(session, call, notes, vera, olu, site, now):
    with pytest.raises(RuleViolation, match="Decide about each name first: 2 left"):
        hand_over_notes(session, call, version=notes.version, by=vera, site=site, now=now)
    replace_in_notes(session, call, None, version=notes.version, by=vera, now=now)
    assert hand_over_notes(session, call, version=notes.version, by=vera, site=site, now=now) == 1
    [mail] = session.scalars(select(OutboxMessage))
    assert (mail.kind, mail.recipient) == ("notes_ready", "olu@example.org")
    assert b"OSPO member said" not in mail.message
    save_notes(session, call, "New words.", version=notes.version, by=olu, now=now)
    assert notes.state is NotesState.DRAFT
    assert hand_over_notes(session, call, version=notes.version, by=vera, site=site, now=now) == 0  # both wrote
    call.moderator = make_person(session, "Mira Marsh", role=Role.MEMBER)
    save_notes(session, call, "Newer words.", version=notes.version, by=olu, now=now)
    assert hand_over_notes(session, call, version=notes.version, by=vera, site=site, now=now) == 1


def test_notes_for_nobody_and_notes_that_are_not_there_are_not_handed_over(session, call, vera, site, now):
    with pytest.raises(NotFound):
        hand_over_notes(session, call, version=0, by=vera, site=site, now=now)
    notes = save_notes(session, call, "Words.", version=0, by=vera, now=now)
    call.series.notes_audience = NotesAudience.NOBODY
    with pytest.raises(RuleViolation, match="for whom its notes are"):
        hand_over_notes(session, call, version=notes.version, by=vera, site=site, now=now)


def test_a_call_that_was_not_open_has_notes_for_members_at_most(session, call):
    assert audience_of(call) is NotesAudience.PUBLIC
    call.held_as = PublicDetail.TITLE_AND_TIME
    assert audience_of(call) is NotesAudience.MEMBERS
    call.held_as, call.series.audience = PublicDetail.EVERYTHING, Audience.MEMBERS
    assert audience_of(call) is NotesAudience.MEMBERS


def test_the_page_begins_with_notice_and_parts(session, call, vera, site, now):
    publish_touchpoint(session, call, site=site, now=now)
    page = read_notes(session, call, person=vera.person)
    assert page.text.startswith("> Held in part under the Chatham House Rule.")
    assert page.text.splitlines()[1:] == [
        "",
        "### Welcome",
        "",
        "### Guest talk and questions",
        "",
        "### Working-group updates",
        "",
        "### Open forum",
    ]
    assert (page.version, page.hits, page.left, page.wrote(vera.person)) == (0, (), (), False)
    with pytest.raises(NotFound):
        rights_of(call, None)
    with pytest.raises(NotFound):
        find_noted_call(session, "nosuchcall")


def test_everybody_is_known_and_the_speakers_of_the_call_first(session, call):
    elsewhere = make_speaker("Kim Kestrel", affiliation="")
    proposal = make_proposal(session, "Other", speakers=(elsewhere,))
    proposal.links = ["https://github.com/kimkestrel"]
    other = make_person(session, "Ana Other")
    other.role_category = None
    session.flush()
    known = everyone_known(session, call)
    assert known[0].name == "Sam Speaker"
    assert {identity.name for identity in known} >= {"Lou Linden", "Vera Volunteer", "Kim Kestrel", "Ana Other"}
    assert identity_of(elsewhere, links=proposal.links).handles == ("kimkestrel",)
    assert identity_of(other).stand_in == "a participant"
    assert [(each.name, each.affiliation) for each in announced_on(session, call)] == [("Sam Speaker", "Kestrel Works")]


def test_a_scribe_is_anybody_with_an_account_and_is_told_once(session, call, olu, site, now):
    lou = appoint_scribe(session, call, " LOU@example.org ", version=call.version, by=olu, site=site, now=now)
    assert call.scribe is lou
    appoint_scribe(session, call, "lou@example.org", version=call.version, by=olu, site=site, now=now)
    [mail] = session.scalars(select(OutboxMessage))
    assert (mail.kind, mail.recipient) == ("scribe", "lou@example.org")
    assert appoint_scribe(session, call, "", version=call.version, by=olu, site=site, now=now) is None
    assert call.scribe is None
    for typed in ("nora@example.org", "no address"):
        with pytest.raises(InvalidInput) as refused:
            appoint_scribe(session, call, typed, version=call.version, by=olu, site=site, now=now)
        assert list(refused.value.errors) == ["scribe"]
