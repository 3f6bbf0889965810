"""A volunteer sees their own proposals, drafts and talks, and what they may do with each."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from app.domain.proposals import SeriesPreference
from app.domain.states import ProposalState, TalkState
from app.services import links
from app.services.queries.proposal_choices import date_choice
from app.services.queries.proposals import read_mine, read_proposal
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

LATER = timedelta(hours=1)


@pytest.fixture
def vera(session):
    return make_person(session, "Vera Volunteer")


@pytest.fixture
def call(session):
    return make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))


@pytest.mark.parametrize(
    ("state", "may_edit", "may_withdraw"),
    [
        (ProposalState.UNCONFIRMED, True, True),
        (ProposalState.SUBMITTED, True, True),
        (ProposalState.ACCEPTED, False, True),
        (ProposalState.DECLINED, False, True),
        (ProposalState.WITHDRAWN, False, False),
    ],
)
def test_the_page_offers_what_is_allowed(session, site, now, state, may_edit, may_withdraw):
    page = read_proposal(session, make_proposal(session, state=state), site=site, now=now)

    assert (page.state, page.may_edit, page.may_withdraw) == (state, may_edit, may_withdraw)


def test_a_decision_that_can_be_undone_is_not_shown(session, site, now):
    proposal = make_proposal(session, state=ProposalState.DECLINED)
    proposal.decided_at = now

    page = read_proposal(session, proposal, site=site, now=now)
    assert (page.state, page.may_edit) == (ProposalState.SUBMITTED, True)
    assert "Declined" not in {step.title for step in page.steps}
    assert read_proposal(session, proposal, site=site, now=now + site.settle).state is ProposalState.DECLINED


def test_what_was_given_cannot_be_withdrawn(session, call, site, now):
    once = make_proposal(session, state=ProposalState.ACCEPTED)
    twice = make_proposal(session, state=ProposalState.ACCEPTED, preference=SeriesPreference.BOTH)
    make_talk(session, once, call, state=TalkState.CONFIRMED)
    make_talk(session, twice, call, state=TalkState.CONFIRMED, position=1)

    pages = [read_proposal(session, proposal, site=site, now=call.ends_at) for proposal in (once, twice)]
    assert [page.may_withdraw for page in pages] == [False, True]


def test_the_list_holds_what_is_mine_and_nothing_else(session, vera, site, now):
    nora = make_person(session, "Nora Nobody")
    own = {"email": vera.email}
    titles = [
        ("Mine", {"owner": vera, **own}),
        ("My draft", {"owner": vera, "state": ProposalState.DRAFT, "email": ""}),
        ("Waiting for my address", {"state": ProposalState.UNCONFIRMED, **own}),
        ("I speak", {"owner": nora, "email": "nora@example.org", "speakers": (make_speaker("Vera Volunteer"),)}),
        (
            "I might speak",
            {
                "state": ProposalState.UNCONFIRMED,
                "email": "nora@example.org",
                "speakers": (make_speaker("Vera Volunteer"),),
            },
        ),
        ("Somebody's draft with my address", {"state": ProposalState.DRAFT, **own}),
        ("Of Nora", {"owner": nora, "email": "nora@example.org"}),
    ]
    for title, options in titles:
        make_proposal(session, title, **options)
    session.commit()

    lines = read_mine(session, vera, site=site, now=now)
    assert {(line.title, line.speaking) for line in lines} == {
        ("Mine", False),
        ("My draft", False),
        ("Waiting for my address", False),
        ("I speak", True),
    }


def test_each_line_leads_to_its_page(session, vera, call, site, now):
    mine = make_proposal(session, owner=vera)
    draft = make_proposal(session, owner=vera, state=ProposalState.DRAFT)
    unconfirmed = make_proposal(session, email=vera.email, state=ProposalState.UNCONFIRMED)
    both = (make_speaker("Sam Speaker"), make_speaker("Vera Volunteer"))
    spoken = make_proposal(session, state=ProposalState.ACCEPTED, email="", speakers=both)
    unasked = make_proposal(session, state=ProposalState.ACCEPTED, email="", speakers=(make_speaker("Vera Volunteer"),))
    talk = make_talk(session, spoken, call, state=TalkState.INVITED)
    make_talk(session, unasked, call, position=1)
    for number, proposal in enumerate((unasked, spoken, unconfirmed, draft, mine)):
        proposal.updated_at = now + timedelta(minutes=number)
    session.commit()

    lines = read_mine(session, vera, site=site, now=now + LATER)
    assert [line.path for line in lines] == [
        links.proposal_path(mine, site=site),
        links.draft_path(draft, site=site),
        links.address_path(unconfirmed, site=site),
        links.confirmation_path(talk.confirmations[1], site=site),
        "",
    ]


def test_a_line_says_what_is_next_and_when_the_call_is(session, vera, call, site, now):
    proposal = make_proposal(session, owner=vera, state=ProposalState.ACCEPTED)
    make_talk(session, proposal, call, state=TalkState.INVITED)
    session.commit()

    (line,) = read_mine(session, vera, site=site, now=now + LATER)
    assert (line.state, line.date) == (ProposalState.ACCEPTED, date_choice(call))
    assert (line.now.title, line.now.who) == ("Confirm the date", "Sam Speaker")


def test_talks_stand_in_the_order_of_their_dates_and_those_without_one_last(session, vera, call, site, now):
    proposal = make_proposal(session, owner=vera, state=ProposalState.ACCEPTED, preference=SeriesPreference.BOTH)
    earlier = make_touchpoint(session, call.series, datetime(2026, 12, 3, 14, 0))
    released = make_talk(session, proposal, call)
    released.state, released.touchpoint, released.position = TalkState.RELEASED, None, None
    for touchpoint in (call, earlier):
        make_talk(session, proposal, touchpoint, state=TalkState.CONFIRMED)
    session.commit()

    page = read_proposal(session, proposal, site=site, now=now)
    assert [step.date for step in page.steps if step.date] == [date_choice(earlier), date_choice(call)]


@pytest.mark.parametrize("rows", [1, 30])
def test_many_proposals_take_as_many_queries_as_one(session, vera, call, site, now, rows):
    for number in range(rows):
        proposal = make_proposal(session, owner=vera, state=ProposalState.ACCEPTED)
        make_talk(session, proposal, call, state=TalkState.INVITED, position=number)
    session.commit()
    session.expunge_all()
    session.add(vera)
    _ = vera.email
    statements = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *executed: statements.append(executed[2]))

    assert len(read_mine(session, vera, site=site, now=now + LATER)) == rows
    assert sum(statement.startswith("SELECT") for statement in statements) == 5
