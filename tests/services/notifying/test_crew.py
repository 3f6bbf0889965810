"""Organizers and moderators read of a move what changed for them, once, and nothing of what was taken back."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.people import Role
from app.domain.states import MailState, ProposalState, TalkState
from app.services import placing, scheduling, undoing
from app.services.auditing import Actor
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def mira(session):
    mira = make_person(session, "Mira Member", role=Role.MEMBER)
    mira.time_zone = "America/New_York"
    return mira


@pytest.fixture
def december(session, series, mira):
    call = make_touchpoint(session, series, datetime(2026, 12, 10, 14), talk_minutes=60)
    call.moderator = mira
    return call


@pytest.fixture
def january(session, series):
    return make_touchpoint(session, series, datetime(2027, 1, 14, 14), talk_minutes=60)


@pytest.fixture
def february(session, series):
    return make_touchpoint(session, series, datetime(2027, 2, 11, 14), talk_minutes=60)


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def room(olu, site, now):
    return {"by": Actor.signed_in(olu), "site": site, "now": now}


@pytest.fixture
def talk(session, december, olu):
    return make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), december, state=TalkState.CONFIRMED)


def crew(told):
    return [mail for mail in told() if mail.kind == "rescheduled"]


def test_organizers_and_the_moderators_of_both_calls_read_was_and_now(session, talk, january, told, room, mira):
    january.moderator = make_person(session, "Max Member", role=Role.MEMBER)
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    to_olu, to_max, to_mira = crew(told)
    assert [mail.to for mail in (to_olu, to_max, to_mira)] == ["olu@example.org", "max@example.org", "mira@example.org"]
    assert "For you\n  was: Thursday 10 December 2026, 08:00\N{EN DASH}09:40 New York (EST)" in to_mira.text
    assert "For the call\n  was: Thursday 10 December 2026, 14:00\N{EN DASH}15:40 Madrid (CET)" in to_mira.text
    assert "now: Thursday 14 January 2027, 14:00\N{EN DASH}15:40 Madrid (CET)" in to_olu.text
    assert f"http://localhost/touchpoints/{january.key}/manage" in to_olu.text
    assert f"http://localhost/touchpoints/{january.key}/run\n" in to_mira.text


def test_a_moderator_reads_in_no_title_who_speaks_and_an_organizer_reads_it_as_it_is(
    session, talk, january, told, room
):
    talk.proposal.title = "Upstream first, by Sam Speaker"
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    to_olu, to_mira = crew(told)
    assert "Upstream first, by Sam Speaker" in to_olu.text
    assert "Upstream first" in to_mira.text
    assert "Sam" not in to_mira.text + to_mira.row.subject


def test_two_moves_are_one_mail_from_the_first_date_to_the_last(session, talk, january, february, told, room):
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    placing.move_talk(session, talk, onto=february, version=talk.version, **room)
    mails = [mail for mail in crew(told) if mail.row.state is MailState.PENDING]
    assert [mail.to for mail in mails] == ["olu@example.org"]
    assert "was: Thursday 10 December 2026" in mails[0].text
    assert "now: Thursday 11 February 2027" in mails[0].text


@pytest.mark.parametrize("how", ["undone", "moved back"])
def test_a_move_that_was_taken_back_is_told_to_nobody(
    session, talk, december, january, told, room, olu, site, now, how
):
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    if how == "undone":
        undoing.undo_last_move(session, olu, site=site, now=now)
    else:
        placing.move_talk(session, talk, onto=december, version=talk.version, **room)
    assert {mail.row.state for mail in crew(told)} == {MailState.CANCELLED}


def test_an_undo_of_the_second_move_tells_of_the_first_again(
    session, talk, january, february, told, room, olu, site, now
):
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    placing.move_talk(session, talk, onto=february, version=talk.version, **room)
    undoing.undo_last_move(session, olu, site=site, now=now)
    [mail] = [mail for mail in crew(told) if mail.row.state is MailState.PENDING]
    assert "was: Thursday 10 December 2026" in mail.text
    assert "now: Thursday 14 January 2027" in mail.text


def test_a_placing_that_is_undone_is_nobodys_mail(session, january, told, room, olu, site, now):
    proposal = make_proposal(session, state=ProposalState.ACCEPTED)
    placing.place_proposal(session, proposal, onto=january, version=proposal.version, **room)
    undoing.undo_last_move(session, olu, site=site, now=now)
    assert told() == []


def test_a_moved_call_is_one_mail_for_all_its_talks(session, talk, december, told, room):
    kim = make_proposal(session, "Second", state=ProposalState.ACCEPTED, speakers=(make_speaker("Kim Speaker"),))
    make_talk(session, kim, december, state=TalkState.INVITED, position=1)
    for day in (15, 16):
        to = datetime(2026, 12, day, 14)
        scheduling.move_touchpoint(session, december, to=to, version=december.version, **room)
    mails = [mail for mail in crew(told) if mail.row.state is MailState.PENDING]
    assert [mail.to for mail in mails] == ["olu@example.org", "mira@example.org"]
    for mail in mails:
        assert "- Upstream first at a railway operator\n- Second\n" in mail.text
        assert "was: Thursday 10 December 2026" in mail.text
        assert "now: Wednesday 16 December 2026" in mail.text


def test_an_empty_call_moves_for_its_moderator_alone(session, december, told, room):
    scheduling.move_touchpoint(session, december, to=datetime(2026, 12, 16, 14), version=december.version, **room)
    [mail] = crew(told)
    assert mail.to == "mira@example.org"
    assert "speakers" not in mail.text


def test_an_organizer_who_moderates_reads_it_once(session, talk, december, january, told, room, olu):
    december.moderator = january.moderator = olu
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    assert [mail.to for mail in crew(told)] == ["olu@example.org"]


def test_who_heard_of_the_first_move_hears_of_the_second_from_there(session, talk, january, february, told, room, site):
    kim = make_speaker("Kim Speaker")
    talk.proposal.speakers.append(kim)
    session.commit()
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    sam = next(mail for mail in told() if mail.to == "sam@example.org")
    sam.row.state = MailState.SENT
    session.commit()
    placing.move_talk(session, talk, onto=february, version=talk.version, **room)
    again = next(mail for mail in told() if mail.to == "sam@example.org")
    assert "was: Thursday 14 January 2027" in again.text
    assert "10 December" not in again.text


def test_an_organizer_who_speaks_reads_both_and_neither_stands_in_for_the_other(
    session, talk, january, february, told, room, olu
):
    talk.proposal.speakers[0].email = olu.email
    session.commit()
    placing.move_talk(session, talk, onto=january, version=talk.version, **room)
    placing.move_talk(session, talk, onto=february, version=talk.version, **room)
    mails = [mail for mail in told() if mail.row.state is MailState.PENDING and mail.to == olu.email]
    assert [mail.kind for mail in mails] == ["moved", "rescheduled"]
    for mail in mails:
        assert "was: Thursday 10 December 2026" in mail.text
        assert "Title" not in mail.text
