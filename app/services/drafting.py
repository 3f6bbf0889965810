"""Drafting: the form saves itself while it is written, is continued from a mailed link, and forgotten in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import RuleViolation, TooMany
from app.domain.proposals import DRAFTS_KEPT, MAX_MAILS_A_DAY, UNSENT_KEPT
from app.domain.site import Site
from app.domain.states import ProposalState
from app.domain.text import MAX_LINE
from app.models import OutboxMessage, Proposal
from app.services import notifying
from app.services.addresses import normal_address
from app.services.auditing import Actor, record
from app.services.turns import wait_for_turn

UNPROVEN_MAILS = ("verify", "draft_saved")  # kinds of mail that go to an address before anybody has confirmed it


def save_draft(
    session: Session, fields: Mapping[str, Sequence[str]], *, form_key: str, by: Actor, now: datetime
) -> Proposal:
    """Keep the form as typed under its one-time key. A form that was sent meanwhile stays as it was sent."""
    try:
        return _save_draft(session, fields, form_key=form_key, by=by, now=now)
    except IntegrityError:  # the form saved itself twice at once: this is the later word
        session.rollback()
        return _save_draft(session, fields, form_key=form_key, by=by, now=now)


def mail_draft_link(session: Session, proposal: Proposal, *, site: Site, now: datetime) -> None:
    """Mail the link with which a draft is continued to its address.

    Raises TooMany when the address has had its share of such mails today.
    """
    expect_patience(session, proposal.email, now=now)
    notifying.notify_draft_saved(session, proposal, site=site, now=now)
    session.commit()


def discard_draft(session: Session, proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Forget a draft. Raises RuleViolation once it has been sent: then it is withdrawn, and people are told."""
    if proposal.state is not ProposalState.DRAFT:
        raise RuleViolation("This proposal has been sent. Withdraw it instead.")
    record(session, "proposal.discarded", proposal, by=by, now=now)
    session.delete(proposal)
    session.commit()


def purge_drafts(session: Session, *, now: datetime) -> int:
    """Delete what was never sent and nobody can be expected to continue; returns how many proposals that were."""
    unsent = or_(
        Proposal.state == ProposalState.UNCONFIRMED,
        and_(Proposal.state == ProposalState.DRAFT, Proposal.email == "", Proposal.owner_id.is_(None)),
    )
    old = or_(
        and_(unsent, Proposal.updated_at < now - UNSENT_KEPT),
        and_(Proposal.state == ProposalState.DRAFT, Proposal.updated_at < now - DRAFTS_KEPT),
    )
    ids = session.scalars(select(Proposal.id).where(old)).all()
    session.execute(delete(Proposal).where(Proposal.id.in_(ids)))
    session.commit()
    return len(ids)


def find_by_form_key(session: Session, form_key: str) -> Proposal | None:
    """What became of the form with this one-time key; nobody else writes it until this transaction ends."""
    query = select(Proposal).where(Proposal.form_key == form_key).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def expect_patience(session: Session, email: str, *, now: datetime) -> None:
    """Raises TooMany when `email`, which nobody has confirmed, has had its share of our mails today."""
    wait_for_turn(session, "proposals", email)
    asked = select(func.count()).where(
        OutboxMessage.recipient == email,
        OutboxMessage.kind.in_(UNPROVEN_MAILS),
        OutboxMessage.created_at > now - timedelta(days=1),
    )
    if (session.scalar(asked) or 0) >= MAX_MAILS_A_DAY:
        raise TooMany("This address has had many mails from us today. Look for one of them, or try again tomorrow.")


def _save_draft(
    session: Session, fields: Mapping[str, Sequence[str]], *, form_key: str, by: Actor, now: datetime
) -> Proposal:
    proposal = find_by_form_key(session, form_key)
    if proposal is not None and proposal.state is not ProposalState.DRAFT:
        return proposal
    is_new = proposal is None
    if proposal is None:
        proposal = Proposal(form_key=form_key, created_at=now)
        session.add(proposal)
    proposal.form = {name: list(values) for name, values in fields.items()}
    proposal.title = _first(fields, "title")[:MAX_LINE]
    proposal.email = normal_address(_first(fields, "email")) or ""
    proposal.owner = by.person or proposal.owner
    proposal.updated_at = now
    if is_new:
        record(session, "proposal.drafted", proposal, by=by, now=now)
    session.commit()
    return proposal


def _first(fields: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(fields.get(name, ())), "")
