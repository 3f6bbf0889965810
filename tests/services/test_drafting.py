"""Drafts save themselves under the form's key, are continued from a mail, and are forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import RuleViolation, TooMany
from app.domain.proposals import DRAFTS_KEPT, MAX_MAILS_A_DAY, UNSENT_KEPT
from app.domain.states import ProposalState
from app.models import AuditEvent, OutboxMessage, Proposal
from app.services import drafting
from app.services.auditing import VISITOR, Actor
from tests.cast import make_person, make_proposal
from tests.drafts import FORM_KEY

SECOND = timedelta(seconds=1)


def save(session, now, by=VISITOR, **fields):
    typed = {name: [value] for name, value in fields.items()}
    return drafting.save_draft(session, typed, form_key=FORM_KEY, by=by, now=now)


def titles(session):
    return list(session.scalars(select(Proposal.title).order_by(Proposal.title)))


def test_the_form_is_kept_as_typed(session, now):
    draft = save(session, now, title="Half a ta", minutes="soon", email="Vera@Example.org")

    assert draft.state is ProposalState.DRAFT
    assert draft.form == {"title": ["Half a ta"], "minutes": ["soon"], "email": ["Vera@Example.org"]}
    assert (draft.title, draft.email, draft.owner) == ("Half a ta", "vera@example.org", None)
    assert (draft.created_at, draft.updated_at) == (now, now)


def test_the_same_form_saves_over_its_draft(session, now):
    first = save(session, now, title="Half a ta", email="vera@example.org")
    second = save(session, now + SECOND, title="Half a talk", email="nonsense")

    assert first.id == second.id
    assert (second.title, second.email, second.updated_at) == ("Half a talk", "", now + SECOND)
    assert list(session.scalars(select(AuditEvent.action))) == ["proposal.drafted"]


def test_a_signed_in_person_owns_their_draft(session, now):
    vera = make_person(session, "Vera Volunteer")
    save(session, now, by=Actor.signed_in(vera))

    assert save(session, now).owner is vera


def test_a_form_that_was_sent_stays_as_it_was_sent(session, now):
    sent = make_proposal(session, state=ProposalState.UNCONFIRMED)
    sent.form_key = FORM_KEY
    session.flush()

    assert save(session, now, title="Too late") is sent
    assert sent.title == "Upstream first at a railway operator"


def test_the_link_to_continue_is_mailed(session, site, now):
    draft = save(session, now, title="Half a talk", email="vera@example.org")
    drafting.mail_draft_link(session, draft, site=site, now=now)

    mail = session.scalars(select(OutboxMessage)).one()
    assert (mail.kind, mail.recipient, mail.proposal_id) == ("draft_saved", "vera@example.org", draft.id)
    assert b"Half a talk" not in mail.message, "a stranger must not send their own words through us"


def test_an_address_that_nobody_confirmed_gets_few_mails_a_day(session, site, now):
    draft = save(session, now, email="vera@example.org")
    for number in range(MAX_MAILS_A_DAY):
        drafting.mail_draft_link(session, draft, site=site, now=now + number * SECOND)

    with pytest.raises(TooMany):
        drafting.mail_draft_link(session, draft, site=site, now=now + 60 * SECOND)
    drafting.mail_draft_link(session, draft, site=site, now=now + timedelta(days=1, minutes=1))
    assert len(session.scalars(select(OutboxMessage)).all()) == MAX_MAILS_A_DAY + 1


def test_a_discarded_draft_is_gone(session, now):
    draft = save(session, now, title="Half a talk")
    drafting.discard_draft(session, draft, by=VISITOR, now=now)

    assert titles(session) == []
    assert list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))[-1] == "proposal.discarded"


def test_what_was_sent_is_withdrawn_and_not_discarded(session, now):
    with pytest.raises(RuleViolation, match="Withdraw it instead"):
        drafting.discard_draft(session, make_proposal(session), by=VISITOR, now=now)


def test_old_drafts_are_forgotten_and_everything_else_is_kept(session, now):
    vera = make_person(session, "Vera Volunteer")
    days = timedelta(days=1)
    for title, state, email, owner, age in (
        ("a: draft of nobody, old", ProposalState.DRAFT, "", None, UNSENT_KEPT + days),
        ("b: draft of nobody, young", ProposalState.DRAFT, "", None, UNSENT_KEPT - days),
        ("c: draft with an address", ProposalState.DRAFT, "vera@example.org", None, UNSENT_KEPT + days),
        ("d: draft of a person", ProposalState.DRAFT, "", vera, UNSENT_KEPT + days),
        ("e: draft with an address, old", ProposalState.DRAFT, "vera@example.org", vera, DRAFTS_KEPT + days),
        ("f: never confirmed, old", ProposalState.UNCONFIRMED, "vera@example.org", None, UNSENT_KEPT + days),
        ("g: never confirmed, young", ProposalState.UNCONFIRMED, "vera@example.org", None, UNSENT_KEPT - days),
        ("h: submitted, old", ProposalState.SUBMITTED, "vera@example.org", vera, DRAFTS_KEPT + days),
    ):
        proposal = make_proposal(session, title, state=state, email=email, owner=owner)
        proposal.updated_at = now - age
    session.flush()

    assert drafting.purge_drafts(session, now=now) == 3
    assert [title[0] for title in titles(session)] == ["b", "c", "d", "g", "h"]
    assert drafting.purge_drafts(session, now=now) == 0
