"""Touchpoints are opened once, keep their date when they move, and tell everyone whose plans change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.agenda import SegmentKind
from app.domain.errors import Conflict, InvalidInput, RuleViolation
from app.domain.people import Role
from app.domain.publication import PublicStatus
from app.domain.series import PartDraft
from app.domain.states import ConfirmationState, ProposalState, TalkState, TouchpointState
from app.models import AuditEvent, CadenceException, OutboxMessage, Publication, Touchpoint
from app.services import publishing, scheduling
from app.services.auditing import COMMAND, Actor
from app.services.undoing import undo_last_move
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

wall = datetime.fromisoformat


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu", role=Role.ORGANIZER))


@pytest.fixture
def thursday(session):
    """Every second Thursday at 14:00 in Madrid: 3, 17 and 31 December 2026."""
    return make_series(session)


@pytest.fixture
def call(session, thursday, site, now):
    touchpoint = make_touchpoint(session, thursday, wall("2026-12-17 14:00"))
    publishing.publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()
    return touchpoint


def talk_on(session, call, state, *names, site, now, position=0, title="Upstream first at a railway operator"):
    speakers = tuple(make_speaker(name) for name in names or ("Sam",))
    proposal = make_proposal(session, title, state=ProposalState.ACCEPTED, speakers=speakers)
    talk = make_talk(session, proposal, call, state=state, position=position)
    publishing.publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return talk


def starts(touchpoints):
    return [touchpoint.local_start for touchpoint in touchpoints]


def mails(session):
    query = select(OutboxMessage).where(OutboxMessage.state == "pending").order_by(OutboxMessage.id)
    return [(mail.kind, mail.recipient) for mail in session.scalars(query)]


def publication(session, touchpoint):
    return session.get(Publication, touchpoint.id)


def errors_of(act, *args, **kwargs):
    with pytest.raises(InvalidInput) as refused:
        act(*args, **kwargs)
    return refused.value.errors


class TestOpening:
    @pytest.mark.usefixtures("thursday")
    def test_the_dates_of_every_series_are_opened_in_order_of_time(self, session, site, now):
        make_series(session, "friday", rrule="FREQ=MONTHLY;BYDAY=1FR,3FR")

        opened = scheduling.open_touchpoints(session, until=date(2026, 12, 31), by=COMMAND, site=site, now=now)

        assert [(call.series.slug, call.local_start.date().isoformat()) for call in opened] == [
            ("thursday", "2026-12-03"),
            ("friday", "2026-12-04"),
            ("thursday", "2026-12-17"),
            ("friday", "2026-12-18"),
            ("thursday", "2026-12-31"),
        ]

    def test_an_opened_call_has_its_instant_its_agenda_and_a_place_on_the_schedule(self, session, thursday, site, now):
        call = scheduling.open_touchpoints(session, until=date(2026, 12, 3), by=COMMAND, site=site, now=now)[0]

        session.expire_all()
        assert (call.starts_at, call.minutes, call.time_zone, call.rule_date) == (
            datetime(2026, 12, 3, 13, 0, tzinfo=UTC),
            60,
            "Europe/Madrid",
            date(2026, 12, 3),
        )
        assert [part.value() for part in call.segments] == [part.value() for part in thursday.template]
        assert publication(session, call).status is PublicStatus.PLANNED
        assert mails(session) == []
        action = select(AuditEvent.action).where(AuditEvent.subject == "touchpoint")
        assert session.scalars(action).all() == ["touchpoint.opened"]

    @pytest.mark.usefixtures("thursday")
    def test_local_times_stay_across_both_changes_of_the_clocks(self, session, site, now):
        opened = scheduling.open_touchpoints(session, until=date(2027, 11, 23), by=COMMAND, site=site, now=now)

        assert {call.local_start.hour for call in opened} == {14}
        hours = {call.rule_date: call.starts_at.hour for call in opened}
        assert (hours[date(2027, 3, 25)], hours[date(2027, 4, 8)]) == (13, 12)
        assert (hours[date(2027, 10, 21)], hours[date(2027, 11, 4)]) == (12, 13)

    @pytest.mark.usefixtures("thursday")
    def test_a_second_opening_changes_nothing(self, session, olu, site, now):
        first = scheduling.open_touchpoints(session, until=date(2026, 12, 31), by=olu, site=site, now=now)
        scheduling.move_touchpoint(
            session, first[0], to=wall("2026-12-02 10:00"), version=1, by=olu, site=site, now=now
        )
        scheduling.skip_touchpoint(
            session, first[1], reason="Holidays", version=first[1].version, by=olu, site=site, now=now
        )

        again = scheduling.open_touchpoints(session, until=date(2026, 12, 31), by=olu, site=site, now=now)

        assert again == []
        assert len(session.scalars(select(Touchpoint)).all()) == 3

    def test_an_exception_is_not_opened(self, session, thursday, site, now):
        thursday.exceptions.append(CadenceException(date=date(2026, 12, 17), reason="Holidays"))

        opened = scheduling.open_touchpoints(session, until=date(2026, 12, 31), by=COMMAND, site=site, now=now)

        assert starts(opened) == [wall("2026-12-03 14:00"), wall("2026-12-31 14:00")]

    def test_a_series_that_ends_opens_nothing_after_its_last_day(self, session, thursday, site, now):
        thursday.ended_on = date(2026, 12, 16)

        opened = scheduling.open_touchpoints(session, until=date(2026, 12, 31), by=COMMAND, site=site, now=now)

        assert starts(opened) == [wall("2026-12-03 14:00")]

    @pytest.mark.usefixtures("thursday")
    def test_one_series_can_be_opened_alone(self, session, site, now):
        friday = make_series(session, "friday", rrule="FREQ=WEEKLY;INTERVAL=1;BYDAY=FR")

        opened = scheduling.open_touchpoints(
            session, until=date(2026, 12, 4), only=friday, by=COMMAND, site=site, now=now
        )

        assert [(call.series, call.rule_date.day) for call in opened] == [(friday, 27), (friday, 4)]

    def test_today_is_opened_while_its_call_is_still_to_come(self, session, site, now):
        make_series(session, rrule="FREQ=WEEKLY;INTERVAL=1;BYDAY=MO")

        opened = scheduling.open_touchpoints(session, until=date(2026, 11, 23), by=COMMAND, site=site, now=now)
        assert starts(opened) == [wall("2026-11-23 14:00")]

        later = now + timedelta(days=7, hours=6)
        assert scheduling.open_touchpoints(session, until=later.date(), by=COMMAND, site=site, now=later) == []

    def test_a_call_that_moved_onto_a_date_of_the_rule_is_not_doubled(self, session, thursday, olu, site, now):
        call = make_touchpoint(session, thursday, wall("2026-12-03 14:00"))
        session.commit()
        scheduling.move_touchpoint(session, call, to=wall("2026-12-17 14:00"), version=1, by=olu, site=site, now=now)

        opened = scheduling.open_touchpoints(session, until=date(2026, 12, 31), by=olu, site=site, now=now)

        assert starts(opened) == [wall("2026-12-31 14:00")]

    @pytest.mark.parametrize("until", [date(2026, 11, 22), date(2028, 11, 23)])
    @pytest.mark.usefixtures("thursday")
    def test_a_day_that_is_past_or_too_far_is_refused(self, session, site, now, until):
        assert errors_of(scheduling.open_touchpoints, session, until=until, by=COMMAND, site=site, now=now) == {
            "until": "Choose a day from today to 24 months ahead."
        }

    def test_a_date_in_a_gap_of_the_clocks_opens_nothing_and_says_what_to_do(self, session, site, now):
        make_series(session, rrule="FREQ=MONTHLY;BYDAY=-1SU", start=wall("2026-01-01 02:30").time())

        assert errors_of(
            scheduling.open_touchpoints, session, until=date(2027, 4, 1), by=COMMAND, site=site, now=now
        ) == {
            "until": "Thursday: 02:30 does not exist on 28 March 2027 in Madrid: the clocks go forward. "
            "Make that date an exception first."
        }


class TestAdding:
    def add(self, session, series, at, *, site, now, minutes=60):
        return scheduling.add_touchpoint(session, series, at=wall(at), minutes=minutes, by=COMMAND, site=site, now=now)

    def test_a_one_off_stands_beside_the_rule(self, session, thursday, site, now):
        call = self.add(session, thursday, "2026-12-09 18:00", minutes=90, site=site, now=now)

        session.expire_all()
        assert (call.starts_at, call.minutes, call.rule_date) == (
            datetime(2026, 12, 9, 17, 0, tzinfo=UTC),
            90,
            None,
        )
        assert len(call.segments) == 4
        assert publication(session, call).status is PublicStatus.PLANNED

    def test_one_on_a_day_of_the_cadence_counts_as_opened_from_it(self, session, thursday, site, now):
        call = self.add(session, thursday, "2026-12-03 16:00", site=site, now=now)

        assert call.rule_date == date(2026, 12, 3)
        assert scheduling.open_touchpoints(session, until=date(2026, 12, 3), by=COMMAND, site=site, now=now) == []

    def test_a_second_call_on_a_day_of_the_cadence_is_a_one_off(self, session, thursday, site, now):
        self.add(session, thursday, "2026-12-03 16:00", site=site, now=now)

        assert self.add(session, thursday, "2026-12-03 18:00", site=site, now=now).rule_date is None

    def test_before_the_first_rule_its_zone_is_used(self, session, site, now):
        series = make_series(session, zone="America/New_York")
        series.rules[0].valid_from = date(2027, 6, 1)

        assert self.add(session, series, "2026-12-09 11:00", site=site, now=now).time_zone == "America/New_York"

    def test_a_series_without_an_agenda_template_gets_a_call_without_one(self, session, thursday, site, now):
        thursday.template = []

        assert self.add(session, thursday, "2026-12-09 11:00", site=site, now=now).segments == []

    @pytest.mark.parametrize(
        ("at", "minutes", "errors"),
        [
            ("2026-11-20 14:00", 60, {"day": "That is in the past."}),
            ("2029-01-01 14:00", 60, {"day": "Dates can be planned for at most 24 months ahead."}),
            ("2026-12-17 14:00", 60, {"day": "A call of this series stands there already."}),
            ("2026-12-09 14:00", 14, {"minutes": "A call takes 15 to 240 minutes."}),
            ("2026-12-09 14:00", 241, {"minutes": "A call takes 15 to 240 minutes."}),
            ("2026-12-09 14:00", 59, {"minutes": "The parts take 60 minutes, the call only 59."}),
            (
                "2027-03-28 02:15",
                60,
                {"start": "02:15 does not exist on 28 March 2027 in Madrid: the clocks go forward."},
            ),
        ],
    )
    @pytest.mark.usefixtures("call")
    def test_a_call_that_cannot_be_is_refused(self, session, thursday, site, now, at, minutes, errors):
        with pytest.raises(InvalidInput) as refused:
            self.add(session, thursday, at, minutes=minutes, site=site, now=now)

        assert refused.value.errors == errors

    def test_a_series_without_a_cadence_has_no_clock_yet(self, session, thursday, site, now):
        thursday.rules = []

        with pytest.raises(RuleViolation, match="Give the series a cadence first"):
            self.add(session, thursday, "2026-12-09 14:00", site=site, now=now)


class TestMoving:
    def move(self, session, call, to, *, by, site, now, version=None):
        scheduling.move_touchpoint(
            session, call, to=wall(to), version=version or call.version, by=by, site=site, now=now
        )

    def test_a_moved_call_keeps_its_rule_date_and_its_page(self, session, call, olu, site, now):
        self.move(session, call, "2026-12-16 15:30", by=olu, site=site, now=now)

        session.expire_all()
        assert (call.local_start, call.starts_at, call.rule_date) == (
            wall("2026-12-16 15:30"),
            datetime(2026, 12, 16, 14, 30, tzinfo=UTC),
            date(2026, 12, 17),
        )
        assert publication(session, call).starts_at == call.starts_at
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "touchpoint.moved")).one()
        assert event.detail == {"was": "2026-12-17T13:00:00+00:00"}

    def test_across_the_change_of_the_clocks_the_instant_follows_the_wall(self, session, call, olu, site, now):
        self.move(session, call, "2027-04-01 14:00", by=olu, site=site, now=now)

        assert call.starts_at == datetime(2027, 4, 1, 12, 0, tzinfo=UTC)

    @pytest.mark.parametrize("state", [TalkState.INVITED, TalkState.CONFIRMED, TalkState.DECLINED])
    def test_speakers_who_know_the_date_are_told_and_asked_again(self, session, call, olu, site, now, state):
        talk = talk_on(session, call, state, "Sam", "Kim", site=site, now=now)

        self.move(session, call, "2026-12-16 14:00", by=olu, site=site, now=now)

        session.expire_all()
        assert talk.state is TalkState.INVITED
        assert [answer.state for answer in talk.confirmations] == [ConfirmationState.ASKED] * 2
        assert mails(session) == [("moved", "sam@example.org"), ("moved", "kim@example.org")]

    def test_a_hold_moves_along_in_silence(self, session, call, olu, site, now):
        talk = talk_on(session, call, TalkState.HOLD, site=site, now=now)

        self.move(session, call, "2026-12-16 14:00", by=olu, site=site, now=now)

        assert (talk.state, mails(session)) == (TalkState.HOLD, [])

    def test_the_old_date_of_a_confirmed_talk_is_gone_from_public_view_at_once(self, session, call, olu, site, now):
        talk_on(session, call, TalkState.CONFIRMED, site=site, now=now)
        assert publication(session, call).status is PublicStatus.CONFIRMED

        self.move(session, call, "2026-12-16 14:00", by=olu, site=site, now=now)

        assert publication(session, call).status is PublicStatus.CANCELLED
        assert publication(session, call).value["talks"] == []

    def test_a_second_move_before_the_mail_left_names_the_date_that_the_speaker_knows(
        self, session, call, olu, site, now
    ):
        talk_on(session, call, TalkState.CONFIRMED, site=site, now=now)

        self.move(session, call, "2026-12-16 14:00", by=olu, site=site, now=now)
        self.move(session, call, "2026-12-15 14:00", by=olu, site=site, now=now)

        assert mails(session) == [("moved", "sam@example.org")]
        text = session.scalars(select(OutboxMessage).where(OutboxMessage.state == "pending")).one().message
        assert b"17 December" in text
        assert b"15 December" in text
        assert b"16 December" not in text

    def test_undo_on_the_board_does_not_pretend_that_the_old_time_came_back(self, session, call, olu, site, now):
        talk_on(session, call, TalkState.CONFIRMED, site=site, now=now)
        self.move(session, call, "2026-12-16 14:00", by=olu, site=site, now=now)

        with pytest.raises(Conflict, match="cannot be undone"):
            undo_last_move(session, olu.person, site=site, now=now)

    @pytest.mark.parametrize(
        ("to", "errors"),
        [
            ("2026-12-17 14:00", {"day": "A call of this series stands there already."}),
            ("2026-11-23 09:00", {"day": "That is in the past."}),
            (
                "2027-03-28 02:30",
                {"start": "02:30 does not exist on 28 March 2027 in Madrid: the clocks go forward."},
            ),
        ],
    )
    def test_a_time_that_cannot_be_changes_nothing(self, session, call, olu, site, now, to, errors):
        with pytest.raises(InvalidInput) as refused:
            self.move(session, call, to, by=olu, site=site, now=now)

        assert refused.value.errors == errors
        assert call.local_start == wall("2026-12-17 14:00")

    def test_a_stale_page_moves_nothing(self, session, call, olu, site, now):
        with pytest.raises(Conflict):
            self.move(session, call, "2026-12-16 14:00", version=7, by=olu, site=site, now=now)

    def test_a_skipped_call_must_be_restored_first(self, session, call, olu, site, now):
        call.state = TouchpointState.SKIPPED
        session.commit()

        with pytest.raises(RuleViolation, match="Restore it first"):
            self.move(session, call, "2026-12-16 14:00", by=olu, site=site, now=now)

    def test_a_call_that_is_over_stays_where_it_was(self, session, call, olu, site):
        with pytest.raises(RuleViolation, match="over"):
            self.move(session, call, "2027-01-14 14:00", by=olu, site=site, now=call.ends_at)


class TestSkipping:
    def skip(self, session, call, *, by, site, now, reason="New Year's break", version=None):
        scheduling.skip_touchpoint(
            session, call, reason=reason, version=version or call.version, by=by, site=site, now=now
        )

    def test_talks_go_back_to_the_inbox_and_only_those_who_know_are_told(self, session, call, olu, site, now):
        hold = talk_on(session, call, TalkState.HOLD, "Vera", site=site, now=now, title="A hold on the line")
        asked = talk_on(session, call, TalkState.INVITED, "Sam", position=1, site=site, now=now)
        sure = talk_on(session, call, TalkState.CONFIRMED, "Kim", position=2, site=site, now=now)

        self.skip(session, call, by=olu, site=site, now=now)

        session.expire_all()
        for talk in (hold, asked, sure):
            assert (talk.state, talk.touchpoint, talk.position) == (TalkState.RELEASED, None, None)
            assert [answer.state for answer in talk.confirmations] == [ConfirmationState.WAITING]
        assert mails(session) == [("cancelled", "sam@example.org"), ("cancelled", "kim@example.org")]
        assert (call.state, call.reason) == (TouchpointState.SKIPPED, "New Year's break")

    def test_a_call_that_was_in_the_feed_stays_there_as_cancelled(self, session, call, olu, site, now):
        talk_on(session, call, TalkState.CONFIRMED, site=site, now=now)
        before = publication(session, call).sequence

        self.skip(session, call, by=olu, site=site, now=now)

        public = publication(session, call)
        assert (public.status, public.sequence) == (PublicStatus.CANCELLED, before + 1)
        assert b"STATUS:CANCELLED" in public.vevent
        assert b"Sam" not in public.vevent

    def test_one_that_never_was_public_is_on_the_schedule_with_its_reason_and_in_no_feed(
        self, session, call, olu, site, now
    ):
        self.skip(session, call, by=olu, site=site, now=now)

        public = publication(session, call)
        assert (public.status, public.vevent) == (PublicStatus.PLANNED, b"")
        assert (public.value["skipped"], public.value["reason"]) == (True, "New Year's break")

    def test_the_reason_can_be_put_better(self, session, call, olu, site, now):
        self.skip(session, call, by=olu, site=site, now=now)
        self.skip(session, call, reason="Holidays in Spain", by=olu, site=site, now=now)

        assert (call.reason, call.state) == ("Holidays in Spain", TouchpointState.SKIPPED)

    def test_without_a_reason_nothing_happens(self, session, call, olu, site, now):
        with pytest.raises(InvalidInput) as refused:
            self.skip(session, call, reason="", by=olu, site=site, now=now)

        assert refused.value.errors == {"reason": "Say why, in a few words: subscribers read it."}
        assert call.state is TouchpointState.OPEN

    def test_a_stale_page_skips_nothing(self, session, call, olu, site, now):
        with pytest.raises(Conflict):
            self.skip(session, call, version=9, by=olu, site=site, now=now)

    def test_what_was_held_cannot_be_skipped(self, session, call, olu, site):
        with pytest.raises(RuleViolation, match="over"):
            self.skip(session, call, by=olu, site=site, now=call.ends_at)

    def test_a_restored_call_is_open_again_without_its_talks(self, session, call, olu, site, now):
        talk = talk_on(session, call, TalkState.CONFIRMED, site=site, now=now)
        self.skip(session, call, by=olu, site=site, now=now)
        uid = publication(session, call).uid

        scheduling.restore_touchpoint(session, call, version=call.version, by=olu, site=site, now=now)

        session.expire_all()
        assert (call.state, call.reason, talk.touchpoint) == (TouchpointState.OPEN, "", None)
        public = publication(session, call)
        assert (public.uid, public.value["skipped"]) == (uid, False)

    def test_a_past_call_is_not_restored(self, session, call, olu, site, now):
        self.skip(session, call, by=olu, site=site, now=now)

        with pytest.raises(RuleViolation, match="over"):
            scheduling.restore_touchpoint(session, call, version=call.version, by=olu, site=site, now=call.ends_at)


class TestAgenda:
    TALKS = PartDraft(0, 1, SegmentKind.TALK, "Two talks", 35, recorded=True, under_rule=False)
    FORUM = PartDraft(1, 2, SegmentKind.FORUM, "", 20, recorded=False, under_rule=True)

    def save(self, session, call, parts, *, by, site, now, version=None):
        scheduling.save_agenda(session, call, parts, version=version or call.version, by=by, site=site, now=now)

    def test_one_call_may_have_an_agenda_of_its_own(self, session, thursday, call, olu, site, now):
        before = call.version
        self.save(session, call, [self.TALKS, self.FORUM], by=olu, site=site, now=now)

        session.expire_all()
        assert [(part.title, part.minutes) for part in call.segments] == [("Two talks", 35), ("Open forum", 20)]
        assert (call.slot_minutes, call.version) == (35, before + 1)
        assert len(thursday.template) == 4
        assert [part["minutes"] for part in publication(session, call).value["agenda"]] == [35, 20]

    def test_its_talks_must_still_fit(self, session, call, olu, site, now):
        talk_on(session, call, TalkState.HOLD, site=site, now=now)

        assert errors_of(self.save, session, call, [replace(self.TALKS, minutes=19)], by=olu, site=site, now=now) == {
            "parts": "Its talks take 20 minutes; this agenda leaves 19 for talks."
        }
        assert call.slot_minutes == 20

    def test_it_must_fit_the_call(self, session, call, olu, site, now):
        assert errors_of(self.save, session, call, [replace(self.TALKS, minutes=61)], by=olu, site=site, now=now) == {
            "parts": "The parts take 61 minutes, the call only 60."
        }

    def test_a_stale_page_saves_nothing(self, session, call, olu, site, now):
        with pytest.raises(Conflict):
            self.save(session, call, [self.TALKS], version=9, by=olu, site=site, now=now)
