"""Once a night what is over is forgotten, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.domain.proposals import UNSENT_KEPT
from app.domain.signing_in import KEPT
from app.domain.states import MailState, ProposalState
from app.mail.values import Mail
from app.models import OutboxMessage, Proposal, SignInRequest
from app.services import housekeeping, outbox
from app.services.housekeeping import Forgotten
from tests.cast import make_proposal


def test_what_is_over_goes_and_the_rest_stays(session, site, now):
    request = SignInRequest(
        purpose="sign-in",
        email="sam@example.org",
        link_hash="a",
        code_hash="",
        browser_hash="",
        created_at=now,
        expires_at=now,
    )
    outbox.queue_mail(session, Mail("received", "sam@example.org", "Hi", "Hi", "Hi"), dedup="one", site=site, now=now)
    mail = session.scalars(select(OutboxMessage)).one()
    mail.state, mail.sent_at = MailState.SENT, now
    draft = make_proposal(session, state=ProposalState.DRAFT, email="")
    draft.created_at = draft.updated_at = now
    session.add_all([request, make_proposal(session)])
    session.commit()
    assert housekeeping.forget_old(session, site=site, now=now + timedelta(days=30)) == Forgotten()
    late = now + max(KEPT, UNSENT_KEPT) + timedelta(days=1)
    assert housekeeping.forget_old(session, site=site, now=late) == Forgotten(
        mail_bodies=1, drafts=1, sign_in_requests=1
    )
    assert housekeeping.forget_old(session, site=site, now=late) == Forgotten()
    assert session.scalars(select(SignInRequest)).all() == []
    assert [proposal.state for proposal in session.scalars(select(Proposal))] == [ProposalState.SUBMITTED]


def test_the_log_says_what_is_gone_in_numbers():
    assert str(Forgotten(mail_bodies=2, audit_events=30)) == "mail bodies 2, audit events 30"
    assert str(Forgotten()) == "nothing"
