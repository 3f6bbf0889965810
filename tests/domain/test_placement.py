"""One function says whether a talk may stand on a touchpoint; another what to think of before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.placement import (
    Appearance,
    Candidate,
    Fit,
    OtherPlace,
    Place,
    Problem,
    Reason,
    SpeakerPlace,
    Verdict,
    by_organisation,
    problem,
    verdict,
    warnings,
)
from app.domain.proposals import SeriesPreference
from app.domain.states import TouchpointState

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
THURSDAYS, FRIDAYS = 1, 2
MADRID = "Europe/Madrid"
DECEMBER_10 = datetime(2026, 12, 10, 14, 0, tzinfo=UTC)  # a Thursday, 15:00 in Madrid
PLACE = Place(
    id=10,
    series_id=THURSDAYS,
    starts_at=DECEMBER_10,
    time_zone=MADRID,
    state=TouchpointState.OPEN,
    slot_minutes=45,
    used=0,
)
CANDIDATE = Candidate(
    proposal_id=7, minutes=25, speakers=(SpeakerPlace(MADRID, "Lumen Rail"),), preference=SeriesPreference.EITHER
)


def words(candidate=CANDIDATE, place=PLACE):
    return [caution.words for caution in warnings(candidate, place, now=NOW)]


def test_a_talk_that_fits_has_no_problem():
    assert problem(CANDIDATE, PLACE, now=NOW) is None


@pytest.mark.parametrize(("used", "reason"), [(20, None), (21, "1 min too long"), (40, "20 min too long")])
def test_minutes_of_talks_never_exceed_the_slot(used, reason):
    found = problem(CANDIDATE, replace(PLACE, used=used), now=NOW)
    assert (found and found.words) == reason


def test_an_agenda_without_a_talk_part_has_no_room():
    found = problem(CANDIDATE, replace(PLACE, slot_minutes=0), now=NOW)
    assert found == Problem(Reason.NO_SLOT, "No room for talks")


def test_a_skipped_call_takes_no_talk():
    found = problem(CANDIDATE, replace(PLACE, state=TouchpointState.SKIPPED), now=NOW)
    assert found == Problem(Reason.SKIPPED, "Skipped")


@pytest.mark.parametrize(
    ("starts_at", "reason"), [(NOW - timedelta(days=1), Reason.PAST), (NOW, Reason.PAST), (DECEMBER_10, None)]
)
def test_a_call_that_has_begun_takes_no_talk(starts_at, reason):
    found = problem(CANDIDATE, replace(PLACE, starts_at=starts_at), now=NOW)
    assert (found and found.reason) == reason


def test_a_speaker_who_is_away_on_that_date_is_not_placed_there():
    away = replace(CANDIDATE, away_on=frozenset({10}))
    assert problem(away, PLACE, now=NOW) == Problem(Reason.AWAY, "Speaker is away")
    assert problem(away, replace(PLACE, id=11), now=NOW) is None


def test_the_weekday_that_a_speaker_cannot_is_that_of_the_calls_own_zone():
    never_on_fridays = replace(CANDIDATE, away_weekdays=frozenset({5}))
    friday_in_tokyo = replace(PLACE, starts_at=DECEMBER_10 + timedelta(hours=2), time_zone="Asia/Tokyo")
    assert problem(never_on_fridays, PLACE, now=NOW) is None
    assert problem(never_on_fridays, friday_in_tokyo, now=NOW) == Problem(Reason.AWAY, "Speaker is away")


@pytest.mark.parametrize("preference", [SeriesPreference.ONE, SeriesPreference.EITHER])
def test_a_second_place_is_refused_to_a_proposal_for_one_series(preference):
    placed = replace(CANDIDATE, preference=preference, elsewhere=(OtherPlace(FRIDAYS, "Fri 4 Dec"),))
    assert problem(placed, PLACE, now=NOW) == Problem(Reason.SECOND_PLACE, "Already on Fri 4 Dec")


def test_a_cross_shared_proposal_has_one_place_on_each_of_two_series():
    shared = replace(CANDIDATE, preference=SeriesPreference.BOTH, elsewhere=(OtherPlace(FRIDAYS, "Fri 4 Dec"),))
    assert problem(shared, PLACE, now=NOW) is None
    assert problem(shared, replace(PLACE, series_id=FRIDAYS), now=NOW) == Problem(
        Reason.SECOND_PLACE, "Already on Fri 4 Dec"
    )
    twice = replace(shared, elsewhere=(*shared.elsewhere, OtherPlace(3, "Mon 7 Dec")))
    assert problem(twice, PLACE, now=NOW) == Problem(Reason.SECOND_PLACE, "Already on Fri 4 Dec")


def test_a_talk_may_always_stay_where_it_is():
    here = replace(CANDIDATE, here=10, away_on=frozenset({10}))
    full = replace(PLACE, used=45, state=TouchpointState.SKIPPED, starts_at=NOW)
    assert problem(here, full, now=NOW) is None


@pytest.mark.parametrize(
    ("zone", "said"), [("Asia/Tokyo", ["23:00 in Tokyo"]), ("America/New_York", []), ("", []), (MADRID, [])]
)
def test_night_hours_of_a_speaker_are_said(zone, said):
    assert words(replace(CANDIDATE, speakers=(SpeakerPlace(zone, ""),))) == said


def test_two_speakers_of_one_city_are_warned_of_once():
    tokyo = SpeakerPlace("Asia/Tokyo", "")
    assert words(replace(CANDIDATE, speakers=(tokyo, tokyo))) == ["23:00 in Tokyo"]


@pytest.mark.parametrize(
    ("touchpoint_id", "days", "said"),
    [
        (10, 0, ["Lumen Rail twice on this call"]),
        (9, -21, ["Lumen Rail also on 19 Nov"]),
        (11, 56, ["Lumen Rail also on 4 Feb"]),
        (11, 57, []),
    ],
)
def test_an_organisation_that_speaks_again_soon_is_said(touchpoint_id, days, said):
    other = Appearance("lumen rail ", 8, touchpoint_id, DECEMBER_10 + timedelta(days=days))
    assert words(place=replace(PLACE, appearances=by_organisation([other]))) == said


def test_the_nearest_of_an_organisations_calls_is_said_and_its_own_talk_is_none():
    appearances = (
        Appearance("Lumen Rail", 8, 11, DECEMBER_10 + timedelta(days=28)),
        Appearance("Lumen Rail", 9, 12, DECEMBER_10 + timedelta(days=7)),
        Appearance("Lumen Rail", 7, 13, DECEMBER_10 + timedelta(days=1)),
        Appearance("Fjordbank", 6, 14, DECEMBER_10),
    )
    assert words(place=replace(PLACE, appearances=by_organisation(appearances))) == ["Lumen Rail also on 17 Dec"]


def test_speakers_without_an_organisation_share_none():
    unknown = replace(CANDIDATE, speakers=(SpeakerPlace(MADRID, ""),))
    assert words(unknown, replace(PLACE, appearances=by_organisation([Appearance(" ", 8, 10, DECEMBER_10)]))) == []


def test_what_a_sister_community_has_on_then_is_said_where_the_talk_is_not_yet():
    place = replace(PLACE, same_time=("OpenChain: Telco call",))
    assert words(place=place) == ["OpenChain: Telco call at the same time"]
    assert words(replace(CANDIDATE, here=PLACE.id), place) == []


def test_another_series_on_the_same_day_is_said():
    assert words(place=replace(PLACE, same_day=("Friday",))) == ["Friday meets that day"]


def test_a_wish_for_the_other_series_is_a_wish():
    wish = replace(CANDIDATE, preference=SeriesPreference.ONE, wanted=FRIDAYS, wanted_name="Friday")
    assert words(wish) == ["Asked for Friday"]
    assert words(replace(wish, wanted=THURSDAYS)) == []
    assert words(replace(wish, wanted=None)) == []
    assert problem(wish, PLACE, now=NOW) is None


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(days=14), []),
        (timedelta(days=13, hours=23), ["Only 13 days ahead"]),
        (timedelta(days=1, hours=2), ["Only 1 day ahead"]),
        (timedelta(hours=5), ["Less than a day ahead"]),
    ],
)
def test_short_notice_is_said(ahead, said):
    at_noon = replace(PLACE, starts_at=NOW + ahead)
    assert words(place=at_noon) == said
    assert words(replace(CANDIDATE, here=10), at_noon) == []


def test_the_most_weighty_warning_is_first():
    tired = replace(
        CANDIDATE,
        speakers=(SpeakerPlace("Asia/Tokyo", "Orbital"),),
        preference=SeriesPreference.ONE,
        wanted=FRIDAYS,
        wanted_name="Friday",
    )
    busy = replace(
        PLACE, same_day=("Friday",), appearances=by_organisation([Appearance("Orbital", 8, 10, DECEMBER_10)])
    )
    assert words(tired, busy) == [
        "23:00 in Tokyo",
        "Orbital twice on this call",
        "Friday meets that day",
        "Asked for Friday",
    ]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (25, Verdict(Fit.YES, "Fits, 20 spare", 20)),
        (45, Verdict(Fit.YES, "Fits exactly", 0)),
        (46, Verdict(Fit.NO, "1 min too long", 0)),
    ],
)
def test_the_verdict_says_how_it_fits(minutes, expected):
    assert verdict(replace(CANDIDATE, minutes=minutes), PLACE, now=NOW) == expected


def test_the_verdict_warns_and_lets_go_on():
    assert verdict(CANDIDATE, replace(PLACE, same_day=("Friday",)), now=NOW) == Verdict(
        Fit.WARN, "Friday meets that day", 20, ("Friday meets that day",)
    )


def test_the_verdict_on_its_own_place_keeps_the_warnings():
    assert verdict(replace(CANDIDATE, here=10), replace(PLACE, used=45, same_day=("Friday",)), now=NOW) == Verdict(
        Fit.HERE, "Here now", 0, ("Friday meets that day",)
    )
