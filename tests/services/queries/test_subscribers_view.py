"""What subscribers see: the published value as it stands, or what it would be, with what is not public yet marked."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.attribution import Attribution
from app.domain.publication import Audience, PublicDetail, PublicTouchpoint
from app.domain.states import TalkState, TouchpointState
from app.models import Publication
from app.services.publishing import publish_touchpoint
from app.services.queries.subscribers_view import read_subscribers_view
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

wall = datetime.fromisoformat


@pytest.fixture
def call(session):
    return make_touchpoint(session, make_series(session), wall("2026-12-03 14:00"), talk_minutes=40)


@pytest.fixture
def see(session, site):
    return lambda call: read_subscribers_view(session, call.key, site=site)


def test_a_talk_that_waits_is_shown_as_its_speakers_have_chosen_so_far_and_marked(session, call, see, site, now):
    confirmed = make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    kim = make_speaker("Kim Hidden", attribution=Attribution.AFFILIATION, recording_consent=False)
    lee = make_speaker("Lee Silent", attribution=None)
    waiting = make_talk(
        session, make_proposal(session, "Only asked", speakers=(kim, lee)), call, state=TalkState.INVITED, position=1
    )
    publish_touchpoint(session, call, site=site, now=now)

    view = see(call)

    assert (view.waiting, view.pending, view.in_calendars) == ((None, TalkState.INVITED), 1, True)
    assert [talk.title for talk in view.call.talks] == [confirmed.proposal.title, "Only asked"]
    assert view.call.talks[1].speakers == ("Someone from Kestrel Works", "A speaker")
    assert "Only asked, 20 min: not recorded, not under the Rule." in view.call.notice.parts
    assert view.title == "Thursday: Upstream first at a railway operator / Only asked"
    assert view.text.startswith(view.call.notice.rule)
    waiting.confirmations.pop()
    assert see(call).call.talks[1].speakers == ("Someone from Kestrel Works", "A speaker")


def test_what_is_public_is_shown_as_it_is_published(session, call, see, site, now):
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    view = see(call)
    stored = session.get(Publication, call.id)
    assert view.call == PublicTouchpoint.from_json(stored.value)
    assert (view.waiting, view.pending, view.hidden) == ((None,), 0, False)


def test_a_cancelled_call_is_shown_as_cancelled(session, call, see, site, now):
    talk = make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    talk.touchpoint = None
    call.state, call.reason = TouchpointState.SKIPPED, "A holiday"
    publish_touchpoint(session, call, site=site, now=now)
    view = see(call)
    assert (view.title, view.waiting) == ("Cancelled: Thursday", ())


def test_a_call_that_was_never_published_has_a_view_too(session, call, see):
    make_talk(session, make_proposal(session), call)
    view = see(call)
    assert (view.waiting, view.in_calendars, view.call.title) == (
        (TalkState.HOLD,),
        False,
        "Upstream first at a railway operator",
    )


def test_of_a_series_that_the_public_does_not_see_members_are_shown_what_they_see(session, see, site, now):
    series = make_series(session, "friday", audience=Audience.MEMBERS)
    series.public_detail = PublicDetail.NOTHING
    call = make_touchpoint(session, series, wall("2026-12-04 17:30"))
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    view = see(call)
    assert (view.hidden, view.in_calendars, view.call.talks[0].speakers) == (
        True,
        False,
        ("Sam Speaker, Kestrel Works",),
    )
