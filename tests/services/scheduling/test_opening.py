"""Calls are opened from the cadence once, or added one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import InvalidInput, RuleViolation
from app.domain.publication import PublicStatus
from app.models import AuditEvent, CadenceException, Touchpoint
from app.services import scheduling
from app.services.auditing import COMMAND
from tests.cast import make_series, make_touchpoint
from tests.services.scheduling.scenery import errors_of, mails, publication, starts, wall


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
