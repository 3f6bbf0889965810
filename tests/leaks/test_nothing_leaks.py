"""The promise, proven: whatever happens to a talk, nobody finds of its speakers more than they chose.

A walker goes over the routes themselves, so that one written tomorrow is searched too, and every column is marked, so
that a new one is searched for. The allowed words must be found: a search that finds nothing proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models import Review, Speaker
from app.web.guards import public
from tests.cast import make_touchpoint
from tests.leaks.canaries import CANARIES, MODERATOR, WAITING
from tests.leaks.columns import mark_of, unmarked_columns
from tests.leaks.community import FIRST, Community
from tests.leaks.front import add_sister_calendar, hold_every_call, plan_an_import
from tests.leaks.walking import FORMS

NOTHING_LEAKS_AND_NOTHING_IS_MISSED: tuple[list[tuple[str, str]], list[str]] = ([], [])
HAPPENINGS: dict[str, tuple[Callable[[Community], None], ...]] = {
    "nobody has confirmed": (Community.hold_everything,),
    "everybody has confirmed": (Community.publish,),
    "every call has moved": (Community.publish, Community.move_everything),
    "everybody has taken their name back": (Community.publish, Community.retract),
    "every call is cancelled": (Community.publish, Community.cancel_every_call),
    "every talk is withdrawn": (Community.publish, Community.withdraw_every_talk),
    "everybody is named nowhere any more": (Community.publish, Community.leave_everybody_unnamed),
    "everybody is erased": (Community.publish, Community.erase_everybody),
    "the members' calls are hidden": (Community.publish, Community.hide_the_members_calls),
    "notes are published": (Community.publish, Community.publish_notes),
    "every call is over": (Community.publish, add_sister_calendar, plan_an_import, hold_every_call),
    "everybody is erased when every call is over": (Community.publish, hold_every_call, Community.erase_everybody),
    "a name is taken back after notes": (Community.publish, Community.publish_notes, Community.leave_everybody_unnamed),
}


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_a_stranger_finds_what_the_speakers_chose_and_no_more(community, stranger, logged, happening):
    for happens in HAPPENINGS[happening]:
        happens(community)
    community.mark()
    assert unmarked_columns(community.session) == []
    in_every_form = happening in ("everybody has confirmed", "everybody has taken their name back")
    found = stranger.walk(forms=FORMS if in_every_form else {})
    assert community.verdict(found) == NOTHING_LEAKS_AND_NOTHING_IS_MISSED
    assert community.leaks(logged()) == []


def test_of_a_members_only_call_a_stranger_finds_no_speaker(community, stranger):
    for week, canary in enumerate(CANARIES):
        call = make_touchpoint(community.session, community.members, FIRST + timedelta(weeks=week, days=2))
        community.answer(community.place(community.proposals[canary], call))
    community.levels = dict.fromkeys(CANARIES)
    community.mark()
    assert community.verdict(stranger.walk()) == NOTHING_LEAKS_AND_NOTHING_IS_MISSED


def test_a_route_that_leaks_is_found(app, community, stranger):
    """Nobody tells the walker of the route, nor what stands on it."""

    @public
    def careless(key: str) -> tuple[str, dict[str, str]]:
        comment = community.session.scalars(select(Review.comment)).first()
        speaker = community.session.scalars(select(Speaker).order_by(Speaker.id.desc())).first()
        return f"{comment} {speaker.email}", {"X-Account": str(community.people[MODERATOR].id)}

    app.add_url_rule("/by-somebody-in-a-hurry/<key>", endpoint="careless", view_func=careless)
    community.hold_everything()
    community.mark()
    found = {word for place, word in community.leaks(stranger.walk()) if "/by-somebody-in-a-hurry/no-such" in place}
    assert {mark_of(Review.__table__.c.comment)[7:-2], WAITING.mail, str(community.people[MODERATOR].id)} <= found
