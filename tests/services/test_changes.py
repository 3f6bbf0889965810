"""Somebody with a stale page reads who did what."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.domain.errors import Conflict
from app.domain.people import Role
from app.domain.states import ProposalState
from app.services.auditing import LINK, SYSTEM, Actor, record
from app.services.changes import ago, expect_unchanged, last_change, who_did_what
from tests.cast import NOW, make_person, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def talk(session):
    december = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14))
    return make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), december)


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=12), "12 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=23), "23 h ago"),
        (timedelta(days=1, hours=5), "yesterday"),
        (timedelta(days=5), "5 days ago"),
    ],
)
def test_time_passed_is_said_in_few_words(passed, words):
    assert ago(NOW, NOW + passed) == words


def test_the_last_change_of_a_talk_is_a_sentence(session, talk, olu, now):
    record(session, "talk.placed", talk, by=olu, now=now)
    record(session, "talk.invited", talk, by=olu, now=now + timedelta(minutes=1))
    said = who_did_what(session, talk, now=now + timedelta(minutes=3))
    assert said == "Olu Organizer invited the speakers of this talk 2 min ago."


def test_an_answer_is_a_change_of_its_talk(session, talk, now):
    record(session, "confirmation.declined", talk.confirmations[0], by=LINK, now=now)
    assert who_did_what(session, talk, now=now) == "A speaker asked for another date just now."


def test_a_placing_is_a_change_of_its_proposal(session, talk, olu, now):
    record(session, "talk.placed", talk, by=olu, now=now)
    assert who_did_what(session, talk.proposal, now=now) == "Olu Organizer placed this talk just now."


@pytest.mark.parametrize("subject", ["touchpoint", "talk", "confirmation"])
def test_a_call_changes_with_the_talks_on_it(session, talk, olu, now, subject):
    changed = {"touchpoint": talk.touchpoint, "talk": talk, "confirmation": talk.confirmations[0]}[subject]
    record(session, f"{subject}.changed", changed, by=olu, now=now)
    assert last_change(session, of=talk.touchpoint).who == "Olu Organizer"


def test_another_rows_change_is_none_of_this_one(session, talk, olu, now):
    other = make_proposal(session, state=ProposalState.ACCEPTED)
    record(session, "proposal.edited", other, by=olu, now=now)
    assert who_did_what(session, talk, now=now) == "Somebody else changed this meanwhile."
    assert last_change(session).did == "edited this proposal"


def test_a_change_without_words_of_its_own_is_a_change(session, talk, now):
    record(session, "talk.polished", talk, by=SYSTEM, now=now)
    assert who_did_what(session, talk, now=now) == "The system changed this just now."


def test_nothing_has_changed_on_a_new_board(session):
    assert last_change(session) is None


def test_a_stale_version_is_told_who_did_what(session, talk, olu, now):
    record(session, "talk.moved", talk, by=olu, now=now)
    expect_unchanged(session, talk, talk.version, now=now)
    with pytest.raises(Conflict) as refused:
        expect_unchanged(session, talk, talk.version + 1, now=now)
    assert str(refused.value) == (
        "Olu Organizer moved this talk just now. Nothing of yours was written; look again, then repeat it."
    )
