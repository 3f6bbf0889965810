"""Organizers correct a proposal, and never make it looser than its speakers chose."""

from __future__ import annotations

import pytest

from app.domain.attribution import Attribution
from app.domain.people import Role
from app.domain.states import ProposalState
from app.models import Topic
from app.services.proposal_content import draft_of
from app.web.proposal_form import ProposalForm
from tests.cast import make_person, make_proposal, make_speaker


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def browser(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def proposal(session):
    proposal = make_proposal(session, speakers=(make_speaker(attribution=Attribution.NAME),))
    proposal.topics = [Topic(slug="policy", name="Policy")]
    session.flush()
    return proposal


def form_of(proposal, **changes):
    """The form as the page has it, with some fields typed anew."""
    fields = {name: list(values) for name, values in ProposalForm.of(draft_of(proposal)).fields.items()}
    return {**fields, "version": proposal.version, **changes}


def test_an_organizer_corrects_the_text(session, browser, proposal):
    page = browser.get(f"/pool/{proposal.key}/edit")
    assert "Edit this proposal" in page.text

    answer = browser.post(f"/pool/{proposal.key}/edit", form_of(proposal, title="A title put right"))

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/pool/{proposal.key}")
    session.refresh(proposal)
    assert proposal.title == "A title put right"


@pytest.mark.parametrize(
    ("level", "status"),
    [("none", 303), ("role", 303), ("name", 303), ("name_and_affiliation", 422), ("affiliation", 422)],
)
def test_an_organizer_makes_naming_stricter_never_looser(session, browser, proposal, level, status):
    answer = browser.post(f"/pool/{proposal.key}/edit", form_of(proposal, **{"speaker-0-attribution": level}))

    assert answer.status_code == status
    session.refresh(proposal.speakers[0])
    assert proposal.speakers[0].attribution == (level if status == 303 else Attribution.NAME)


def test_a_stale_page_shows_both_states(session, browser, proposal):
    form = form_of(proposal, title="What I wanted to say")
    proposal.title = "What somebody else said"
    session.commit()

    answer = browser.post(f"/pool/{proposal.key}/edit", form)

    assert answer.status_code == 409
    assert "What I wanted to say" in answer.text
    assert "What somebody else said" in answer.text


def test_the_preview_and_another_speaker_keep_nothing(session, browser, proposal):
    form = form_of(proposal, title="Only looked at")

    assert "Only looked at" in browser.post(f"/pool/{proposal.key}/edit/preview", form).text
    assert "Speaker 2" in browser.post(f"/pool/{proposal.key}/edit/speakers", {**form, "add": "1"}).text
    session.refresh(proposal)
    assert proposal.title == "Upstream first at a railway operator"


def test_a_decided_proposal_is_not_edited(session, browser):
    accepted = make_proposal(session, state=ProposalState.ACCEPTED)

    assert browser.get(f"/pool/{accepted.key}/edit").status_code == 422


def test_nobody_else_edits_in_the_pool(session, sign_in, visitor, proposal):
    member = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))

    assert member.get(f"/pool/{proposal.key}/edit").status_code == 404
    assert member.post(f"/pool/{proposal.key}/edit", form_of(proposal, title="Mine now, all of it")).status_code == 404
    assert visitor.get(f"/pool/{proposal.key}/edit").status_code == 303
    session.refresh(proposal)
    assert proposal.title == "Upstream first at a railway operator"
