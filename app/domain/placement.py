"""Whether a talk may stand on a touchpoint: one decision for the drag, the dialog, the answer and the tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from app.domain.localtime import city, in_zone, is_night
from app.domain.proposals import SeriesPreference
from app.domain.states import TouchpointState

SHORT_NOTICE = timedelta(days=14)
"""A speaker who is asked later than this has little time to prepare."""
REPEAT = timedelta(weeks=8)
"""An organisation that spoke within this time of the call would speak again soon."""


class Reason(StrEnum):
    """Why a talk cannot stand there."""

    SKIPPED = "skipped"
    PAST = "past"
    AWAY = "away"
    SECOND_PLACE = "second_place"
    NO_SLOT = "no_slot"
    TOO_LONG = "too_long"


class Doubt(StrEnum):
    """What an organizer may want to think of, and may decide against."""

    NIGHT = "night"
    SAME_CALL = "same_call"
    REPEAT = "repeat"
    CLASH = "clash"
    SISTER = "sister"
    PREFERENCE = "preference"
    SHORT_NOTICE = "short_notice"


class Fit(StrEnum):
    HERE = "here"
    YES = "yes"
    WARN = "warn"
    NO = "no"


@dataclass(frozen=True)
class Problem:
    """A hard reason against a place, in the few words of a slot's header: "20 min too long"."""

    reason: Reason
    words: str


@dataclass(frozen=True)
class Caution:
    """A soft reason: it is shown, and the organizer may go on."""

    doubt: Doubt
    words: str


@dataclass(frozen=True)
class Verdict:
    """What a slot says of a talk: `words` stand in its header, `notes` are all the warnings."""

    fit: Fit
    words: str
    spare: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SpeakerPlace:
    """Where a speaker lives and works. An empty zone or affiliation is not known."""

    time_zone: str
    affiliation: str


@dataclass(frozen=True)
class OtherPlace:
    """Where another talk of the same proposal stands."""

    series_id: int
    words: str


@dataclass(frozen=True)
class Candidate:
    """What is to be placed: an accepted proposal, or one of its talks.

    `here` is the id of the touchpoint on which it stands; `elsewhere` are the places of its proposal's other talks.
    `away_on` holds ids of touchpoints, `away_weekdays` ISO weekdays. `wanted` is the series of a preference for ONE.
    """

    proposal_id: int
    minutes: int
    speakers: tuple[SpeakerPlace, ...]
    preference: SeriesPreference
    wanted: int | None = None
    wanted_name: str = ""
    away_on: frozenset[int] = frozenset()
    away_weekdays: frozenset[int] = frozenset()
    here: int | None = None
    elsewhere: tuple[OtherPlace, ...] = ()

    @cached_property
    def organisations(self) -> Mapping[str, str]:
        """The speakers' organisations as they write them, each once, by its name as it is compared."""
        return {_folded(speaker.affiliation): speaker.affiliation for speaker in self.speakers}


@dataclass(frozen=True)
class Appearance:
    """An organisation that speaks on a call, by a talk of this proposal."""

    affiliation: str
    proposal_id: int
    touchpoint_id: int
    starts_at: datetime


@dataclass(frozen=True)
class Place:
    """A touchpoint as the place of a talk. `used` are the minutes that its talks take; `day` is said in its own zone.

    `same_day` names the other series that meet on that day, `same_time` what sister communities have on then;
    `appearances` are those on this call and near it,
    as `by_organisation` sorts them.
    """

    id: int
    series_id: int
    starts_at: datetime
    time_zone: str
    state: TouchpointState
    slot_minutes: int
    used: int
    same_day: tuple[str, ...] = ()
    same_time: tuple[str, ...] = ()
    appearances: Mapping[str, Sequence[Appearance]] = field(default_factory=dict)


def by_organisation(appearances: Iterable[Appearance]) -> Mapping[str, Sequence[Appearance]]:
    """The appearances of each organisation, however its name is written. Without a name they belong to nobody."""
    sorted_out: dict[str, list[Appearance]] = {}
    for appearance in appearances:
        if key := _folded(appearance.affiliation):
            sorted_out.setdefault(key, []).append(appearance)
    return sorted_out


def problem(candidate: Candidate, place: Place, *, now: datetime) -> Problem | None:
    """Why this talk cannot stand there, or None. A talk may always stay where it is."""
    return next(_problems(candidate, place, now=now), None) if candidate.here != place.id else None


def warnings(candidate: Candidate, place: Place, *, now: datetime) -> tuple[Caution, ...]:
    """What speaks against this place without forbidding it, the most weighty first."""
    return (
        *_nights(candidate, place),
        *_companies(candidate, place),
        *(Caution(Doubt.CLASH, f"{name} meets that day") for name in place.same_day),
        *(_elsewhere(place) if candidate.here != place.id else ()),
        *_wish(candidate, place),
        *(_notice(place, now=now) if candidate.here != place.id else ()),
    )


def verdict(candidate: Candidate, place: Place, *, now: datetime) -> Verdict:
    """What the slot says of this talk, from `problem` and `warnings`."""
    if found := problem(candidate, place, now=now):
        return Verdict(Fit.NO, found.words, 0)
    notes = tuple(caution.words for caution in warnings(candidate, place, now=now))
    if candidate.here == place.id:
        return Verdict(Fit.HERE, "Here now", 0, notes)
    spare = place.slot_minutes - place.used - candidate.minutes
    if notes:
        return Verdict(Fit.WARN, notes[0], spare, notes)
    return Verdict(Fit.YES, f"Fits, {spare} spare" if spare else "Fits exactly", spare)


def _problems(candidate: Candidate, place: Place, *, now: datetime) -> Iterator[Problem]:
    """Every reason against the place, the plainest first."""
    free = place.slot_minutes - place.used
    if place.state is TouchpointState.SKIPPED:
        yield Problem(Reason.SKIPPED, "Skipped")
    if place.starts_at <= now:
        yield Problem(Reason.PAST, "In the past")
    if _is_away(candidate, place):
        yield Problem(Reason.AWAY, "Speaker is away")
    if other := _place_taken_by_itself(candidate, place):
        yield Problem(Reason.SECOND_PLACE, f"Already on {other.words}")
    if not place.slot_minutes:
        yield Problem(Reason.NO_SLOT, "No room for talks")
    if candidate.minutes > free:
        yield Problem(Reason.TOO_LONG, f"{candidate.minutes - free} min too long")


def _is_away(candidate: Candidate, place: Place) -> bool:
    if place.id in candidate.away_on:
        return True
    days = candidate.away_weekdays
    return bool(days) and in_zone(place.starts_at, place.time_zone).isoweekday() in days


def _place_taken_by_itself(candidate: Candidate, place: Place) -> OtherPlace | None:
    """The proposal's other talk that stands in the way of this place, if one does."""
    if len(candidate.elsewhere) >= candidate.preference.talks:
        return candidate.elsewhere[0]
    return next((other for other in candidate.elsewhere if other.series_id == place.series_id), None)


def _nights(candidate: Candidate, place: Place) -> Iterator[Caution]:
    zones = dict.fromkeys(speaker.time_zone for speaker in candidate.speakers if speaker.time_zone)
    for zone in zones:
        if is_night(place.starts_at, zone):
            yield Caution(Doubt.NIGHT, f"{in_zone(place.starts_at, zone):%H:%M} in {city(zone)}")


def _companies(candidate: Candidate, place: Place) -> Iterator[Caution]:
    """One warning for each of the speakers' organisations that another talk brings to this call, or near it."""
    if not place.appearances:
        return
    for key, affiliation in candidate.organisations.items():
        others = [
            appearance
            for appearance in place.appearances.get(key, ())
            if appearance.proposal_id != candidate.proposal_id and abs(appearance.starts_at - place.starts_at) <= REPEAT
        ]
        if any(other.touchpoint_id == place.id for other in others):
            yield Caution(Doubt.SAME_CALL, f"{affiliation} twice on this call")
        elif others:
            nearest = min(others, key=lambda other: abs(other.starts_at - place.starts_at))
            day = in_zone(nearest.starts_at, place.time_zone)
            yield Caution(Doubt.REPEAT, f"{affiliation} also on {day:%-d %b}")


def _wish(candidate: Candidate, place: Place) -> Iterator[Caution]:
    if candidate.preference is SeriesPreference.ONE and candidate.wanted not in (None, place.series_id):
        yield Caution(Doubt.PREFERENCE, f"Asked for {candidate.wanted_name}")


def _elsewhere(place: Place) -> Iterator[Caution]:
    """The head of the slot says the same of the whole call, so that its own cards need not."""
    for event in place.same_time:
        yield Caution(Doubt.SISTER, f"{event} at the same time")


def _notice(place: Place, *, now: datetime) -> Iterator[Caution]:
    ahead = place.starts_at - now
    if ahead < SHORT_NOTICE:
        days = {0: "Less than a day", 1: "Only 1 day"}.get(ahead.days, f"Only {ahead.days} days")
        yield Caution(Doubt.SHORT_NOTICE, f"{days} ahead")


def _folded(affiliation: str) -> str:
    return affiliation.strip().casefold()
