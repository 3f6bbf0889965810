"""A skipped call stays on the schedule with its reason; its talks go back to the inbox."""

from __future__ import annotations

import pytest

from app.domain.errors import Conflict, InvalidInput, RuleViolation
from app.domain.publication import PublicStatus
from app.domain.states import ConfirmationState, TalkState, TouchpointState
from app.services import scheduling
from tests.services.scheduling.scenery import mails, publication, talk_on


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
