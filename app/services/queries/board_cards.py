"""Cards of the board: a talk on a touchpoint, or an accepted proposal that waits for one, as organizers see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.invitations import is_at_risk
from app.domain.localtime import city
from app.domain.placement import Candidate, Verdict
from app.domain.states import ON_THE_BOARD, ConfirmationState, ProposalState, TalkState
from app.models import Proposal, Speaker, Talk, Touchpoint
from app.services.answering import in_words, may_not_come
from app.services.board_facts import candidate_of, short_date

LATE_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class Card:
    """`verdicts` holds the fit of each touchpoint by its id; a card that cannot be moved has none."""

    proposal: Proposal
    talk: Talk | None
    candidate: Candidate
    waiting: timedelta
    also: tuple[str, ...]
    wishes: tuple[str, ...]
    at_risk: bool
    verdicts: Mapping[int, Verdict] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return "proposal" if self.talk is None else "talk"

    @property
    def pk(self) -> int:
        return self.proposal.id if self.talk is None else self.talk.id

    @property
    def id(self) -> str:
        """The card's name in addresses, forms and elements: "talk-12", "proposal-7"."""
        return f"{self.kind}-{self.pk}"

    @property
    def version(self) -> int:
        return self.proposal.version if self.talk is None else self.talk.version

    @property
    def minutes(self) -> int:
        return self.candidate.minutes

    @property
    def lead(self) -> Speaker:
        return self.proposal.speakers[0]

    @property
    def city(self) -> str:
        """The city of the first speaker's zone, or nothing."""
        return city(self.lead.time_zone) if self.lead.time_zone else ""

    @property
    def chip(self) -> str:
        """How the state looks: a key of the table of chips."""
        if self.talk is None:
            return ProposalState.ACCEPTED.value
        return "at_risk" if self.at_risk else self.talk.state.value

    @property
    def is_movable(self) -> bool:
        """Whether it waits, or stands on a call that has not begun."""
        return bool(self.verdicts) or self.talk is None

    @property
    def can_invite(self) -> bool:
        """Whether its speakers can be asked (again) for the date on which it stands."""
        return self.is_movable and self.talk is not None and self.talk.state in {TalkState.HOLD, TalkState.DECLINED}

    @property
    def notes(self) -> tuple[str, ...]:
        """What speaks against the place where it stands, without forbidding it."""
        here = self.candidate.here
        return self.verdicts[here].notes if here is not None and here in self.verdicts else ()

    @property
    def waiting_days(self) -> int:
        return max(0, self.waiting.days)

    @property
    def is_late(self) -> bool:
        return self.waiting > LATE_AFTER

    @property
    def is_recorded(self) -> bool:
        """Whether every speaker agreed to be recorded."""
        consents = self.talk.confirmations if self.talk else self.proposal.speakers
        return bool(consents) and all(consent.recording_consent for consent in consents)

    @property
    def confirmed(self) -> int:
        """How many of the talk's speakers have confirmed."""
        return (
            sum(answer.state is ConfirmationState.CONFIRMED for answer in self.talk.confirmations) if self.talk else 0
        )

    @property
    def words(self) -> tuple[str, ...]:
        """What the speakers' calendars say about this date, and what those who declined it on their page said."""
        answers = self.talk.confirmations if self.talk else []
        by_calendar = [f"{answer.speaker.name}: {said}" for answer in answers if (said := in_words(answer))]
        declined = [answer.words for answer in answers if answer.state is ConfirmationState.DECLINED and answer.words]
        return (*by_calendar, *declined)


def make_card(
    proposal: Proposal, talk: Talk | None, *, talks: Iterable[Talk], dates: Mapping[int, str], now: datetime
) -> Card:
    """The card without verdicts. `talks` are all of the proposal's on the board, `dates` the words of wished dates."""
    others = [other for other in talks if other is not talk and other.state in ON_THE_BOARD]
    return Card(
        proposal=proposal,
        talk=talk,
        candidate=candidate_of(proposal, talk=talk, talks=others),
        waiting=now - (proposal.submitted_at or proposal.created_at),
        also=tuple(short_date(other.touchpoint) for other in others if other.touchpoint),
        wishes=tuple(dates[wish] for wish in wished_by(talk) if wish in dates),
        at_risk=talk is not None and _is_at_risk(talk, now=now),
    )


def _is_at_risk(talk: Talk, *, now: datetime) -> bool:
    """Whether the answer is late, or a speaker's calendar says that they may not come after all."""
    late = is_at_risk(talk.state, answer_by=talk.answer_by, reminded_at=talk.reminded_at, now=now)
    return late or any(map(may_not_come, talk.confirmations))


def wished_by(talk: Talk | None) -> Sequence[int]:
    """The ids of the touchpoints that the speakers who declined could do instead, each once."""
    answers = talk.confirmations if talk else []
    declined = [answer for answer in answers if answer.state is ConfirmationState.DECLINED]
    return list(dict.fromkeys(wish for answer in declined for wish in answer.wishes))


def matches(card: Card, *, text: str, series_id: int | None) -> bool:
    """Whether the card is among what was asked: every word somewhere in title, names and organisations, and a series
    that the proposal is for and does not stand on already.
    """
    speakers = card.proposal.speakers
    heap = " ".join(
        [card.proposal.title, *(f"{speaker.name} {speaker.affiliation}" for speaker in speakers)]
    ).casefold()
    wanted = card.candidate.wanted
    there = any(other.series_id == series_id for other in card.candidate.elsewhere)
    for_series = series_id is None or (wanted in (None, series_id) and not there)
    return for_series and all(word in heap for word in text.casefold().split())


def is_over(touchpoint: Touchpoint, now: datetime) -> bool:
    """Whether the call has begun: what stands there stays there."""
    return touchpoint.starts_at <= now
