"""Whatever organizers and speakers do, in any order: the feed and every calendar say what the tables say.

Hypothesis walks at random through the use cases. After each step a subscriber reads the feed; now and then mail leaves,
and each speaker's calendar takes the entries as RFC 5546 says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.domain.attribution import Attribution
from app.domain.confirming import Answer
from app.domain.errors import Conflict, InvalidInput, RuleViolation
from app.domain.people import Role
from app.domain.site import Site
from app.domain.states import ProposalState, TalkState, TouchpointState
from app.mail.transport import MemoryTransport
from app.models import Confirmation, Person, Proposal, Series, Talk, Touchpoint
from app.services import confirming, inviting, outbox, placing, proposing, scheduling, undoing
from app.services.auditing import LINK, Actor
from app.services.queries.feeds import read_feed
from tests.calendars import ReadEvent, octet_problems, read_with_icalendar
from tests.cast import NOW, make_person, make_proposal, make_series, make_speaker, make_touchpoint
from tests.conftest import Clock

# Thursdays around the end of summer time in Madrid, 25 October 2026, at the wall time of the series.
FIRST = datetime(2026, 10, 15, 14, 0)
START = datetime(2026, 9, 7, 9, 0, tzinfo=NOW.tzinfo)
CALLS, TALKS = 4, 3
WHICH = st.integers(0, 11)
_REFUSED = (Conflict, InvalidInput, RuleViolation)
_numbers = count()


@dataclass(frozen=True)
class Entry:
    """An entry in a speaker's calendar."""

    sequence: int
    stamp: datetime
    status: str
    start: datetime
    summary: str


@dataclass
class Subscriber:
    """A calendar that believes SEQUENCE, as most do: what has not risen is not read again."""

    events: dict[str, ReadEvent] = field(default_factory=dict)

    def read(self, body: bytes) -> None:
        """Take over the feed; complain of what a calendar would get wrong."""
        assert octet_problems(body) == []
        events = {event.uid: event for event in read_with_icalendar(body)}
        assert not self.events.keys() - events.keys(), "a call that was public has vanished"
        for uid, event in events.items():
            known = self.events.get(uid)
            if known is not None and event.sequence != known.sequence:
                assert event.sequence > known.sequence, "SEQUENCE fell"
                assert replace(event, sequence=0) != replace(known, sequence=0), "SEQUENCE rose and nothing changed"
            elif known is not None:
                assert event == known, "it changed and SEQUENCE did not rise"
        self.events = events


class Community(RuleBasedStateMachine):
    """One series, its calls, and its talks: each of two speakers, the second of whom may stay unnamed."""

    def __init__(self, session: Session, site: Site) -> None:
        super().__init__()
        self.session, self.site, self.clock = session, site, Clock(START)
        self.letters, self.sent = MemoryTransport(), 0
        self.subscriber, self.seen = Subscriber(), set[str]()
        self.calendars: dict[tuple[str, str], Entry] = {}

    @initialize()
    def begin(self) -> None:
        number = next(_numbers)
        self.organizer: Person = make_person(self.session, "Olu", role=Role.ORGANIZER, email=f"olu{number}@example.org")
        self.series: Series = make_series(self.session, f"series-{number}", name=f"Series {number}")
        self.calls: list[Touchpoint] = [
            make_touchpoint(self.session, self.series, FIRST + timedelta(weeks=week), talk_minutes=40)
            for week in range(CALLS)
        ]
        self.proposals: list[Proposal] = [self._accepted(f"Talk {letter} of {number}") for letter in "ABC"[:TALKS]]
        self.session.commit()
        for which in range(2):
            self.place(which, 0)
            self.invite(which)
        self.confirm(0, corrected=False, named=Attribution.NAME, recorded=True)
        self.the_feed_says_what_the_tables_say()

    @rule(which=WHICH, onto=WHICH)
    def place(self, which: int, onto: int) -> None:
        proposal = self.proposals[which % TALKS]
        self._do(
            lambda saw: placing.place_proposal(
                self.session, proposal, onto=self._call(onto), version=proposal.version, **saw
            )
        )

    @rule(which=WHICH)
    def invite(self, which: int) -> None:
        self._with_talk(which, lambda talk, saw: inviting.invite_talk(self.session, talk, version=talk.version, **saw))

    @rule(which=WHICH, onto=WHICH)
    def move(self, which: int, onto: int) -> None:
        self._with_talk(
            which,
            lambda talk, saw: placing.move_talk(self.session, talk, onto=self._call(onto), version=talk.version, **saw),
        )

    @rule(which=WHICH)
    def release(self, which: int) -> None:
        self._with_talk(which, lambda talk, saw: placing.release_talk(self.session, talk, version=talk.version, **saw))

    @rule()
    def undo(self) -> None:
        self._do(lambda saw: undoing.undo_last_move(self.session, self.organizer, site=self.site, now=saw["now"]))

    @rule(which=WHICH, corrected=st.booleans(), named=st.sampled_from(Attribution), recorded=st.booleans())
    def confirm(self, which: int, corrected: bool, named: Attribution, recorded: bool) -> None:
        def say_yes(talk: Talk, saw: dict[str, object]) -> None:
            title = f"{talk.proposal.title.removesuffix('!')}!" if corrected else talk.proposal.title
            for confirmation in list(talk.confirmations):
                answer = Answer(title, talk.proposal.abstract, named, recorded)
                confirming.confirm_talk(self.session, confirmation, answer, **{**saw, "by": LINK})

        self._with_talk(which, say_yes)

    @rule(which=WHICH, who=st.integers(0, 1))
    def confirm_on_behalf(self, which: int, who: int) -> None:
        self._with_answer(
            which,
            who,
            lambda confirmation, saw: confirming.confirm_on_behalf(self.session, confirmation, note="By phone", **saw),
        )

    @rule(which=WHICH, who=st.integers(0, 1))
    def ask_for_another_date(self, which: int, who: int) -> None:
        self._with_answer(
            which,
            who,
            lambda confirmation, saw: confirming.ask_for_another_date(
                self.session, confirmation, wishes=(), words="I am travelling", **{**saw, "by": LINK}
            ),
        )

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        if which:  # seldom: nothing can be done with it afterwards
            return
        proposal = self.proposals[which]
        self._do(lambda saw: proposing.withdraw_proposal(self.session, proposal, **{**saw, "by": LINK}))

    @rule(which=WHICH, weeks=st.integers(0, 3), hours=st.integers(-2, 2))
    def move_call(self, which: int, weeks: int, hours: int) -> None:
        call = self._call(which)
        to = FIRST + timedelta(weeks=weeks, hours=hours)
        self._do(lambda saw: scheduling.move_touchpoint(self.session, call, to=to, version=call.version, **saw))

    @rule(which=WHICH)
    def skip(self, which: int) -> None:
        call = self._call(which)
        self._do(
            lambda saw: scheduling.skip_touchpoint(
                self.session, call, reason="Public holiday", version=call.version, **saw
            )
        )

    @rule(which=WHICH)
    def restore(self, which: int) -> None:
        call = self._call(which)
        self._do(lambda saw: scheduling.restore_touchpoint(self.session, call, version=call.version, **saw))

    @rule(minutes=st.sampled_from([1, 4, 10, 600]))
    def let_mail_leave(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))
        self._deliver()

    @invariant()
    def the_feed_says_what_the_tables_say(self) -> None:
        if not hasattr(self, "series"):
            return
        self.session.expire_all()
        body = read_feed(self.session, self.series.slug, site=self.site, now=self.clock.now).body
        self.subscriber.read(body)
        self.session.rollback()
        for call in self.calls:
            event = self.subscriber.events.get(f"{call.uid}@{self.site.uid_domain}")
            confirmed = [
                talk for talk in self._talks() if talk.touchpoint is call and talk.state is TalkState.CONFIRMED
            ]
            if call.state is TouchpointState.OPEN and confirmed:
                assert event is not None
                self.seen.add(event.uid)
                assert (event.status, event.start) == ("CONFIRMED", call.starts_at)
                assert event.end - event.start == timedelta(minutes=call.minutes)
                in_order = sorted(confirmed, key=lambda talk: talk.position)
                assert event.summary == f"{self.series.short_name}: " + " / ".join(
                    talk.proposal.title for talk in in_order
                )
                _expect_named(event, confirmed)
            elif event is not None:
                assert (event.uid in self.seen, event.status) == (True, "CANCELLED")
                assert not [title for title in self._titles() if title in event.summary + event.description]
            else:
                assert call.uid not in self.seen

    def teardown(self) -> None:
        """When all mail has left, each calendar has the talk where it is, or as taken back."""
        if not hasattr(self, "series"):
            return
        self.clock.advance(timedelta(hours=1))
        self._deliver()
        for talk in self._talks():
            for confirmation in talk.confirmations:
                entry = self.calendars.get((confirmation.speaker.email, f"{talk.uid}@{self.site.uid_domain}"))
                if talk.state is TalkState.CONFIRMED:
                    assert entry is not None, "a confirmed speaker has no entry"
                    assert (entry.status, entry.start) == ("CONFIRMED", talk.touchpoint.starts_at)
                    assert talk.proposal.title in entry.summary
                elif talk.touchpoint is None:
                    assert entry is None or entry.status == "CANCELLED", "a talk without a date is in a calendar"
                elif entry is not None and entry.status != "CANCELLED":
                    assert entry.start == talk.touchpoint.starts_at, "a calendar has an old date"
        self.session.rollback()

    def _do(self, act: Callable[[dict[str, object]], object]) -> None:
        """Act as the organizer now. What is refused leaves everything as it was."""
        try:
            act({"by": Actor.signed_in(self.organizer), "site": self.site, "now": self.clock.now})
        except _REFUSED:
            self.session.rollback()
        self.clock.advance(timedelta(seconds=1))

    def _with_talk(self, which: int, act: Callable[[Talk, dict[str, object]], object]) -> None:
        talks = self._talks()
        if talks:
            self._do(lambda saw: act(talks[which % len(talks)], saw))

    def _with_answer(self, which: int, who: int, act: Callable[[Confirmation, dict[str, object]], object]) -> None:
        self._with_talk(which, lambda talk, saw: act(talk.confirmations[who], saw))

    def _call(self, which: int) -> Touchpoint:
        return self.calls[which % CALLS]

    def _talks(self) -> list[Talk]:
        ours = [proposal.id for proposal in self.proposals]
        return list(self.session.scalars(select(Talk).where(Talk.proposal_id.in_(ours)).order_by(Talk.id)))

    def _titles(self) -> list[str]:
        return [proposal.title for proposal in self.proposals]

    def _accepted(self, title: str) -> Proposal:
        slug = title.replace(" ", "-").lower()
        speakers = (
            make_speaker(f"Sam {title}", email=f"sam-{slug}@example.org"),
            make_speaker(f"Kim {title}", email=f"kim-{slug}@example.org"),
        )
        return make_proposal(self.session, title, state=ProposalState.ACCEPTED, speakers=speakers)

    def _deliver(self) -> None:
        self.session.commit()
        sessions = sessionmaker(self.session.get_bind())
        outbox.deliver_due(sessions, self.letters, site=self.site, clock=self.clock, limit=1000)
        self.session.expire_all()
        for letter in self.letters.sent[self.sent :]:
            self._take_entry(message_from_bytes(letter, policy=policy.SMTP))
        self.sent = len(self.letters.sent)

    def _take_entry(self, letter: EmailMessage) -> None:
        """Put the entry of a letter into its reader's calendar, unless that has a newer one (RFC 5546 2.1.5)."""
        calendars = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
        if not calendars:
            return
        [event] = Calendar.from_ical(calendars[0].get_payload(decode=True)).walk("VEVENT")
        entry = Entry(
            int(event["SEQUENCE"]),
            event["DTSTAMP"].dt,
            str(event["STATUS"]),
            event["DTSTART"].dt,
            str(event["SUMMARY"]),
        )
        place = (letter["To"].addresses[0].addr_spec, str(event["UID"]))
        known = self.calendars.get(place)
        if known is not None:
            assert entry.sequence >= known.sequence, "SEQUENCE fell"
            assert entry.sequence > known.sequence or replace(entry, stamp=known.stamp) == known, "SEQUENCE stayed"
        self.calendars[place] = entry


def _expect_named(event: ReadEvent, talks: list[Talk]) -> None:
    """Each speaker as they chose for this talk, and no other way."""
    for talk in talks:
        for confirmation in talk.confirmations:
            may = confirmation.attribution in {Attribution.NAME, Attribution.NAME_AND_AFFILIATION}
            assert (confirmation.speaker.name in event.description) == may


@pytest.mark.parametrize(("engine_name", "examples"), [("sqlite", 8), ("postgresql", 4)])
def test_whatever_is_done_in_any_order(session, site, examples):
    walks: list[Community] = []

    def begin() -> Community:
        walks.append(Community(session, site))
        return walks[-1]

    run_state_machine_as_test(
        begin,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # to shrink a walk through a database takes minutes; it is printed as it was
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert sum(1 for walk in walks if walk.seen and walk.calendars) >= examples, "the walks led nowhere"
