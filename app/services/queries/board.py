"""The board in a number of queries that does not grow: inbox, columns, slots, cards, and every verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.placement import Appearance, Fit, Place, Verdict, by_organisation, verdict
from app.domain.publication import PublicStatus
from app.domain.states import TalkState, TouchpointState
from app.models import Person, Proposal, Series, Talk, Touchpoint
from app.services.board_facts import place_of, short_date, used_minutes
from app.services.board_moves import last_moves
from app.services.changes import Change, last_change
from app.services.queries import board_rows as rows
from app.services.queries.board_cards import Card, is_over, make_card, matches
from app.services.queries.sister_states import read_clashes

MONTHS = 3
NEEDED_WITHIN = timedelta(days=42)
"""From here on an empty date needs a speaker; before, nothing is planned yet."""
WORTH_SAYING = 10
"""The least free minutes that a talk could use."""


@dataclass(frozen=True)
class Look:
    """What the organizer asked to see: `first` is the first month's first day, None for the months that come."""

    first: date | None = None
    text: str = ""
    series: str = ""


@dataclass(frozen=True)
class Slot:
    """A touchpoint with its cards, in their order. `over` calls are only shown; `same_time` is on elsewhere."""

    touchpoint: Touchpoint
    cards: tuple[Card, ...]
    used: int
    over: bool
    days_left: int
    in_public: PublicStatus | None = None
    same_time: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.touchpoint.slot_minutes

    @property
    def free(self) -> int:
        return self.total - self.used

    @property
    def skipped(self) -> bool:
        return self.touchpoint.state is TouchpointState.SKIPPED

    @property
    def date(self) -> str:
        return short_date(self.touchpoint)

    @property
    def holds(self) -> int:
        """How many talks could be invited now."""
        return 0 if self.over else sum(card.chip == TalkState.HOLD.value for card in self.cards)

    @property
    def needs_speaker(self) -> bool:
        return not (self.used or self.over or self.skipped) and timedelta(days=self.days_left) < NEEDED_WITHIN

    @property
    def hint(self) -> str:
        """The one quiet line under the cards, or nothing."""
        if self.skipped:
            return ""
        if self.over:
            return "" if self.cards else "No talk was held"
        if self.needs_speaker:
            return (
                f"Needs a speaker, {self.days_left} days left" if self.days_left != 1 else "Needs a speaker, 1 day left"
            )
        if not self.cards:
            return "Nothing planned yet"
        return f"{self.free} min free" if self.free >= WORTH_SAYING else ""


@dataclass(frozen=True)
class Column:
    series: Series
    rhythm: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Board:
    """Everything on the page. `inbox` is filtered by the look, `waiting` counts all of it."""

    look: Look
    first: date
    inbox: tuple[Card, ...]
    waiting: int
    columns: tuple[Column, ...]
    empty_dates: int
    last: Change | None
    undoable: bool
    revision: str

    @property
    def final(self) -> date:
        """The last month's first day."""
        return self.first + relativedelta(months=MONTHS - 1)

    @property
    def earlier(self) -> date:
        return self.first - relativedelta(months=MONTHS)

    @property
    def later(self) -> date:
        return self.first + relativedelta(months=MONTHS)

    @property
    def slots(self) -> dict[int, Slot]:
        """The slots by the id of their touchpoint."""
        return {slot.touchpoint.id: slot for column in self.columns for slot in column.slots}

    @property
    def cards(self) -> dict[str, Card]:
        """All cards by their id, those in the inbox first."""
        placed = (card for slot in self.slots.values() for card in slot.cards)
        return {card.id: card for card in (*self.inbox, *placed)}

    def verdicts_of(self, card: Card) -> dict[str, tuple[str, str]]:
        """What each slot that is shown says of the card, by the slot's id, as plain words for the browser."""
        return {str(pk): (card.verdicts[pk].fit.value, card.verdicts[pk].words) for pk in card.verdicts}


@dataclass(frozen=True)
class Choice:
    """A touchpoint in the Move dialog, with the card's verdict."""

    touchpoint: Touchpoint
    verdict: Verdict
    wished: bool

    @property
    def possible(self) -> bool:
        return self.verdict.fit is not Fit.NO


@dataclass(frozen=True)
class Move:
    """The Move dialog: a card and every coming touchpoint, by series."""

    card: Card
    choices: tuple[tuple[Series, tuple[Choice, ...]], ...]


def read_board(session: Session, look: Look, *, organizer: Person, now: datetime) -> Board:
    """The board of three months; without a first month, of those that come, without the calls that are over."""
    first = look.first or rows.first_month(session, now=now)
    series = rows.read_series(session)
    touchpoints = rows.read_touchpoints(
        session, since=first, until=first + relativedelta(months=MONTHS), ending_after=None if look.first else now
    )
    cards = _Cards(session, touchpoints, rows.read_inbox(session), now=now)
    inbox = cards.inbox()
    chosen = next((each for each in series if each.slug == look.series), None)
    shown = [card for card in inbox if matches(card, text=look.text, series_id=chosen.id if chosen else None)]
    return Board(
        look=look,
        first=first,
        inbox=tuple(shown),
        waiting=len(inbox),
        columns=tuple(
            Column(each, rows.rhythm(each, now=now), cards.slots(each))
            for each in series
            if not rows.has_ended(each, now=now) or any(touchpoint.series_id == each.id for touchpoint in touchpoints)
        ),
        empty_dates=rows.count_empty_dates(session, now=now),
        last=last_change(session),
        undoable=bool(last_moves(session, organizer, now=now)),
        revision=rows.read_revision(session, now=now),
    )


def read_move(session: Session, kind: str, pk: int, *, now: datetime) -> Move:
    """The card and where it could go. Raises NotFound for what is neither on the board nor in the inbox."""
    touchpoints = rows.read_touchpoints(session, since=now.date() - timedelta(days=1), until=None, ending_after=now)
    talk = rows.read_talk(session, pk) if kind == "talk" else None
    inbox = [proposal for proposal in rows.read_inbox(session) if kind == "proposal" and proposal.id == pk]
    if talk is None and not inbox:
        raise NotFound("There is no such card on the board.")
    cards = _Cards(session, touchpoints, inbox if talk is None else [talk.proposal], now=now)
    card = cards.card(inbox[0], None) if talk is None else cards.card(talk.proposal, talk)
    by_series = defaultdict(list)
    for touchpoint in touchpoints:
        choice = Choice(touchpoint, card.verdicts[touchpoint.id], short_date(touchpoint) in card.wishes)
        by_series[touchpoint.series].append(choice)
    order = sorted(by_series, key=lambda series: (series.position, series.id))
    return Move(card, tuple((series, tuple(by_series[series])) for series in order))


class _Cards:
    """The cards of these touchpoints and waiting proposals, with what their verdicts are made of."""

    def __init__(
        self, session: Session, touchpoints: Sequence[Touchpoint], waiting: Sequence[Proposal], *, now: datetime
    ) -> None:
        self.now, self.touchpoints, self.waiting = now, touchpoints, waiting
        talks = rows.read_talks(session, touchpoints, waiting)
        self.on_touchpoint: dict[int | None, list[Talk]] = defaultdict(list)
        self.of_proposal: dict[int, list[Talk]] = defaultdict(list)
        for talk in talks:
            self.on_touchpoint[talk.touchpoint_id].append(talk)
            self.of_proposal[talk.proposal_id].append(talk)
        self.in_public = rows.read_public_statuses(session, touchpoints)
        self.dates = rows.read_wished_dates(session, talks)
        self.same_time = read_clashes(session, touchpoints)
        self.places = _places(touchpoints, self.on_touchpoint, talks, self.same_time)

    def inbox(self) -> list[Card]:
        """The cards of the waiting proposals, the longest waiting first."""
        cards = [self.card(proposal, None) for proposal in self.waiting]
        return sorted(cards, key=lambda card: (-card.waiting, card.pk))

    def slots(self, series: Series) -> tuple[Slot, ...]:
        return tuple(self._slot(touchpoint) for touchpoint in self.touchpoints if touchpoint.series_id == series.id)

    def card(self, proposal: Proposal, talk: Talk | None) -> Card:
        card = make_card(proposal, talk, talks=self.of_proposal[proposal.id], dates=self.dates, now=self.now)
        if talk is not None and talk.touchpoint is not None and is_over(talk.touchpoint, self.now):
            return card
        verdicts = {place.id: verdict(card.candidate, place, now=self.now) for place in self.places}
        return replace(card, verdicts=verdicts)

    def _slot(self, touchpoint: Touchpoint) -> Slot:
        talks = self.on_touchpoint[touchpoint.id]
        return Slot(
            touchpoint=touchpoint,
            cards=tuple(self.card(talk.proposal, talk) for talk in talks),
            used=used_minutes(talks),
            over=is_over(touchpoint, self.now),
            days_left=(touchpoint.starts_at - self.now).days,
            in_public=self.in_public.get(touchpoint.id),
            same_time=self.same_time.get(touchpoint.id, ()),
        )


def _places(
    touchpoints: Sequence[Touchpoint],
    talks: Mapping[int | None, Sequence[Talk]],
    near: Iterable[Talk],
    same_time: Mapping[int, tuple[str, ...]],
) -> list[Place]:
    appearances = by_organisation(
        Appearance(speaker.affiliation, talk.proposal_id, talk.touchpoint.id, talk.touchpoint.starts_at)
        for talk in near
        if talk.touchpoint is not None
        for speaker in talk.proposal.speakers
    )
    by_day: dict[date, dict[int, str]] = defaultdict(dict)
    for touchpoint in touchpoints:
        if touchpoint.state is TouchpointState.OPEN:
            by_day[touchpoint.local_start.date()][touchpoint.series_id] = touchpoint.series.short_name
    return [
        place_of(
            touchpoint,
            talks[touchpoint.id],
            same_day=tuple(
                name
                for series_id, name in by_day[touchpoint.local_start.date()].items()
                if series_id != touchpoint.series_id
            ),
            same_time=same_time.get(touchpoint.id, ()),
            appearances=appearances,
        )
        for touchpoint in touchpoints
    ]
