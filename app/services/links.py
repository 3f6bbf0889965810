"""Signed links for people without an account. Each is for one purpose: a link of one kind never opens another door.

A token holds a row's id and its `link_key`; a new `link_key` makes every earlier link to that row worthless.
"""

from __future__ import annotations

from typing import NoReturn

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.site import Site
from app.domain.states import ProposalState
from app.models import Chair, Confirmation, Proposal, Subscription

_PROPOSAL, _ADDRESS, _DRAFT, _CONFIRMATION = "proposal", "address", "draft", "confirmation"
_MATERIALS, _CHAIR = "materials", "chair"
_SUBSCRIBING, _SUBSCRIPTION, _LEAVING = "subscribing", "subscription", "leaving"


def proposal_path(proposal: Proposal, *, site: Site) -> str:
    """The path of the proposal's own page. Whoever has it may read, edit and withdraw that proposal."""
    return f"/proposals/{proposal_token(proposal, site=site)}"


def proposal_token(proposal: Proposal, *, site: Site) -> str:
    """The part of `proposal_path` that opens it."""
    return _sign([proposal.id, proposal.link_key], _PROPOSAL, site)


def address_path(proposal: Proposal, *, site: Site) -> str:
    """The path of the page on which the holder of the proposal's address confirms it: only ever mailed there."""
    return f"/propose/confirm/{_sign([proposal.id, proposal.link_key], _ADDRESS, site)}"


def draft_path(proposal: Proposal, *, site: Site) -> str:
    """The path on which a draft is continued. It opens nothing once the draft has been sent."""
    return f"/propose/continue/{draft_token(proposal, site=site)}"


def draft_token(proposal: Proposal, *, site: Site) -> str:
    """The part of `draft_path` that opens it."""
    return _sign([proposal.id, proposal.link_key], _DRAFT, site)


def confirmation_path(confirmation: Confirmation, *, site: Site) -> str:
    """The path of the page on which one speaker answers for one talk. The confirmation must have its id."""
    return f"/confirm/{_sign([confirmation.id, confirmation.speaker.link_key], _CONFIRMATION, site)}"


def naming_path(confirmation: Confirmation, *, site: Site) -> str:
    """The path of the page on which one speaker says how they are named, and reads what became of it."""
    return f"{confirmation_path(confirmation, site=site)}/naming"


def materials_path(confirmation: Confirmation, *, site: Site) -> str:
    """The path of the page on which one speaker gives slides and decides on the recording. It opens nothing else."""
    return f"/materials/{_sign([confirmation.id, confirmation.speaker.link_key], _MATERIALS, site)}"


def chair_path(chair: Chair, *, site: Site) -> str:
    """The path of the page on which a chair of a working group says how they are named."""
    return f"/chair/{_sign([chair.id, chair.link_key], _CHAIR, site)}"


def subscribing_path(subscription: Subscription, *, site: Site) -> str:
    """The path of the page on which an address is confirmed for mails about calls: only ever mailed there."""
    return f"/subscribe/confirm/{_sign([subscription.id, subscription.link_key], _SUBSCRIBING, site)}"


def subscription_path(subscription: Subscription, *, site: Site) -> str:
    """The path of a subscriber's choices."""
    return f"/subscribe/mine/{_sign([subscription.id, subscription.link_key], _SUBSCRIPTION, site)}"


def leaving_path(subscription: Subscription, *, site: Site) -> str:
    """The path that ends the subscription. Mail programs know it, and it opens nothing else."""
    return f"/subscribe/off/{_sign([subscription.id, subscription.link_key], _LEAVING, site)}"


def find_subscribing(session: Session, token: str, *, site: Site) -> Subscription:
    """The subscription that `token` confirms. Raises NotFound as `find_proposal` does."""
    return _followed(session, token, _SUBSCRIBING, site) or _refuse()


def find_subscription(session: Session, token: str, *, site: Site) -> Subscription:
    """The subscription whose choices `token` opens. Raises NotFound as `find_proposal` does."""
    return _followed(session, token, _SUBSCRIPTION, site) or _refuse()


def find_leaving(session: Session, token: str, *, site: Site) -> Subscription | None:
    """The subscription that `token` ends; None when it has been ended. Raises NotFound for a forged token."""
    return _followed(session, token, _LEAVING, site)


def find_proposal(session: Session, token: str, *, site: Site) -> Proposal:
    """The proposal that `token` opens. Raises NotFound for a forged, foreign or revoked token alike."""
    return _opened(session, token, _PROPOSAL, site)


def find_by_address(session: Session, token: str, *, site: Site) -> Proposal:
    """The proposal whose address the holder of `token` proves. Raises NotFound as `find_proposal` does."""
    return _opened(session, token, _ADDRESS, site)


def find_draft(session: Session, token: str, *, site: Site) -> Proposal:
    """The draft that `token` continues. Raises NotFound as `find_proposal` does, and for a draft that was sent."""
    proposal = _opened(session, token, _DRAFT, site)
    if proposal.state is not ProposalState.DRAFT:
        raise _nothing()
    return proposal


def find_confirmation(session: Session, token: str, *, site: Site) -> Confirmation:
    """The confirmation that `token` opens. Raises NotFound for a forged, foreign or revoked token alike."""
    return _answering(session, token, _CONFIRMATION, site)


def find_materials(session: Session, token: str, *, site: Site) -> Confirmation:
    """The confirmation whose materials `token` opens. Raises NotFound as `find_confirmation` does."""
    return _answering(session, token, _MATERIALS, site)


def find_chair(session: Session, token: str, *, site: Site) -> Chair:
    """The chair whose naming `token` opens. Raises NotFound for a forged, foreign or revoked token alike."""
    chair_id, link_key = _read(token, _CHAIR, site)
    chair = session.get(Chair, chair_id)
    if chair is None or chair.link_key != link_key:
        raise _nothing()
    return chair


def _answering(session: Session, token: str, purpose: str, site: Site) -> Confirmation:
    confirmation_id, link_key = _read(token, purpose, site)
    confirmation = session.scalar(select(Confirmation).where(Confirmation.id == confirmation_id))
    if confirmation is None or confirmation.speaker.link_key != link_key:
        raise _nothing()
    return confirmation


def _opened(session: Session, token: str, purpose: str, site: Site) -> Proposal:
    proposal_id, link_key = _read(token, purpose, site)
    proposal = session.get(Proposal, proposal_id)
    if proposal is None or proposal.link_key != link_key:
        raise _nothing()
    return proposal


def _followed(session: Session, token: str, purpose: str, site: Site) -> Subscription | None:
    subscription_id, link_key = _read(token, purpose, site)
    subscription = session.get(Subscription, subscription_id)
    return subscription if subscription is not None and subscription.link_key == link_key else None


def _refuse() -> NoReturn:
    raise _nothing()


def _nothing() -> NotFound:
    return NotFound("This link does not open anything (any more).")


def _sign(value: list[int | str], purpose: str, site: Site) -> str:
    token: str = URLSafeSerializer(site.secret_key, salt=f"touchpoints.{purpose}").dumps(value)
    return token


def _read(token: str, purpose: str, site: Site) -> tuple[int, str]:
    try:
        row_id, link_key = URLSafeSerializer(site.secret_key, salt=f"touchpoints.{purpose}").loads(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise _nothing() from error
    return int(row_id), str(link_key)
