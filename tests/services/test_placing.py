"""Proposals are placed as holds, talks are moved and released, and the public page follows at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.attribution import Attribution
from app.domain.errors import Conflict, RuleViolation
from app.domain.people import Role
from app.domain.proposals import SeriesPreference
from app.domain.publication import PublicStatus
from app.domain.states import ConfirmationState, MailState, ProposalState, TalkState, TouchpointState
from app.models import AuditEvent, BoardMove, OutboxMessage, Publication, Talk
from app.services import placing
from app.services.auditing import COMMAND, Actor
from app.services.publishing import publish_touchpoints
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

ACCEPTED = ProposalState.ACCEPTED


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def thursdays(session):
    return make_series(session)


@pytest.fixture
def fridays(session):
    return make_series(session, "friday", name="General Member", hue="plum", shape="square")


@pytest.fixture
def december(session, thursdays):
    return make_touchpoint(session, thursdays, datetime(2026, 12, 10, 14), talk_minutes=45)


@pytest.fixture
def january(session, thursdays):
    return make_touchpoint(session, thursdays, datetime(2027, 1, 14, 14), talk_minutes=45)


@pytest.fixture
def room(olu, site, now):
    """Who moves things, where and when."""
    return {"by": Actor.signed_in(olu), "site": site, "now": now}


def place(session, proposal, onto, room, **options):
    return placing.place_proposal(session, proposal, onto=onto, version=proposal.version, **room, **options)


def titles(session, touchpoint):
    query = select(Talk).where(Talk.touchpoint_id == touchpoint.id).order_by(Talk.position)
    talks = session.scalars(query.execution_options(populate_existing=True)).all()
    assert [talk.position for talk in talks] == list(range(len(talks)))
    return [talk.proposal.title for talk in talks]


def mails(session, state=MailState.PENDING):
    query = select(OutboxMessage).where(OutboxMessage.state == state).order_by(OutboxMessage.id)
    return [(mail.kind, mail.recipient) for mail in session.scalars(query)]


def status(session, touchpoint):
    session.expire_all()
    return session.get(Publication, touchpoint.id).status


def test_an_accepted_proposal_is_placed_as_a_hold_and_nobody_is_told(session, december, room):
    proposal = make_proposal(session, state=ACCEPTED, minutes=25)

    talk = place(session, proposal, december, room)

    assert (talk.state, talk.touchpoint, talk.position, talk.minutes) == (TalkState.HOLD, december, 0, 25)
    [confirmation] = talk.confirmations
    assert (confirmation.state, confirmation.attribution, confirmation.recording_consent) == (
        ConfirmationState.WAITING,
        Attribution.NAME_AND_AFFILIATION,
        True,
    )
    assert mails(session) == []
    assert status(session, december) is PublicStatus.PLANNED


def test_placing_is_audited_by_ids_alone(session, december, olu, room):
    talk = place(session, make_proposal(session, state=ACCEPTED), december, room)

    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.subject, event.subject_id, event.person_id, event.detail) == (
        "talk.placed",
        "talk",
        talk.id,
        olu.id,
        {"touchpoint": december.id},
    )


@pytest.mark.parametrize(
    ("position", "order"), [(None, "ABN"), (0, "NAB"), (1, "ANB"), (2, "ABN"), (99, "ABN"), (-5, "NAB")]
)
def test_a_proposal_is_placed_where_it_was_dropped(session, december, room, position, order):
    for number, title in enumerate("AB"):
        make_talk(session, make_proposal(session, title, state=ACCEPTED, minutes=10), december, position=number)

    place(session, make_proposal(session, "N", state=ACCEPTED, minutes=10), december, room, position=position)

    assert titles(session, december) == list(order)


def test_being_pushed_along_is_no_change_of_a_talk(session, december, room):
    neighbour = make_talk(session, make_proposal(session, state=ACCEPTED, minutes=10), december)
    version, calls_version = neighbour.version, december.version

    place(session, make_proposal(session, state=ACCEPTED, minutes=10), december, room, position=0)

    session.expire_all()
    assert (neighbour.position, neighbour.version) == (1, version)
    assert december.version > calls_version


@pytest.mark.parametrize("state", [ProposalState.SUBMITTED, ProposalState.DECLINED, ProposalState.WITHDRAWN])
def test_only_an_accepted_proposal_is_placed(session, december, room, state):
    proposal = make_proposal(session, state=state)
    with pytest.raises(RuleViolation, match=rf"^Only an accepted proposal can be placed; this one is {state.value}\.$"):
        place(session, proposal, december, room)


def test_minutes_never_exceed_the_slot(session, december, room):
    make_talk(session, make_proposal(session, state=ACCEPTED, minutes=30), december)
    with pytest.raises(RuleViolation, match=r"^It cannot stand on Thu 10 Dec: 10 min too long\.$"):
        place(session, make_proposal(session, state=ACCEPTED, minutes=25), december, room)
    session.rollback()
    assert session.scalar(select(func.count(Talk.id)).where(Talk.state == TalkState.RELEASED)) == 0


def test_a_declined_talk_takes_no_minutes(session, december, room):
    declined = make_proposal(session, "Declined", state=ACCEPTED, minutes=30)
    make_talk(session, declined, december, state=TalkState.DECLINED)

    place(session, make_proposal(session, "New", state=ACCEPTED, minutes=30), december, room)

    assert titles(session, december) == ["Declined", "New"]


def test_a_skipped_call_takes_no_talk(session, december, room):
    december.state = TouchpointState.SKIPPED
    with pytest.raises(RuleViolation, match="Skipped"):
        place(session, make_proposal(session, state=ACCEPTED), december, room)


def test_a_stale_page_is_told_who_did_what(session, december, january, room, olu, site, now):
    proposal = make_proposal(session, state=ACCEPTED)
    stale = proposal.version
    place(session, proposal, december, room)

    later = now + timedelta(minutes=5)
    with pytest.raises(Conflict, match=r"^Olu Organizer placed this talk 5 min ago\. Nothing of yours was written"):
        placing.place_proposal(
            session, proposal, onto=january, version=stale, by=Actor.signed_in(olu), site=site, now=later
        )


def test_a_call_filled_since_it_was_shown_names_who_filled_it(session, december, room, olu, site, now):
    shown = december.version
    place(session, make_proposal(session, "First", state=ACCEPTED, minutes=30), december, room)
    slower = make_proposal(session, "Second", state=ACCEPTED, minutes=20)
    later = {"by": Actor.signed_in(olu), "site": site, "now": now + timedelta(minutes=5)}
    filled = r"^Olu Organizer changed Thu 10 Dec 5 min ago, and now: 5 min too long\. Nothing was written\.$"

    with pytest.raises(Conflict, match=filled):
        place(session, slower, december, later, shown=shown)
    with pytest.raises(RuleViolation, match=r"^It cannot stand on Thu 10 Dec: 5 min too long\.$"):
        place(session, slower, december, later, shown=december.version)


def test_a_talk_moved_to_a_call_filled_since_it_was_shown_is_a_conflict(session, december, january, room):
    talk = place(session, make_proposal(session, "Second", state=ACCEPTED, minutes=20), january, room)
    shown = december.version
    place(session, make_proposal(session, "First", state=ACCEPTED, minutes=30), december, room)

    with pytest.raises(Conflict, match="Olu Organizer changed Thu 10 Dec"):
        placing.move_talk(session, talk, onto=december, version=talk.version, shown=shown, **room)


def test_a_call_changed_since_it_was_shown_takes_what_still_fits(session, december, room):
    shown = december.version
    place(session, make_proposal(session, "First", state=ACCEPTED, minutes=20), december, room)

    place(session, make_proposal(session, "Second", state=ACCEPTED, minutes=20), december, room, shown=shown)

    assert titles(session, december) == ["First", "Second"]


def test_a_proposal_for_one_series_has_one_place(session, december, january, room):
    proposal = make_proposal(session, state=ACCEPTED)
    place(session, proposal, december, room)
    with pytest.raises(RuleViolation, match=r"^It cannot stand on Thu 14 Jan: Already on Thu 10 Dec\.$"):
        place(session, proposal, january, room)


def test_a_cross_shared_proposal_has_a_talk_on_each_series(session, december, january, fridays, room):
    friday = make_touchpoint(session, fridays, datetime(2026, 12, 11, 17, 30))
    proposal = make_proposal(session, state=ACCEPTED, preference=SeriesPreference.BOTH)

    first, second = place(session, proposal, december, room), place(session, proposal, friday, room)

    assert (first.touchpoint, second.touchpoint) == (december, friday)
    assert first.uid != second.uid
    with pytest.raises(RuleViolation, match="Already on"):
        place(session, proposal, january, room)


def test_a_hold_that_moves_stays_a_hold_and_nobody_is_told(session, december, january, room):
    talk = place(session, make_proposal(session, "Moved", state=ACCEPTED), december, room)
    make_talk(session, make_proposal(session, "Stays", state=ACCEPTED, minutes=10), december, position=1)

    placing.move_talk(session, talk, onto=january, version=talk.version, **room)

    assert (talk.state, talk.touchpoint, talk.sequence) == (TalkState.HOLD, january, 0)
    assert titles(session, december) == ["Stays"]
    assert mails(session) == []


@pytest.mark.parametrize("state", [TalkState.INVITED, TalkState.CONFIRMED, TalkState.DECLINED])
def test_moving_a_talk_asks_its_speakers_again(session, december, january, room, state, now):
    speakers = (make_speaker("Sam Speaker"), make_speaker("Tia Speaker"))
    talk = make_talk(session, make_proposal(session, state=ACCEPTED, speakers=speakers), december, state=state)
    talk.confirmations[0].words, talk.confirmations[0].wishes = "Not that day", [january.id]

    placing.move_talk(session, talk, onto=january, version=talk.version, **room)

    assert (talk.state, talk.sequence, talk.invited_at, talk.confirmed_at) == (TalkState.INVITED, 0, now, None)
    assert talk.answer_by == now + timedelta(days=7)
    assert [(answer.state, answer.words, answer.wishes, answer.answered_at) for answer in talk.confirmations] == [
        (ConfirmationState.ASKED, "", [], None)
    ] * 2
    assert mails(session) == [
        ("moved", "sam@example.org"),
        ("moved", "tia@example.org"),
        ("rescheduled", "olu@example.org"),
    ]


def test_the_old_date_of_a_confirmed_talk_is_not_public_any_more(session, december, january, room, site, now):
    talk = make_talk(session, make_proposal(session, state=ACCEPTED), december, state=TalkState.CONFIRMED)
    publish_touchpoints(session, [december, january], site=site, now=now)
    assert session.get(Publication, december.id).status is PublicStatus.CONFIRMED

    placing.move_talk(session, talk, onto=january, version=talk.version, **room)

    assert (status(session, december), status(session, january)) == (PublicStatus.CANCELLED, PublicStatus.PLANNED)
    assert session.get(Publication, december.id).value["talks"] == []


def test_a_second_move_before_the_mail_left_tells_the_speakers_once(session, december, january, thursdays, room):
    february = make_touchpoint(session, thursdays, datetime(2027, 2, 11, 14))
    talk = make_talk(session, make_proposal(session, state=ACCEPTED), december, state=TalkState.CONFIRMED)

    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    placing.move_talk(session, talk, onto=february, version=talk.version, **room)

    both = [("moved", "sam@example.org"), ("rescheduled", "olu@example.org")]
    assert (mails(session), mails(session, MailState.CANCELLED)) == (both, both)
    mail, _ = session.scalars(
        select(OutboxMessage).where(OutboxMessage.state == MailState.PENDING).order_by(OutboxMessage.id)
    )
    assert b"10 December" in mail.message
    assert b"14 January" not in mail.message


def test_another_order_between_two_moves_does_not_hide_what_the_speakers_know(
    session, december, january, thursdays, room
):
    february = make_touchpoint(session, thursdays, datetime(2027, 2, 11, 14))
    talk = make_talk(session, make_proposal(session, state=ACCEPTED), december, state=TalkState.CONFIRMED)
    for onto in (january, january, february):
        placing.move_talk(session, talk, onto=onto, version=talk.version, **room)
    assert mails(session) == [("moved", "sam@example.org"), ("rescheduled", "olu@example.org")]


def test_moving_back_to_the_date_that_the_speakers_know_asks_for_it_plainly(session, december, january, room):
    talk = make_talk(session, make_proposal(session, state=ACCEPTED), december, state=TalkState.INVITED)

    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    placing.move_talk(session, talk, onto=december, version=talk.version, **room)

    assert mails(session) == [("invited", "sam@example.org")]


def test_changing_the_order_asks_nobody(session, december, room):
    first = make_talk(session, make_proposal(session, "A", state=ACCEPTED, minutes=10), december)
    first.state = TalkState.CONFIRMED
    make_talk(session, make_proposal(session, "B", state=ACCEPTED, minutes=10), december, position=1)
    version = first.version

    placing.move_talk(session, first, onto=december, position=1, version=version, **room)

    assert titles(session, december) == ["B", "A"]
    assert (first.state, first.sequence) == (TalkState.CONFIRMED, 0)
    assert first.version > version
    assert mails(session) == []
    assert session.scalars(select(AuditEvent.action)).all() == ["talk.ordered"]


def test_a_talk_that_is_not_on_the_board_is_not_moved(session, december, january, room):
    talk = place(session, make_proposal(session, state=ACCEPTED), december, room)
    placing.release_talk(session, talk, version=talk.version, **room)
    with pytest.raises(RuleViolation, match="not on the board"):
        placing.move_talk(session, talk, onto=january, version=talk.version, **room)


def test_a_talk_of_a_call_that_has_begun_stays(session, december, january, olu, site):
    talk = make_talk(session, make_proposal(session, state=ACCEPTED), december, state=TalkState.CONFIRMED)
    room = {"by": Actor.signed_in(olu), "site": site, "now": december.starts_at}
    with pytest.raises(RuleViolation, match="has begun or is over"):
        placing.release_talk(session, talk, version=talk.version, **room)


def test_a_stale_move_writes_nothing(session, december, january, room):
    talk = make_talk(session, make_proposal(session, state=ACCEPTED), december)
    session.commit()
    with pytest.raises(Conflict):
        placing.move_talk(session, talk, onto=january, version=talk.version - 1, **room)
    session.rollback()
    assert (talk.touchpoint, session.scalar(select(func.count(AuditEvent.id)))) == (december, 0)


def test_a_move_to_a_full_call_is_refused(session, december, january, room):
    talk = make_talk(session, make_proposal(session, state=ACCEPTED, minutes=30), december)
    make_talk(session, make_proposal(session, state=ACCEPTED, minutes=20), january)
    with pytest.raises(RuleViolation, match="5 min too long"):
        placing.move_talk(session, talk, onto=january, version=talk.version, **room)


def test_a_released_hold_goes_back_to_the_inbox_in_silence(session, december, room):
    talk = place(session, make_proposal(session, state=ACCEPTED), december, room)

    placing.release_talk(session, talk, version=talk.version, **room)

    assert (talk.state, talk.touchpoint, talk.position) == (TalkState.RELEASED, None, None)
    assert mails(session) == []


@pytest.mark.parametrize("state", [TalkState.INVITED, TalkState.CONFIRMED, TalkState.DECLINED])
def test_speakers_who_know_the_date_are_told_that_it_is_off(session, december, room, state, site, now):
    talk = make_talk(session, make_proposal(session, state=ACCEPTED), december, state=state)
    publish_touchpoints(session, [december], site=site, now=now)

    placing.release_talk(session, talk, version=talk.version, **room)

    assert mails(session) == [("cancelled", "sam@example.org")]
    assert [answer.state for answer in talk.confirmations] == [ConfirmationState.WAITING]
    public = PublicStatus.CANCELLED if state is TalkState.CONFIRMED else PublicStatus.PLANNED
    assert status(session, december) is public


def test_a_released_talk_is_continued_with_its_uid_and_from_the_proposals_choices(session, december, january, room):
    proposal = make_proposal(session, state=ACCEPTED, minutes=20)
    talk = make_talk(session, proposal, december, state=TalkState.CONFIRMED)
    talk.confirmations[0].attribution = Attribution.NONE
    talk.confirmations[0].on_behalf_note = "By phone"
    placing.release_talk(session, talk, version=talk.version, **room)
    proposal.minutes = 15
    proposal.speakers.append(make_speaker("Tia Speaker"))
    proposal.speakers[1].position = 1
    session.commit()

    again = place(session, proposal, january, room)

    assert (again.id, again.uid, again.minutes, again.state) == (talk.id, talk.uid, 15, TalkState.HOLD)
    assert (again.invited_at, again.answer_by) == (None, None)
    assert [(answer.speaker.name, answer.attribution, answer.on_behalf_note) for answer in again.confirmations] == [
        ("Sam Speaker", Attribution.NAME_AND_AFFILIATION, ""),
        ("Tia Speaker", Attribution.NAME_AND_AFFILIATION, ""),
    ]


def test_the_command_line_places_without_anything_to_undo(session, december, january, site, now):
    room = {"by": COMMAND, "site": site, "now": now}
    talk = place(session, make_proposal(session, state=ACCEPTED), december, room)
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    assert session.scalar(select(func.count(BoardMove.id))) == 0
