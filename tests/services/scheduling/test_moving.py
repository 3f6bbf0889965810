"""A call that moves keeps its rule date and its page, and tells everyone who knew the old date."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, RuleViolation
from app.domain.publication import PublicStatus
from app.domain.states import ConfirmationState, TalkState, TouchpointState
from app.models import AuditEvent, OutboxMessage
from app.services import scheduling
from app.services.undoing import undo_last_move
from tests.services.scheduling.scenery import mails, publication, talk_on, wall


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
        assert mails(session) == [
            ("moved", "sam@example.org"),
            ("moved", "kim@example.org"),
            ("rescheduled", "olu@example.org"),
        ]

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

        assert mails(session) == [("moved", "sam@example.org"), ("rescheduled", "olu@example.org")]
        for mail in session.scalars(select(OutboxMessage).where(OutboxMessage.state == "pending")):
            assert b"17 December" in mail.message
            assert b"15 December" in mail.message
            assert b"16 December" not in mail.message

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
