"""A signed link opens one door of one row, for as long as its key holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from app.domain.errors import NotFound
from app.domain.states import ProposalState, TalkState
from app.services import links
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint

FINDERS = {"page": links.find_proposal, "address": links.find_by_address, "draft": links.find_draft}
PATHS = {"page": links.proposal_path, "address": links.address_path, "draft": links.draft_path}


def token_of(path: str) -> str:
    return path.rpartition("/")[2]


@pytest.fixture
def draft(session):
    return make_proposal(session, state=ProposalState.DRAFT)


@pytest.fixture
def confirmation(session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    return make_talk(session, make_proposal(session), call, state=TalkState.INVITED).confirmations[0]


@pytest.mark.parametrize("kind", FINDERS)
def test_each_link_opens_its_own_door(session, draft, site, kind):
    assert FINDERS[kind](session, token_of(PATHS[kind](draft, site=site)), site=site) is draft


@pytest.mark.parametrize("kind", FINDERS)
@pytest.mark.parametrize("door", FINDERS)
def test_no_link_opens_another_door(session, draft, site, kind, door):
    token = token_of(PATHS[kind](draft, site=site))
    if kind == door:
        return
    with pytest.raises(NotFound):
        FINDERS[door](session, token, site=site)


@pytest.mark.parametrize("kind", FINDERS)
def test_a_new_key_makes_every_earlier_link_worthless(session, draft, site, kind):
    token = token_of(PATHS[kind](draft, site=site))
    draft.link_key = "another key"
    with pytest.raises(NotFound):
        FINDERS[kind](session, token, site=site)


@pytest.mark.parametrize("kind", FINDERS)
def test_a_link_to_what_is_gone_opens_nothing(session, draft, site, kind):
    token = token_of(PATHS[kind](draft, site=site))
    session.delete(draft)
    session.flush()
    with pytest.raises(NotFound):
        FINDERS[kind](session, token, site=site)


@pytest.mark.parametrize("token", ["", "x", "WzEsImtleSJd.forged", "\N{SNOWMAN}", "W10.x" * 1_000])
def test_nonsense_opens_nothing(session, draft, site, token):
    for find in (*FINDERS.values(), links.find_confirmation):
        with pytest.raises(NotFound):
            find(session, token, site=site)


def test_a_link_of_another_installation_opens_nothing(session, draft, site):
    elsewhere = replace(site, secret_key="another secret")
    with pytest.raises(NotFound):
        links.find_proposal(session, token_of(links.proposal_path(draft, site=elsewhere)), site=site)


def test_a_draft_that_was_sent_is_continued_no_longer(session, site):
    sent = make_proposal(session, state=ProposalState.UNCONFIRMED)
    with pytest.raises(NotFound):
        links.find_draft(session, token_of(links.draft_path(sent, site=site)), site=site)


def test_a_speaker_answers_through_their_own_link(session, confirmation, site):
    token = token_of(links.confirmation_path(confirmation, site=site))

    assert links.find_confirmation(session, token, site=site) is confirmation
    confirmation.speaker.link_key = "another key"
    with pytest.raises(NotFound):
        links.find_confirmation(session, token, site=site)
