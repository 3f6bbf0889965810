"""The pool's pages of a series that reviews without names: no page tells whose a proposal is."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.people import Role
from app.domain.states import MailState, ProposalState, TalkState
from app.models import OutboxMessage, Review
from app.services.auditing import LINK
from app.services.notifying import notify_received
from app.services.proposing import withdraw_proposal
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

TELLING = ("Sam", "Kestrel", "sam@example.org", "Vera", "vera@example.org", "kestrel.example")


@pytest.fixture
def proposal(session):
    make_series(session).blind_review = True
    speaker = make_speaker("Sam Speaker")
    speaker.bio, speaker.pronouns = "Sam is Sam.", "they"
    found = make_proposal(session, title="Sam on forks", speakers=(speaker,), owner=make_person(session, "Vera"))
    found.abstract, found.links = "By Sam of Kestrel Works.", ["https://kestrel.example"]
    session.flush()
    return found


@pytest.fixture
def olu(session, sign_in):
    person = make_person(session, "Olu", role=Role.ORGANIZER)
    return sign_in(person)


def test_no_page_of_the_pool_names_anybody(session, proposal, olu):
    session.add(_review(session, proposal))
    session.flush()
    decision = {"verdict": "accepted", "ground": "committee", "version": proposal.version, "message": "Yes."}
    pages = [
        olu.get("/pool"),
        olu.get(f"/pool/{proposal.key}"),
        olu.post(f"/pool/{proposal.key}/preview", decision),
        olu.post(f"/pool/{proposal.key}/vote", {"vote": "", "comment": ""}),
    ]
    for page in pages:
        assert "An OSPO member on forks" in page.text
        assert [word for word in TELLING if word in page.text] == []


def test_its_form_is_closed_until_the_names_are_shown(session, proposal, olu):
    refused = olu.get(f"/pool/{proposal.key}/edit")
    assert refused.status_code == 422
    assert "Sam" not in refused.text
    assert olu.post(f"/pool/{proposal.key}/names", {"reason": " "}).status_code == 422
    assert olu.post(f"/pool/{proposal.key}/names", {"reason": "Twice the same."}).status_code == 303
    page = olu.get(f"/pool/{proposal.key}").text
    assert "Sam Speaker" in page
    assert "Twice the same." in page
    assert olu.get(f"/pool/{proposal.key}/edit").status_code == 200


def _review(session, proposal):
    nora = make_person(session, "Nora", role=Role.ORGANIZER)
    return Review(
        proposal_id=proposal.id,
        organizer_id=nora.id,
        vote="yes",
        comment="Sam is good.",
        created_at=proposal.created_at,
        updated_at=proposal.created_at,
    )


def test_mails_about_it_tell_no_organizer_to_whom_they_go(session, proposal, olu, site, now):
    notify_received(session, proposal, site=site, now=now)
    session.flush()
    row = session.scalars(select(OutboxMessage)).one()
    row.state, row.last_error = MailState.PARKED, "550 vera@example.org unknown"
    session.flush()
    answers = [olu.get("/mail"), olu.get(f"/mail/{row.id}"), olu.get("/mail?q=vera")]
    for answer in answers:
        assert [word for word in (*TELLING, "Hello") if word in answer.text.replace('value="vera"', "")] == []
    assert "reviewed without names" in answers[0].text
    assert "0 mails" in answers[2].text
    again = olu.post(f"/mail/{row.id}/send-again", {})
    assert again.status_code == 303
    assert "vera" not in olu.get("/mail").text
    proposal.names_shown_at = now
    session.flush()
    assert "vera@example.org" in olu.get("/mail").text


def test_organizers_read_of_its_withdrawal_without_names(session, proposal, olu, site, now):
    withdraw_proposal(session, proposal, by=LINK, site=site, now=now)
    mails = {row.recipient: row for row in session.scalars(select(OutboxMessage))}
    assert "Sam on forks" in mails["vera@example.org"].subject
    organizers = mails["olu@example.org"]
    assert "Sam" not in organizers.subject
    assert b"Sam" not in organizers.message


def test_organizers_see_what_a_text_says_against_its_speakers(session, proposal, olu, now):
    proposal.names_shown_at = now
    proposal.speakers[0].attribution = Attribution.ROLE
    session.flush()
    page = olu.get(f"/pool/{proposal.key}").text
    assert "Sam Speaker: name, in the title" in page
    assert "<mark>Sam</mark> on forks" in page

    proposal.state = ProposalState.ACCEPTED
    call = make_touchpoint(session, make_series(session, slug="other"), datetime(2026, 12, 10, 14))
    talk = make_talk(session, proposal, call, state=TalkState.CONFIRMED)
    talk.confirmations[0].agreed_sentences = ["Sam on forks"]
    session.flush()
    page = olu.get(f"/talks/{talk.key}").text
    assert "Stands in public by the speaker’s word." in page
    assert "In public: “By an OSPO member of their organisation.”" in page
