"""Erasing somebody: nothing that we hold says who they were, and what is others' stays theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.errors import InvalidInput, RuleViolation
from app.domain.people import Role
from app.domain.reviews import Vote
from app.domain.states import MailState, ProposalState, TalkState
from app.models import AuditEvent, Base, OutboxMessage, Person, Proposal, Publication, Review, SignIn, Talk
from app.services.auditing import COMMAND, Actor
from app.services.own_data import holder_of, holder_of_address
from app.services.own_data.erasing import erase, erase_oneself
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_talk, make_touchpoint
from tests.services.own_data.conftest import CANARIES, EMAIL, Life


def everything_stored(session) -> str:
    """Each value of each column of each table, mails read, in small letters."""
    rows = [row for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    values = [
        value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for row in rows for value in row
    ]
    return "\n".join(values).casefold().replace("\r\n ", "").replace("=\n", "")


def test_no_table_knows_an_erased_person(session, life: Life, site, now):
    before = everything_stored(session)
    assert [word for word in CANARIES if word not in before] == []

    erase(session, holder_of(session, life.person), by=Actor.signed_in(life.person), site=site, now=now)

    receipt = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "erased")).one()
    assert receipt.recipient == EMAIL
    session.delete(receipt)
    session.flush()
    after = everything_stored(session)
    assert [word for word in CANARIES if word in after] == []


def test_what_was_given_stays_by_a_speaker_and_what_is_to_come_is_off(session, life: Life, site, now):
    was = {row.touchpoint_id: row.sequence for row in session.scalars(select(Publication))}
    past, coming, shared = (call.id for call in life.calls)

    erase(session, holder_of(session, life.person), by=Actor.signed_in(life.person), site=site, now=now)

    rows = {row.touchpoint_id: row for row in session.scalars(select(Publication))}
    [talk] = rows[past].value["talks"]
    assert (talk["speakers"], talk["links"], talk["slides_url"], talk["recorded"]) == (["A speaker"], [], "", False)
    assert (rows[coming].status.value, rows[coming].value["talks"]) == ("cancelled", [])
    assert [each["speakers"] for each in rows[shared].value["talks"]] == [["Mira Member, Kestrel Works"]]
    assert {key: row.sequence - was[key] for key, row in rows.items()} == {past: 1, coming: 1, shared: 1}


def test_what_others_give_is_theirs_from_now_on(session, life: Life, site, now):
    mira = make_person(session, "Mira Member")
    other, shared, link_key = life.other, life.shared.proposal, life.shared.proposal.link_key
    gone = [life.coming.proposal.id, life.draft.id]

    done = erase(session, holder_of(session, life.person), by=Actor.signed_in(life.person), site=site, now=now)

    assert (done.unnamed, done.ended, done.handed_on) == (1, 2, 2)
    assert (shared.owner, shared.email, shared.state) == (mira, mira.email, ProposalState.ACCEPTED)
    assert shared.link_key != link_key
    assert [speaker.name for speaker in shared.speakers] == ["Mira Member"]
    assert life.shared.state is TalkState.CONFIRMED
    assert [speaker.name for speaker in other.speakers] == ["Sam Speaker"]
    assert (other.owner, other.email) == (None, "vera@example.org")
    assert session.scalars(select(Proposal.id).where(Proposal.id.in_(gone))).all() == []


def test_what_others_wrote_of_their_talks_names_the_erased_no_more(session, life: Life, site, now):
    call = make_touchpoint(session, life.calls[0].series, datetime(2027, 3, 4, 14, 0))
    other = make_proposal(session, f"After {life.person.name}: patches", state=ProposalState.ACCEPTED)
    make_talk(session, other, call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)

    erase(session, holder_of(session, life.person), by=Actor.signed_in(life.person), site=site, now=now)

    row = session.scalars(select(Publication).where(Publication.touchpoint_id == call.id)).one()
    assert row.value["talks"][0]["title"] == "After an OSPO member: patches"
    assert row.sequence == 1


def test_the_others_are_told_without_the_name(session, life: Life, site, now):
    erase(session, holder_of(session, life.person), by=Actor.signed_in(life.person), site=site, now=now)

    waiting = OutboxMessage.state == MailState.PENDING
    told = session.execute(select(OutboxMessage.kind, OutboxMessage.recipient).where(waiting)).all()
    assert sorted(tuple(each) for each in told) == [
        ("erased", EMAIL),
        ("left", "mira@example.org"),
        ("left", "sam@example.org"),
        ("left", "vera@example.org"),
        ("left_organizers", "olu@example.org"),
    ]


def test_votes_stay_without_a_name_and_the_trail_has_numbers_alone(session, life: Life, site, now):
    make_person(session, "Ola Second", role=Role.ORGANIZER)
    olu, number = life.olu, life.olu.id

    erase(session, holder_of(session, olu), by=Actor.signed_in(olu), site=site, now=now)

    reviews = session.scalars(select(Review)).all()
    assert [(review.organizer_id, review.vote, review.comment) for review in reviews] == [(None, Vote.YES, "")] * 3
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "person.erased")).one()
    assert (event.person_id, event.subject_id, event.detail) == (None, number, {})
    assert session.get(Person, number) is None


def test_a_number_is_never_given_again(session, life: Life, site, now):
    newest = max(session.scalars(select(Person.id)))
    assert newest == life.person.id

    erase(session, holder_of(session, life.person), by=Actor.signed_in(life.person), site=site, now=now)

    assert make_person(session, "Nora Nobody").id > newest


def test_the_last_organizer_has_to_stay(session, life: Life, site, now):
    with pytest.raises(RuleViolation, match="There must be an organizer"):
        erase(session, holder_of(session, life.olu), by=COMMAND, site=site, now=now)


def test_a_speaker_without_an_account_can_be_erased(session, life: Life, site, now):
    done = erase(session, holder_of_address(session, "Sam@Example.org"), by=COMMAND, site=site, now=now)

    assert (done.handed_on, [speaker.name for speaker in life.other.speakers]) == (1, ["Quillon Zarnecki"])
    assert session.get(Person, life.person.id) is life.person


def test_whoever_sent_it_for_an_erased_speaker_is_told_that_it_is_over(session, life: Life, site, now):
    life.other.speakers.remove(life.other.speakers[1])
    number = life.other.id

    erase(session, holder_of_address(session, "sam@example.org"), by=COMMAND, site=site, now=now)

    assert session.get(Proposal, number) is None
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "left")).one()
    assert told.recipient == "vera@example.org"


def test_a_talk_that_waited_for_the_erased_alone_is_confirmed(session, life: Life, site, now):
    life.shared.state = TalkState.INVITED
    life.shared.confirmations[0].state = "asked"

    erase(session, holder_of(session, life.person), by=Actor.signed_in(life.person), site=site, now=now)

    assert (life.shared.state, life.shared.confirmed_at) == (TalkState.CONFIRMED, now)


def test_oneself_is_erased_with_a_fresh_sign_in_and_the_typed_address(session, life: Life, site, now):
    sign_in = session.scalars(select(SignIn)).one()
    act = {"by": Actor.signed_in(life.person), "site": site}
    with pytest.raises(RuleViolation, match="Sign in again first"):
        erase_oneself(session, sign_in, EMAIL, **act, now=now + timedelta(hours=1))
    with pytest.raises(InvalidInput):
        erase_oneself(session, sign_in, "olu@example.org", **act, now=now)

    erase_oneself(session, sign_in, EMAIL.upper(), **act, now=now)

    assert session.scalars(select(SignIn)).all() == []


def test_of_a_cross_shared_talk_the_given_half_stays(session, life: Life, site, now):
    second = life.coming
    second.proposal_id = life.given.proposal_id
    life.given.proposal.preference = "both"
    for confirmation in second.confirmations:
        confirmation.speaker = life.given.proposal.speakers[0]
    session.commit()
    session.expire_all()

    erase(session, holder_of(session, life.person), by=Actor.signed_in(life.person), site=site, now=now)

    assert (life.given.state, second.state) == (TalkState.CONFIRMED, TalkState.WITHDRAWN)
    assert life.given.proposal.state is ProposalState.WITHDRAWN
    assert life.given.confirmations[0].attribution is Attribution.NONE
    assert session.scalars(select(Talk.id).order_by(Talk.id)).all() == [life.given.id, second.id, life.shared.id]
