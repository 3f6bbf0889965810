"""One call may have an agenda of its own, as long as its talks still fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.agenda import SegmentKind
from app.domain.errors import Conflict
from app.domain.series import PartDraft
from app.domain.states import TalkState
from app.services import scheduling
from tests.services.scheduling.scenery import errors_of, publication, talk_on


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
