"""Rows to the values that `domain.placement` decides on: the same for one move and for the whole board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.domain.placement import Appearance, Candidate, OtherPlace, Place, SpeakerPlace
from app.domain.states import ON_THE_BOARD, TAKES_MINUTES
from app.models import Proposal, Talk, Touchpoint


def short_date(touchpoint: Touchpoint) -> str:
    """The call's date in its own zone: "Thu 10 Dec"."""
    return f"{touchpoint.local_start:%a %-d %b}"


def candidate_of(proposal: Proposal, *, talk: Talk | None, talks: Iterable[Talk]) -> Candidate:
    """`talk` of the proposal, or the proposal itself, as what is to be placed. `talks` are all that it has."""
    others = [other for other in talks if other is not talk and other.state in ON_THE_BOARD]
    wanted = proposal.preferred_series
    return Candidate(
        proposal_id=proposal.id,
        minutes=talk.minutes if talk else proposal.minutes,
        speakers=tuple(SpeakerPlace(speaker.time_zone, speaker.affiliation) for speaker in proposal.speakers),
        preference=proposal.preference,
        wanted=proposal.preferred_series_id,
        wanted_name=wanted.short_name if wanted else "",
        away_on=frozenset(touchpoint.id for touchpoint in proposal.away_touchpoints),
        away_weekdays=frozenset(proposal.away_weekdays),
        here=talk.touchpoint_id if talk else None,
        elsewhere=tuple(
            OtherPlace(other.touchpoint.series_id, short_date(other.touchpoint))
            for other in others
            if other.touchpoint is not None
        ),
    )


def place_of(
    touchpoint: Touchpoint,
    talks: Iterable[Talk],
    *,
    same_day: tuple[str, ...] = (),
    same_time: tuple[str, ...] = (),
    appearances: Mapping[str, Sequence[Appearance]] | None = None,
) -> Place:
    """The touchpoint as a place; `talks` are those that stand on it."""
    return Place(
        id=touchpoint.id,
        series_id=touchpoint.series_id,
        starts_at=touchpoint.starts_at,
        time_zone=touchpoint.time_zone,
        state=touchpoint.state,
        slot_minutes=touchpoint.slot_minutes,
        used=used_minutes(talks),
        same_day=same_day,
        same_time=same_time,
        appearances=appearances or {},
    )


def used_minutes(talks: Iterable[Talk]) -> int:
    """The minutes that these talks take of a slot; a declined one waits there without taking any."""
    return sum(talk.minutes for talk in talks if talk.state in TAKES_MINUTES)
