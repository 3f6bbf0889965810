"""Stories of single calls, as the calendar of a subscriber tells them: one entry each, that never vanishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.domain.attribution import Attribution
from app.domain.people import Role
from app.domain.proposals import SeriesPreference
from app.domain.series import RuleDraft
from app.domain.states import ProposalState
from app.models import Proposal, Series, Talk, Touchpoint
from app.services import proposing, scheduling
from app.services import series as keeping
from app.services.auditing import LINK
from app.services.queries.feeds import read_feed
from tests.calendars import ReadEvent
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_touchpoint
from tests.journeys.desk import Desk
from tests.journeys.reading import events_of

BOTH_CHANGES = [  # Madrid and New York change on different days: autumn 2026 and spring 2027
    (datetime(2026, 12, 10, 14, 0), datetime(2026, 12, 10, 13, 0, tzinfo=UTC)),
    (datetime(2027, 3, 18, 14, 0), datetime(2027, 3, 18, 13, 0, tzinfo=UTC)),
    (datetime(2027, 4, 1, 14, 0), datetime(2027, 4, 1, 12, 0, tzinfo=UTC)),
    (datetime(2027, 10, 28, 14, 0), datetime(2027, 10, 28, 12, 0, tzinfo=UTC)),
    (datetime(2027, 11, 4, 14, 0), datetime(2027, 11, 4, 13, 0, tzinfo=UTC)),
]


@dataclass(frozen=True)
class Organizing(Desk):
    """The organizers' desk, with what these stories need beside it."""

    @property
    def saw(self) -> dict[str, object]:
        return {"by": self.by, "site": self.site, "now": self.clock.advance(timedelta(minutes=10))}

    def accepted(self, title: str, *names: str, shared: bool = False) -> Proposal:
        """A proposal that may be placed, of speakers who are named in full."""
        speakers = tuple(make_speaker(name, attribution=Attribution.NAME_AND_AFFILIATION) for name in names)
        preference = SeriesPreference.BOTH if shared else SeriesPreference.EITHER
        return make_proposal(
            self.session, title, state=ProposalState.ACCEPTED, speakers=speakers, preference=preference
        )

    def confirmed(self, proposal: Proposal, onto: Touchpoint) -> Talk:
        """Placed, invited and confirmed."""
        self.invite(proposal, onto)
        [talk] = [talk for talk in self._talks(proposal) if talk.touchpoint is onto]
        self.answer(talk)
        return talk

    def move(self, call: Touchpoint, to: datetime) -> None:
        scheduling.move_touchpoint(self.session, call, to=to, version=call.version, **self.saw)

    def events(self, series: Series) -> list[ReadEvent]:
        """The series' feed as a subscriber has it now."""
        self.session.expire_all()
        return events_of(read_feed(self.session, series.slug, site=self.site, now=self.clock.now).body)

    def event(self, series: Series) -> ReadEvent:
        [event] = self.events(series)
        return event

    def _talks(self, proposal: Proposal) -> list[Talk]:
        return list(self.session.query(Talk).where(Talk.proposal_id == proposal.id))


@pytest.fixture
def desk(session, site, clock) -> Organizing:
    organizers = (
        make_person(session, "Olu Organizer", role=Role.ORGANIZER),
        make_person(session, "Ines Organizer", role=Role.ORGANIZER),
    )
    return Organizing(session, site, clock, organizers)


@pytest.fixture
def thursday(session) -> Series:
    return make_series(session)


def test_a_call_that_moves_across_every_change_of_the_clocks_keeps_its_wall_time(desk, session, thursday):
    (first, _), *moves = BOTH_CHANGES
    call = make_touchpoint(session, thursday, first)
    talk = desk.confirmed(desk.accepted("Upstream first", "Sam Speaker"), call)
    assert (desk.event(thursday).sequence, desk.event(thursday).start) == (0, BOTH_CHANGES[0][1])
    uid, sequence = desk.event(thursday).uid, 0
    for wall, instant in moves:
        desk.move(call, wall)
        desk.answer(talk)
        event = desk.event(thursday)
        assert (event.uid, event.status, event.start, event.end) == (
            uid,
            "CONFIRMED",
            instant,
            instant + timedelta(hours=1),
        )
        assert event.sequence > sequence
        assert f"{wall:%A %-d %B %Y}, 14:00–15:00 Madrid" in event.description
        sequence = event.sequence


def test_a_call_moved_cancelled_restored_and_moved_again_is_one_entry(desk, session, thursday):
    call = make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0))
    proposal = desk.accepted("Upstream first", "Sam Speaker")
    talk = desk.confirmed(proposal, call)
    told = [desk.event(thursday)]

    desk.move(call, datetime(2026, 12, 17, 14, 0))
    told.append(desk.event(thursday))  # nobody has said yes to the new date
    desk.answer(talk)
    told.append(desk.event(thursday))
    scheduling.skip_touchpoint(session, call, reason="A public holiday", version=call.version, **desk.saw)
    told.append(desk.event(thursday))
    scheduling.restore_touchpoint(session, call, version=call.version, **desk.saw)
    desk.confirmed(proposal, call)
    told.append(desk.event(thursday))
    desk.move(call, datetime(2027, 1, 7, 15, 30))
    desk.answer(talk)
    told.append(desk.event(thursday))

    assert {event.uid for event in told} == {told[0].uid}
    assert [event.status for event in told] == [
        *("CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED", "CONFIRMED", "CONFIRMED")
    ]
    sequences = [event.sequence for event in told]
    assert sequences == sorted(set(sequences)), "every change raises SEQUENCE"
    assert "A public holiday" in told[3].description
    assert "Sam Speaker" not in told[3].description
    assert told[-1].start == datetime(2027, 1, 7, 14, 30, tzinfo=UTC)


def test_another_start_from_a_date_on_leaves_what_is_public_alone(desk, session, thursday):
    call = make_touchpoint(session, thursday, datetime(2027, 1, 21, 14, 0))
    desk.confirmed(desk.accepted("Upstream first", "Sam Speaker"), call)
    before = desk.event(thursday)

    later = RuleDraft(
        rhythm="weekly",
        weekday=3,
        weeks=2,
        start=time(17, 0),
        minutes=60,
        zone="America/New_York",
        valid_from=date(2027, 1, 7),
    )
    keeping.add_rule(session, thursday, later, version=thursday.version, by=desk.by, now=desk.clock.now)
    opened = scheduling.open_touchpoints(session, until=date(2027, 2, 4), **desk.saw)

    assert desk.event(thursday) == before
    assert [touchpoint.local_start for touchpoint in opened if touchpoint.local_start.date() < date(2027, 1, 7)] == [
        datetime(2026, 12, 3, 14, 0),
        datetime(2026, 12, 17, 14, 0),
        datetime(2026, 12, 31, 14, 0),
    ]
    after = [touchpoint for touchpoint in opened if touchpoint.local_start.date() >= date(2027, 1, 7)]
    assert {(touchpoint.local_start.time(), touchpoint.time_zone) for touchpoint in after} == {
        (time(17, 0), "America/New_York")
    }
    assert call.local_start.date() not in {touchpoint.local_start.date() for touchpoint in after}


def test_of_two_talks_on_one_call_one_is_withdrawn(desk, session, thursday):
    call = make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0), talk_minutes=40)
    stays, goes = desk.accepted("Upstream first", "Sam Speaker"), desk.accepted("Half an OSPO", "Kim Speaker")
    for proposal in (stays, goes):
        desk.confirmed(proposal, call)
    before = desk.event(thursday)
    assert "Upstream first / Half an OSPO" in before.summary

    proposing.withdraw_proposal(session, goes, **{**desk.saw, "by": LINK})

    after = desk.event(thursday)
    assert (after.uid, after.status, after.start) == (before.uid, "CONFIRMED", before.start)
    assert after.sequence == before.sequence + 1
    assert [word in after.summary + after.description for word in ("Upstream", "Sam", "Half an", "Kim")] == [
        *(True, True, False, False)
    ]


def test_a_talk_shared_by_both_series_moves_on_one_and_the_other_says_so(desk, session, thursday):
    friday = make_series(session, "friday", name="General")
    calls = [
        make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0)),
        make_touchpoint(session, friday, datetime(2026, 12, 11, 17, 0)),
    ]
    proposal = desk.accepted("Upstream first", "Sam Speaker", shared=True)
    talks = [desk.confirmed(proposal, call) for call in calls]
    on_thursday, on_friday = desk.event(thursday), desk.event(friday)
    assert on_thursday.uid != on_friday.uid
    assert "Also: Friday, Friday 11 December 2026, 17:00–18:00 Madrid" in on_thursday.description

    desk.move(calls[1], datetime(2026, 12, 18, 17, 0))
    assert (desk.event(thursday).status, "Also:" in desk.event(thursday).description) == ("CONFIRMED", False)
    desk.answer(talks[1])

    moved = desk.event(thursday)
    assert (moved.uid, moved.start) == (on_thursday.uid, on_thursday.start)
    assert "Also: Friday, Friday 18 December 2026, 17:00–18:00 Madrid" in moved.description
    assert moved.sequence > on_thursday.sequence
    assert desk.event(friday).start == datetime(2026, 12, 18, 16, 0, tzinfo=UTC)
