"""Signed links for people without an account: to a proposal, and to a speaker's confirm page."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.site import Site
from app.models import Confirmation, Proposal

_PROPOSAL, _CONFIRMATION = "proposal", "confirmation"


def proposal_path(proposal: Proposal, *, site: Site) -> str:
    """The path of the proposal's own page. Whoever has it may read, edit and withdraw that proposal."""
    return f"/proposals/{_sign([proposal.id, proposal.link_key], _PROPOSAL, site)}"


def confirmation_path(confirmation: Confirmation, *, site: Site) -> str:
    """The path of the page on which one speaker answers for one talk. The confirmation must have its id."""
    return f"/confirm/{_sign([confirmation.id, confirmation.speaker.link_key], _CONFIRMATION, site)}"


def find_proposal(session: Session, token: str, *, site: Site) -> Proposal:
    """The proposal that `token` opens. Raises NotFound for a forged, foreign or revoked token alike."""
    proposal_id, link_key = _read(token, _PROPOSAL, site)
    proposal = session.get(Proposal, proposal_id)
    if proposal is None or proposal.link_key != link_key:
        raise NotFound("This link does not open anything (any more).")
    return proposal


def find_confirmation(session: Session, token: str, *, site: Site) -> Confirmation:
    """The confirmation that `token` opens. Raises NotFound for a forged, foreign or revoked token alike."""
    confirmation_id, link_key = _read(token, _CONFIRMATION, site)
    confirmation = session.scalar(select(Confirmation).where(Confirmation.id == confirmation_id))
    if confirmation is None or confirmation.speaker.link_key != link_key:
        raise NotFound("This link does not open anything (any more).")
    return confirmation


def _sign(value: list[int | str], purpose: str, site: Site) -> str:
    token: str = URLSafeSerializer(site.secret_key, salt=f"touchpoints.{purpose}").dumps(value)
    return token


def _read(token: str, purpose: str, site: Site) -> tuple[int, str]:
    try:
        row_id, link_key = URLSafeSerializer(site.secret_key, salt=f"touchpoints.{purpose}").loads(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound("This link does not open anything (any more).") from error
    return int(row_id), str(link_key)
