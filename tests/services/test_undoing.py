"""Undo puts back exactly what an organizer did last, as long as nobody has heard of it or built upon it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.consent import Choices
from app.domain.errors import Conflict, RuleViolation
from app.domain.people import Role
from app.domain.publication import PublicStatus
from app.domain.states import ConfirmationState, MailState, ProposalState, TalkState, move_to
from app.models import OutboxMessage, Publication, Talk
from app.services import inviting, placing, undoing
from app.services.auditing import LINK, Actor
from app.services.board_moves import snapshot as snapshot_with_version
from app.services.consenting import choices_of, keep_consent
from app.services.publishing import publish_touchpoints
from app.services.retracting import choose_naming
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

LATER = timedelta(minutes=2)
PLACED = (TalkState.HOLD, TalkState.INVITED, TalkState.CONFIRMED, TalkState.DECLINED)


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def ines(session):
    return make_person(session, "Ines Organizer", role=Role.ORGANIZER)


@pytest.fixture
def december(session):
    return make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14), talk_minutes=45)


@pytest.fixture
def january(session, december):
    return make_touchpoint(session, december.series, datetime(2027, 1, 14, 14), talk_minutes=45)


@pytest.fixture
def proposal(session):
    return make_proposal(session, state=ProposalState.ACCEPTED)


@pytest.fixture
def room(olu, site, now):
    return {"by": Actor.signed_in(olu), "site": site, "now": now}


def undo(session, organizer, site, now):
    return undoing.undo_last_move(session, organizer, site=site, now=now + LATER)


def snapshot(talk):
    """How the talk stands, whatever its version."""
    return {name: value for name, value in snapshot_with_version(talk).items() if name != "version"}


def answered(talk):
    """Give the first confirmation all that a speaker and an organizer can leave in it."""
    answer = talk.confirmations[0]
    answer.attribution, answer.recording_consent, answer.words = Attribution.ROLE, False, "Not that day"
    answer.wishes, answer.answered_at, answer.on_behalf_note = [5], talk.created_at, "By phone"


def mails(session):
    query = select(OutboxMessage).where(OutboxMessage.state == MailState.PENDING).order_by(OutboxMessage.id)
    return [(mail.kind, mail.recipient) for mail in session.scalars(query)]


def send(session):
    for mail in session.scalars(select(OutboxMessage).where(OutboxMessage.state == MailState.PENDING)):
        move_to(mail, MailState.LEASED)
        move_to(mail, MailState.SENT)
    session.commit()


def test_an_undone_placing_leaves_the_proposal_in_the_inbox(session, proposal, december, room, olu, site, now):
    talk = placing.place_proposal(session, proposal, onto=december, version=proposal.version, **room)

    assert list(undo(session, olu, site, now)) == [talk]

    assert (talk.state, talk.touchpoint, talk.position) == (TalkState.RELEASED, None, None)


@pytest.mark.parametrize("state", PLACED)
def test_an_undone_move_puts_the_talk_back_exactly_as_it_stood(
    session, proposal, december, january, room, olu, site, now, state
):
    other = make_proposal(session, "Other", state=ProposalState.ACCEPTED, minutes=10)
    make_talk(session, other, december, position=1)
    talk = make_talk(session, proposal, december, state=state)
    answered(talk)
    publish_touchpoints(session, [december, january], site=site, now=now)
    session.commit()
    before, public = snapshot(talk), session.get(Publication, december.id).status

    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    undo(session, olu, site, now)

    session.expire_all()
    assert snapshot(talk) == before
    assert mails(session) == []
    assert session.get(Publication, december.id).status is public
    assert session.get(Publication, january.id).status is PublicStatus.PLANNED


@pytest.mark.parametrize("chosen_before", [False, True])
def test_no_undo_brings_back_a_name_that_was_taken_back_meanwhile(
    session, proposal, december, january, room, olu, site, now, chosen_before
):
    talk = make_talk(session, proposal, december, state=TalkState.CONFIRMED)
    answered(talk)
    [own] = talk.confirmations
    publish_touchpoints(session, [december, january], site=site, now=now)
    if chosen_before:
        keep_consent(session, own, by=LINK, now=now)
    session.commit()
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    unnamed = Choices(Attribution.NONE, recording=False, slides=None)
    choose_naming(session, own, unnamed, by=LINK, site=site, now=now)

    undo(session, olu, site, now)

    assert (talk.state, choices_of(own)) == (TalkState.CONFIRMED, unnamed)
    assert session.get(Publication, december.id).value["talks"][0]["speakers"] == ["A speaker"]


@pytest.mark.parametrize("state", PLACED)
def test_an_undone_release_puts_the_talk_back_and_takes_the_mail_back(
    session, proposal, december, room, olu, site, now, state
):
    talk = make_talk(session, proposal, december, state=state)
    answered(talk)
    session.commit()
    before = snapshot(talk)

    placing.release_talk(session, talk, version=talk.version, **room)
    undo(session, olu, site, now)

    session.expire_all()
    assert snapshot(talk) == before
    assert mails(session) == []


def test_an_undone_order_is_the_old_order(session, december, room, olu, site, now):
    first, second = (
        make_talk(
            session,
            make_proposal(session, title, state=ProposalState.ACCEPTED, minutes=10),
            december,
            position=position,
        )
        for position, title in enumerate(("First one", "Second one"))
    )
    placing.move_talk(session, second, onto=december, position=0, version=second.version, **room)
    undo(session, olu, site, now)
    session.expire_all()
    assert (first.position, second.position) == (0, 1)


def test_an_invitation_can_be_taken_back_until_its_mail_has_left(session, proposal, december, room, olu, site, now):
    talk = make_talk(session, proposal, december)
    before = snapshot(talk)
    inviting.invite_talk(session, talk, version=talk.version, **room)

    undo(session, olu, site, now)

    session.expire_all()
    assert snapshot(talk) == before
    assert mails(session) == []


def test_one_undo_takes_back_all_invitations_of_a_call(session, december, room, olu, site, now):
    talks = [
        make_talk(
            session,
            make_proposal(session, state=ProposalState.ACCEPTED, minutes=10),
            december,
            position=position,
        )
        for position in range(3)
    ]
    inviting.invite_touchpoint(session, december, **room)

    assert len(undo(session, olu, site, now)) == 3

    assert {talk.state for talk in talks} == {TalkState.HOLD}
    assert mails(session) == []


def test_undo_goes_back_step_by_step(session, proposal, december, january, room, olu, site, now):
    talk = placing.place_proposal(session, proposal, onto=december, version=proposal.version, **room)
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    inviting.invite_talk(session, talk, version=talk.version, **room)

    states = []
    for _ in range(3):
        undo(session, olu, site, now)
        states.append((talk.state, talk.touchpoint))
    assert states == [(TalkState.HOLD, january), (TalkState.HOLD, december), (TalkState.RELEASED, None)]
    with pytest.raises(RuleViolation, match=r"^There is nothing to undo\.$"):
        undo(session, olu, site, now)


def test_an_invitation_that_a_move_took_back_is_sent_again(session, proposal, december, january, room, olu, site, now):
    talk = make_talk(session, proposal, december)
    inviting.invite_talk(session, talk, version=talk.version, **room)
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    assert mails(session) == [("invited", "sam@example.org")]

    undo(session, olu, site, now)

    assert (talk.state, talk.touchpoint) == (TalkState.INVITED, december)
    assert mails(session) == [("invited", "sam@example.org")]
    [mail] = session.scalars(select(OutboxMessage).where(OutboxMessage.state == MailState.PENDING))
    assert b"10 December" in mail.message


def test_what_was_undone_can_be_done_again_and_is_mailed_again(
    session, proposal, december, january, room, olu, site, now
):
    talk = make_talk(session, proposal, december, state=TalkState.CONFIRMED)
    for _ in range(2):
        placing.move_talk(session, talk, onto=january, version=talk.version, **room)
        undo(session, olu, site, now)
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    assert mails(session) == [("moved", "sam@example.org"), ("rescheduled", "olu@example.org")]


@pytest.mark.parametrize("sent", ["all", "one"])
def test_a_mail_that_has_left_cannot_be_undone(session, december, january, room, olu, site, now, sent):
    speakers = (make_speaker("Sam Speaker"), make_speaker("Tia Speaker"))
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers)
    talk = make_talk(session, proposal, december, state=TalkState.CONFIRMED)
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    mail = session.scalars(select(OutboxMessage)).first()
    if sent == "one":
        move_to(mail, MailState.LEASED)
        session.commit()
    else:
        send(session)

    with pytest.raises(Conflict, match="the mail to the speakers has left"):
        undo(session, olu, site, now)
    session.rollback()
    assert (talk.state, talk.touchpoint) == (TalkState.INVITED, january)


def test_a_mail_that_left_before_a_second_move_is_what_the_speakers_know(session, december, january, room, site, now):
    speakers = (make_speaker("Sam Speaker"), make_speaker("Tia Speaker"))
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers)
    talk = make_talk(session, proposal, december)
    inviting.invite_talk(session, talk, version=talk.version, **room)
    move_to(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).first(), MailState.LEASED)
    session.commit()

    placing.move_talk(session, talk, onto=january, version=talk.version, **room)

    assert mails(session) == [
        ("moved", "sam@example.org"),
        ("invited", "tia@example.org"),  # who had not been asked for December
        ("rescheduled", "olu@example.org"),
    ]


def test_what_somebody_else_changed_since_is_not_undone(
    session, proposal, december, january, room, olu, ines, site, now
):
    talk = placing.place_proposal(session, proposal, onto=december, version=proposal.version, **room)
    theirs = {"by": Actor.signed_in(ines), "site": site, "now": now + timedelta(minutes=1)}
    placing.move_talk(session, talk, onto=january, version=talk.version, **theirs)

    with pytest.raises(
        Conflict, match=r"^This cannot be undone any more\. Ines Organizer moved this talk 1 min ago\.$"
    ):
        undo(session, olu, site, now)


def test_an_answer_is_never_undone(session, december, january, room, olu, site, now):
    speakers = (make_speaker("Sam Speaker"), make_speaker("Tia Speaker"))
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers)
    talk = make_talk(session, proposal, december, state=TalkState.CONFIRMED)
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    move_to(talk.confirmations[0], ConfirmationState.CONFIRMED)
    session.commit()

    with pytest.raises(Conflict, match="cannot be undone any more"):
        undo(session, olu, site, now)


def test_an_old_place_that_is_taken_is_not_undone_into(session, proposal, december, january, room, olu, site, now):
    talk = make_talk(session, proposal, december)
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED, minutes=30), december)
    session.commit()

    with pytest.raises(Conflict, match="5 min too long"):
        undo(session, olu, site, now)


def test_only_ones_own_and_only_recent_moves_are_undone(session, proposal, december, room, olu, ines, site, now):
    placing.place_proposal(session, proposal, onto=december, version=proposal.version, **room)
    with pytest.raises(RuleViolation, match="nothing to undo"):
        undo(session, ines, site, now)
    with pytest.raises(RuleViolation, match="nothing to undo"):
        undo(session, olu, site, now + timedelta(hours=1))


def test_a_speaker_who_came_later_waits(session, proposal, december, january, room, olu, site, now):
    talk = make_talk(session, proposal, december, state=TalkState.INVITED)
    placing.release_talk(session, talk, version=talk.version, **room)
    placing.place_proposal(session, proposal, onto=january, version=proposal.version, **room)
    undo(session, olu, site, now)
    proposal.speakers.append(make_speaker("Tia Speaker"))
    proposal.speakers[1].position = 1
    session.flush()
    placing.place_proposal(session, proposal, onto=january, version=proposal.version, **room)
    undo(session, olu, site, now)

    assert session.scalars(select(Talk)).one().state is TalkState.RELEASED
    assert [answer.state for answer in talk.confirmations] == [ConfirmationState.WAITING] * 2
