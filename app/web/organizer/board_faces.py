"""What the board shows of a card and of a slot's head, as values: equal ones look the same (app/web/fragments.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.cities import COMMUNITY_CITIES, City
from app.domain.localtime import in_zone
from app.domain.proposals import SeriesPreference
from app.domain.states import TalkState
from app.models import Proposal, Series, Talk
from app.services.queries.board import Board, Slot
from app.services.queries.board_cards import Card

Asked = tuple[tuple[str, str], ...]
"""The look as arguments of addresses."""


@dataclass(frozen=True)
class Dot:
    """A series as a coloured shape."""

    hue: str
    shape: str


@dataclass(frozen=True)
class CardFace:
    """A card without the verdicts of the slots. Of a talk `talk_key`, `call_key` and `state` are set."""

    id: str
    kind: str
    pk: int
    version: int
    is_movable: bool
    can_invite: bool
    title: str
    proposal_key: str
    talk_key: str
    call_key: str
    state: str
    chip: str
    name: str
    affiliation: str
    role: str
    more_speakers: int
    minutes: int
    wanted: str
    dots: tuple[Dot, ...]
    city: str
    answers: str
    answer_by: str
    is_at_risk: bool
    is_recorded: bool
    also: tuple[str, ...]
    words: tuple[str, ...]
    wishes: tuple[str, ...]
    notes: tuple[str, ...]
    waiting_days: int
    is_late: bool
    asked: Asked


@dataclass(frozen=True)
class SlotFace:
    """The head of a slot: when it is, here and elsewhere, and what can be done with the whole call.

    Where `day_known` is false, `starts_at` stands for its month alone.
    """

    pk: int
    key: str
    starts_at: datetime
    ends_at: datetime
    day_known: bool
    time_zone: str
    visitors_zone: str | None
    cities: tuple[City, ...]
    skipped: bool
    used: int
    total: int
    holds: int
    same_time: tuple[str, ...]
    asked: Asked


def card_face(card: Card, *, dots: tuple[Dot, ...], asked: Mapping[str, str], now: datetime) -> CardFace:
    """`dots` are those of all series, for a proposal that would do on any of them."""
    proposal, talk, lead = card.proposal, card.talk, card.lead
    wanted, dots = _wish(proposal, dots)
    return CardFace(
        id=card.id,
        kind=card.kind,
        pk=card.pk,
        version=card.version,
        is_movable=card.is_movable,
        can_invite=card.can_invite,
        title=proposal.title,
        proposal_key=proposal.key,
        talk_key=talk.key if talk else "",
        call_key=talk.touchpoint.key if talk and talk.touchpoint else "",
        state=talk.state.value if talk else "",
        chip=card.chip,
        name=lead.name,
        affiliation=lead.affiliation,
        role=lead.role_category.short_label,
        more_speakers=len(proposal.speakers) - 1,
        minutes=card.minutes,
        wanted=wanted,
        dots=dots,
        city=card.city,
        answers=_answers(card, talk),
        answer_by=_answer_by(talk, now),
        is_at_risk=card.at_risk,
        is_recorded=card.is_recorded,
        also=card.also,
        words=card.words,
        wishes=card.wishes,
        notes=card.notes,
        waiting_days=card.waiting_days,
        is_late=card.is_late,
        asked=tuple(asked.items()),
    )


def slot_face(slot: Slot, *, zone: str | None, asked: Mapping[str, str]) -> SlotFace:
    """`zone` is the visitor's."""
    call = slot.touchpoint
    return SlotFace(
        pk=call.id,
        key=call.key,
        starts_at=call.starts_at,
        ends_at=call.ends_at,
        day_known=call.day_known,
        time_zone=call.time_zone,
        visitors_zone=zone,
        cities=COMMUNITY_CITIES,
        skipped=slot.skipped,
        used=slot.used,
        total=slot.total,
        holds=slot.holds,
        same_time=() if slot.over else slot.same_time,
        asked=tuple(asked.items()),
    )


def verdict_data(board: Board, card: Card) -> str:
    """What each slot says of the card, as the browser reads it."""
    return json.dumps(board.verdicts_of(card), ensure_ascii=False)


def series_dots(series: Iterable[Series]) -> tuple[Dot, ...]:
    return tuple(Dot(each.hue, each.shape) for each in series)


def _wish(proposal: Proposal, dots: tuple[Dot, ...]) -> tuple[str, tuple[Dot, ...]]:
    """Which series the proposal is for, as a word and as dots."""
    wanted = proposal.preferred_series
    if proposal.preference is SeriesPreference.ONE and wanted is not None:
        return wanted.short_name, series_dots([wanted])
    return ("Both" if proposal.preference is SeriesPreference.BOTH else "Either"), dots


def _answers(card: Card, talk: Talk | None) -> str:
    """How many of several speakers have answered what they were asked."""
    if talk is None or talk.state is not TalkState.INVITED or len(talk.confirmations) < 2:
        return ""
    return f"{card.confirmed} of {len(talk.confirmations)} confirmed"


def _answer_by(talk: Talk | None, now: datetime) -> str:
    """Until when they are asked to answer, as a date in the call's own zone."""
    if talk is None or talk.touchpoint is None or talk.state is not TalkState.INVITED or talk.answer_by is None:
        return ""
    words = "Answer was due" if talk.answer_by < now else "Answer by"
    return f"{words} {in_zone(talk.answer_by, talk.touchpoint.time_zone):%-d %b}"
