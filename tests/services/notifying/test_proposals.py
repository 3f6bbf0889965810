"""A volunteer hears what becomes of a proposal, once, and with a link that opens it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.domain.people import Role
from app.domain.states import ConfirmationState, ProposalState, TalkState
from app.services import notifying
from app.services.board_moves import occasion_of
from app.services.links import find_by_address, find_draft, find_proposal
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

SETTLED = timedelta(minutes=5)


def token_of(text, path):
    return next(line for line in text.splitlines() if line.startswith(f"http://localhost{path}")).rpartition("/")[2]


def test_verifying_proves_the_address_and_says_nothing_that_was_typed(session, site, now, told):
    proposal = make_proposal(session, state=ProposalState.UNCONFIRMED)
    notifying.notify_verify(session, proposal, site=site, now=now)
    (mail,) = told()
    assert (mail.kind, mail.to, mail.due_at) == ("verify", "vera@example.org", now)
    assert find_by_address(session, token_of(mail.text, "/propose/confirm/"), site=site) is proposal
    assert proposal.title not in mail.text + mail.message.html + mail.message.subject


def test_a_draft_is_continued_from_its_mail_each_time_that_somebody_asks(session, site, now, told):
    proposal = make_proposal(session, state=ProposalState.DRAFT)
    for at in (now, now, now + timedelta(seconds=1)):
        notifying.notify_draft_saved(session, proposal, site=site, now=at)
    mails = told()
    assert [mail.kind for mail in mails] == ["draft_saved"] * 2
    assert find_draft(session, token_of(mails[0].text, "/propose/continue/"), site=site) is proposal


def test_a_received_proposal_opens_from_its_mail(session, site, now, told):
    proposal = make_proposal(session, speakers=(make_speaker("Vera Volunteer"),))
    notifying.notify_received(session, proposal, site=site, now=now)
    (mail,) = told()
    assert (mail.kind, mail.to, mail.due_at, mail.row.proposal_id) == ("received", "vera@example.org", now, proposal.id)
    assert mail.text.startswith("Hello Vera,\n")
    assert find_proposal(session, token_of(mail.text, "/proposals/"), site=site) is proposal


def test_a_volunteer_who_is_no_speaker_is_greeted_by_the_name_of_the_account(session, site, now, told):
    proposal = make_proposal(session, owner=make_person(session, "Vera Volunteer"))
    notifying.notify_received(session, proposal, site=site, now=now)
    assert told()[0].text.startswith("Hello Vera,\n")


def test_a_volunteer_whose_name_nobody_knows_is_greeted_all_the_same(session, site, now, told):
    notifying.notify_received(session, make_proposal(session), site=site, now=now)
    assert told()[0].text.startswith("Hello,\n")


@pytest.mark.parametrize(
    ("state", "notify"),
    [(ProposalState.ACCEPTED, notifying.notify_accepted), (ProposalState.DECLINED, notifying.notify_declined)],
)
def test_a_decision_waits_for_undo_and_is_what_the_preview_showed(session, site, now, told, state, notify):
    proposal = make_proposal(session, state=state)
    shown = notifying.decision_mail(proposal, verdict=state, reason="Because.", site=site)
    assert told() == []
    proposal.decision_reason = "Because."
    notify(session, proposal, site=site, now=now)
    (mail,) = told()
    assert (mail.kind, mail.due_at) == (state.value, now + SETTLED)
    assert (mail.text, mail.message.subject) == (shown.text, shown.subject)
    assert "> Because." in mail.text


def test_accepting_needs_no_words(session, site, now, told):
    notifying.notify_accepted(session, make_proposal(session, state=ProposalState.ACCEPTED), site=site, now=now)
    assert "They write" not in told()[0].text


def test_a_repeated_click_tells_once(session, site, now, told):
    proposal = make_proposal(session, state=ProposalState.ACCEPTED)
    for _ in range(2):
        notifying.notify_accepted(session, proposal, site=site, now=now)
    assert len(told()) == 1


def test_a_decision_that_was_undone_and_made_again_is_told_again(session, site, now, told, taken_back):
    proposal = make_proposal(session, state=ProposalState.ACCEPTED)
    notifying.notify_accepted(session, proposal, site=site, now=now)
    taken_back(told()[0])
    proposal.decision_reason = "Now with words."
    notifying.notify_accepted(session, proposal, site=site, now=now)
    assert len(told()) == 1


class TestWithdrawing:
    @pytest.fixture
    def olu(self, session):
        return make_person(session, "Olu", role=Role.ORGANIZER)

    @pytest.fixture
    def calls(self, session):
        series = make_series(session)
        return [make_touchpoint(session, series, datetime(2026, 12, day, 14, 0)) for day in (17, 3)]

    @pytest.mark.usefixtures("olu")
    def test_without_a_date_the_volunteer_speakers_and_organizers_are_told(self, session, site, now, told):
        make_person(session, "Mira", role=Role.MEMBER)
        speakers = (make_speaker("Sam Speaker"), make_speaker("Vera Volunteer"), make_speaker("Kim", email=""))
        speakers[2].email = None
        proposal = make_proposal(session, speakers=speakers)
        notifying.notify_withdrawn(session, proposal, was={}, site=site, now=now)
        mails = told()
        assert sorted((mail.to, mail.method) for mail in mails) == [
            ("olu@example.org", ""),
            ("sam@example.org", ""),
            ("vera@example.org", ""),
        ]
        assert {mail.kind for mail in mails} == {"withdrawn"}
        assert {mail.due_at for mail in mails} == {now}
        assert "Was on" not in mails[0].text
        (organizers,) = (mail for mail in mails if mail.to == "olu@example.org")
        assert f"http://localhost/pool/{proposal.key}" in organizers.text

    @pytest.mark.usefixtures("olu")
    def test_an_organizer_who_speaks_is_told_as_a_speaker(self, session, site, now, told):
        proposal = make_proposal(session, speakers=(make_speaker("Olu"),), email="olu@example.org")
        notifying.notify_withdrawn(session, proposal, was={}, site=site, now=now)
        (mail,) = told()
        assert (mail.to, "you are an organizer" in mail.text) == ("olu@example.org", False)

    def test_a_proposal_without_an_address_tells_its_speakers(self, session, site, now, told):
        notifying.notify_withdrawn(session, make_proposal(session, email=""), was={}, site=site, now=now)
        assert [mail.to for mail in told()] == ["sam@example.org"]

    @pytest.mark.usefixtures("olu")
    def test_the_dates_that_are_free_again_stand_in_order(self, session, site, now, told, calls):
        proposal = make_proposal(session, state=ProposalState.WITHDRAWN)
        talks = [make_talk(session, proposal, call, state=TalkState.INVITED) for call in calls]
        was = {talk: occasion_of(talk.touchpoint) for talk in talks}
        notifying.notify_withdrawn(session, proposal, was=was, site=site, now=now)
        for mail in told():
            assert mail.text.index("3 December 2026") < mail.text.index("17 December 2026")
            assert mail.method == ""

    def test_each_calendar_entry_is_taken_back_by_a_mail_of_its_own(self, session, site, now, told, calls):
        proposal = make_proposal(session, email="")
        talks = [make_talk(session, proposal, call, state=TalkState.CONFIRMED) for call in calls]
        for talk in talks:
            notifying.notify_confirmed(session, talk, site=site, now=now)
        assert [mail.method for mail in told()] == ["REQUEST", "REQUEST"]
        was = {talk: occasion_of(talk.touchpoint) for talk in talks}
        for talk in talks:
            talk.touchpoint = talk.position = None
        notifying.notify_withdrawn(session, proposal, was=was, site=site, now=now)
        mails = told()
        assert [mail.method for mail in mails] == ["CANCEL", "CANCEL"]
        assert [str(mail.event["UID"]) for mail in mails] == [f"{talk.uid}@localhost" for talk in talks]
        assert [mail.event["DTSTART"].dt for mail in mails] == [call.starts_at for call in calls]
        assert [mail.text.count("It was on:") for mail in mails] == [1, 1]
        assert [mail.event["SEQUENCE"] for mail in mails] == [1, 1]

    def test_who_has_one_entry_reads_of_both_dates_in_one_mail(self, session, site, now, told, calls):
        proposal = make_proposal(session, email="")
        talks = [make_talk(session, proposal, call, state=TalkState.CONFIRMED) for call in calls]
        notifying.notify_confirmed(session, talks[0], site=site, now=now)
        told()
        talks[1].confirmations[0].state = ConfirmationState.ASKED
        was = {talk: occasion_of(talk.touchpoint) for talk in talks}
        notifying.notify_withdrawn(session, proposal, was=was, site=site, now=now)
        (mail,) = told()
        assert (mail.method, mail.text.count("It was on:")) == ("CANCEL", 2)
        assert "The entry in your calendar is taken back with this mail." in mail.text
