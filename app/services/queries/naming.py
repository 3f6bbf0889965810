"""How one speaker is named in each of their talks, and the receipts of what they took back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.attribution import public_name
from app.domain.publication import Audience
from app.domain.receipts import Receipt
from app.domain.site import Site
from app.domain.states import TalkState
from app.domain.working_groups import public_chair
from app.models import Chair, Confirmation, Retraction, Speaker, Talk, Touchpoint
from app.services.links import chair_path, naming_path
from app.services.talk_facts import speaker_facts
from app.services.working_groups.publishing import chair_facts, public_group_name


@dataclass(frozen=True)
class NamedTalk:
    """A talk that its speaker was asked for. `shown` is how the public knows them; empty where it names nobody.

    `path` opens the page on which they choose for this talk.
    """

    title: str
    call: Touchpoint | None
    level: str
    shown: str
    path: str
    is_this: bool


@dataclass(frozen=True)
class KeptReceipt:
    """A receipt with the title that the talk has today."""

    title: str
    receipt: Receipt


@dataclass(frozen=True)
class NamedChair:
    """A working group that they chair; `shown` is what its page says of them, `path` where they choose that."""

    group: str
    shown: str
    path: str


@dataclass(frozen=True)
class NamingPage:
    """The talks, the latest first, the receipts, the newest first, and the groups that they chair."""

    talks: Sequence[NamedTalk]
    receipts: Sequence[KeptReceipt]
    chaired: Sequence[NamedChair] = ()


def read_naming(session: Session, confirmation: Confirmation, *, site: Site) -> NamingPage:
    """For the holder of this answer's link: all talks of the same address, and the receipts of this one alone."""
    address = confirmation.speaker.email
    answers = _answers(session, address) if address else [confirmation]
    talks = [_line(answer, this=confirmation, site=site) for answer in answers]
    return NamingPage(talks, _receipts(session, [confirmation.id]))


def read_my_naming(session: Session, address: str, *, site: Site) -> NamingPage:
    """For whoever has proven that they read `address`: all their talks and groups, and all receipts."""
    answers = _answers(session, address)
    talks = [_line(answer, this=None, site=site) for answer in answers]
    return NamingPage(talks, _receipts(session, [answer.id for answer in answers]), _chaired(session, address, site))


def _chaired(session: Session, address: str, site: Site) -> list[NamedChair]:
    query = select(Chair).where(Chair.email == address).options(joinedload(Chair.group)).order_by(Chair.id)
    chairs = session.scalars(query).all()
    names = [public_group_name(session, chair.group) for chair in chairs]
    return [
        NamedChair(name, public_chair(chair_facts(chair)), chair_path(chair, site=site))
        for name, chair in zip(names, chairs, strict=True)
    ]


def _answers(session: Session, address: str) -> Sequence[Confirmation]:
    """What this speaker has been asked or has answered: nobody reads here of a hold that organizers think of."""
    asked = or_(Talk.invited_at.is_not(None), Talk.state == TalkState.CONFIRMED, Confirmation.answered_at.is_not(None))
    query = (
        select(Confirmation)
        .join(Talk, Talk.id == Confirmation.talk_id)
        .join(Speaker, Speaker.id == Confirmation.speaker_id)
        .outerjoin(Touchpoint, Touchpoint.id == Talk.touchpoint_id)
        .where(Speaker.email == address, asked)
        .options(
            joinedload(Confirmation.talk).options(
                joinedload(Talk.proposal), joinedload(Talk.touchpoint).joinedload(Touchpoint.series)
            )
        )
        .order_by(Touchpoint.starts_at.desc().nulls_last(), Confirmation.id.desc())
    )
    return session.scalars(query).unique().all()


def _receipts(session: Session, confirmation_ids: Sequence[int]) -> list[KeptReceipt]:
    query = (
        select(Retraction)
        .where(Retraction.confirmation_id.in_(confirmation_ids))
        .options(joinedload(Retraction.confirmation).joinedload(Confirmation.talk).joinedload(Talk.proposal))
        .order_by(Retraction.at.desc(), Retraction.id.desc())
    )
    rows = session.scalars(query).unique()
    return [KeptReceipt(row.confirmation.talk.proposal.title, Receipt.from_json(row.receipt)) for row in rows]


def _line(answer: Confirmation, *, this: Confirmation | None, site: Site) -> NamedTalk:
    talk, call = answer.talk, answer.talk.touchpoint
    names = talk.state is TalkState.CONFIRMED and call is not None and call.series.audience is Audience.OPEN
    return NamedTalk(
        title=talk.proposal.title,
        call=call,
        level=answer.attribution.label if answer.attribution else "Not chosen yet",
        shown=str(public_name(speaker_facts(answer.speaker, answer))) if names else "",
        path=naming_path(answer, site=site),
        is_this=answer is this,
    )
