"""Notes leave the house by a second person, come back at once, and lose the names of whoever asks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.consent import Choices
from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, RuleViolation
from app.domain.notes import NotesAudience
from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.states import NotesState, TalkState
from app.models import AuditEvent, Notes, PublishedNotes, Question
from app.services import retracting
from app.services.auditing import LINK, SYSTEM, Actor
from app.services.identities import identity_of
from app.services.notes import authors_since, decide_no_person, decisions_on, hand_over_notes, hits_in, save_notes
from app.services.publishing import publish_touchpoint
from app.services.publishing_notes import (
    choose_notes_audience,
    erase_from_notes,
    mask_notes,
    publish_notes,
    withdraw_notes,
)
from app.services.queries.public import find_call
from app.services.queries.published_notes import (
    list_member_notes,
    public_notes,
    read_member_notes,
    with_public_notes,
)
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def call(session, site, now):
    series = make_series(session)
    series.notes_audience = NotesAudience.PUBLIC
    call = make_touchpoint(session, series, datetime(2026, 11, 19, 14))
    call.scribe = make_person(session, "Vera Volunteer")
    call.moderator = make_person(session, "Mira Marsh", role=Role.MEMBER)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return call


@pytest.fixture
def vera(call):
    return Actor.signed_in(call.scribe)


@pytest.fixture
def mira(call):
    return Actor.signed_in(call.moderator)


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu Okafor", role=Role.ORGANIZER))


@pytest.fixture
def ready(session, call, vera, site, now):
    """Writes notes and hands them over; the row."""

    def written(text: str, *, by: Actor = vera) -> Notes:
        before = session.get(Notes, call.id)
        notes = save_notes(session, call, text, version=before.version if before else 0, by=by, now=now)
        for hit in hits_in(session, call, notes.text):
            decide_no_person(session, call, hit.place, version=notes.version, by=by, now=now)
        hand_over_notes(session, call, version=notes.version, by=by, site=site, now=now)
        return notes

    return written


def published(session, call, notes, by, now):
    publish_notes(session, call, version=notes.version, by=by, now=now)
    return notes


def test_the_moderator_publishes_what_the_scribe_wrote(session, call, ready, mira, now):
    notes = published(session, call, ready("Said."), mira, now)
    row = session.get(PublishedNotes, call.id)
    assert (row.text, row.audience, row.published_by, notes.state) == (
        *("Said.", NotesAudience.PUBLIC, mira.person),
        NotesState.PUBLISHED,
    )
    assert public_notes(session, call.key).text == "Said."
    assert with_public_notes(session, [find_call(session, call.key)]) == {call.key}
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions[-3:] == ["notes.changed", "notes.handed_over", "notes.published"]


def test_whoever_wrote_a_word_does_not_publish(session, call, ready, olu, vera, mira, now):
    notes = ready("Said.", by=olu)
    with pytest.raises(NotAllowed, match="You wrote in these notes"):
        publish_notes(session, call, version=notes.version, by=olu, now=now)
    with pytest.raises(NotFound):
        publish_notes(session, call, version=notes.version, by=vera, now=now)
    published(session, call, notes, mira, now)
    assert authors_since(session, call) == []


def test_a_change_after_publication_needs_a_second_person_anew(session, call, ready, olu, mira, vera, site, now):
    notes = published(session, call, ready("Said."), mira, now)
    with pytest.raises(RuleViolation, match="published already"):
        hand_over_notes(session, call, version=notes.version, by=vera, site=site, now=now)
    notes = ready("Said better.", by=olu)
    assert public_notes(session, call.key).text == "Said."
    with pytest.raises(NotAllowed):
        publish_notes(session, call, version=notes.version, by=olu, now=now)
    published(session, call, notes, mira, now)
    assert public_notes(session, call.key).text == "Said better."


def test_notes_that_are_not_ready_or_too_early_or_for_nobody_stay(session, call, ready, mira, vera, now):
    with pytest.raises(NotFound):
        publish_notes(session, call, version=0, by=mira, now=now)
    notes = ready("Said.")
    with pytest.raises(Conflict):
        publish_notes(session, call, version=notes.version - 1, by=mira, now=now)
    with pytest.raises(RuleViolation, match="The call has not begun"):
        publish_notes(session, call, version=notes.version, by=mira, now=now - timedelta(days=9))
    call.series.notes_audience = NotesAudience.NOBODY
    with pytest.raises(RuleViolation, match="for whom its notes are"):
        publish_notes(session, call, version=notes.version, by=mira, now=now)
    save_notes(session, call, "Said more.", version=notes.version, by=vera, now=now)
    with pytest.raises(RuleViolation, match="still being written"):
        publish_notes(session, call, version=notes.version, by=mira, now=now)


def test_a_name_that_became_known_meanwhile_stops_the_publication(session, call, ready, mira, now):
    notes = ready("Linden helps.")
    make_person(session, "Lou Linden")
    with pytest.raises(RuleViolation, match="The notes name people"):
        publish_notes(session, call, version=notes.version, by=mira, now=now)


def test_any_organizer_takes_notes_back_at_once(session, call, ready, mira, olu, now):
    notes = published(session, call, ready("Said."), mira, now)
    with pytest.raises(NotAllowed):
        withdraw_notes(session, call, by=mira, now=now)
    assert withdraw_notes(session, call, by=olu, now=now) is True
    assert (public_notes(session, call.key), notes.state, notes.text) == (None, NotesState.DRAFT, "Said.")
    assert withdraw_notes(session, call, by=olu, now=now) is False
    assert [person.name for person in authors_since(session, call)] == ["Vera Volunteer"]  # their words count again


def test_a_stricter_audience_holds_at_once_and_a_wider_one_from_then_on(session, call, ready, mira, olu, now):
    published(session, call, ready("Said."), mira, now)
    series = call.series

    def choose(audience):
        choose_notes_audience(session, series, audience, version=series.version, by=olu, now=now)

    choose(NotesAudience.MEMBERS)
    assert public_notes(session, call.key) is None
    assert list_member_notes(session) == [call]
    assert read_member_notes(session, call.key)[1].audience is NotesAudience.MEMBERS
    published(session, call, ready("Said again."), mira, now)
    choose(NotesAudience.PUBLIC)
    assert public_notes(session, call.key) is None
    choose(NotesAudience.NOBODY)
    with pytest.raises(NotFound):
        read_member_notes(session, call.key)
    with pytest.raises(InvalidInput, match="Choose for whom"):
        choose(None)
    series.audience = Audience.MEMBERS
    session.flush()
    with pytest.raises(InvalidInput, match="for members, and so are their notes"):
        choose(NotesAudience.PUBLIC)


def test_who_takes_a_name_back_is_gone_from_published_notes(session, call, ready, mira, vera, site, now):
    lou = make_person(session, "Lou Linden")
    notes = published(session, call, ready("Linden helps.\nMira was there."), mira, now)
    assert mask_notes(session, [identity_of(lou)], by=SYSTEM, now=now) == 1
    row = session.get(PublishedNotes, call.id)
    assert (row.text, row.masked_at) == ("An OSPO member helps.\nMira was there.", now)
    assert (notes.text, notes.state) == ("Linden helps.\nMira was there.", NotesState.DRAFT)
    assert len(decisions_on(session, call)) == 1  # what was said of the others stays
    assert mask_notes(session, [identity_of(lou)], by=SYSTEM, now=now) == 0
    with pytest.raises(RuleViolation, match="1 left"):
        hand_over_notes(session, call, version=notes.version, by=vera, site=site, now=now)
    assert authors_since(session, call) == [vera.person]  # nobody puts the name back alone


def test_who_is_erased_is_gone_from_drafts_and_questions_too(session, call, ready, mira, vera, now):
    lou = make_person(session, "Lou Linden")
    published(session, call, ready("Linden helps."), mira, now)
    other = make_touchpoint(session, call.series, datetime(2026, 11, 5, 14))
    other.scribe = call.scribe
    session.flush()
    save_notes(session, other, "Nothing of the kind.", version=0, by=vera, now=now)
    session.add_all(
        Question(touchpoint_id=call.id, text=text, asked_on=date(2026, 11, 18))
        for text in ("Does Lou Linden?", "Does anybody?")
    )
    assert erase_from_notes(session, [identity_of(lou)], by=SYSTEM, now=now) == 3
    assert session.get(Notes, call.id).text == session.get(PublishedNotes, call.id).text == "An OSPO member helps."
    assert sorted(session.scalars(select(Question.text))) == ["Does an OSPO member?", "Does anybody?"]


def test_a_retraction_reaches_the_notes_of_every_call(session, call, ready, mira, site, now):
    elsewhere = make_touchpoint(session, call.series, datetime(2026, 12, 10, 14))
    talk = make_talk(session, make_proposal(session), elsewhere, state=TalkState.CONFIRMED)
    published(session, call, ready("The method of Kestrel Works."), mira, now)
    named = Choices(Attribution.NAME, recording=True, slides=None)
    retracting.choose_naming(session, talk.confirmations[0], named, by=LINK, site=site, now=now)
    assert public_notes(session, call.key).text == "The method of their organisation."


def test_a_retraction_stops_notes_that_wait_for_their_second_person(session, call, ready, mira, site, now):
    talk = make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    notes = ready("As Sam Speaker said.\n\nFine.")
    nowhere = Choices(Attribution.NONE, recording=False, slides=False)
    retracting.choose_naming(session, talk.confirmations[0], nowhere, by=LINK, site=site, now=now)
    assert (notes.state, decisions_on(session, call)) == (NotesState.DRAFT, {})
    with pytest.raises(RuleViolation):
        publish_notes(session, call, version=notes.version, by=mira, now=now)
