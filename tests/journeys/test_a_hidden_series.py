"""Olu hides the members' series: what a subscriber, a stranger, a follower by mail, Mira and Olu have then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.secret import Secret
from app.domain.states import TalkState
from app.models import JoinLink, OutboxMessage, Subscription
from app.services.publishing import publish_touchpoints
from app.services.telling import tell_next
from tests.calendars import read_with_ical
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

LINK = "https://meet.example.org/friday-secret"
WORDS = ("Upstream first", "Friday", "General Members", "friday@example.org", LINK)
PAGES = ("/", "/schedule", "/learning", "/subscribe", "/subscribe/by-mail", "/propose")
FEEDS = ("/calendar/all.ics", "/calendar/all.atom")


@pytest.fixture
def engine_name():
    """Each step is promised on both engines beside its service."""
    return "sqlite"


@pytest.fixture
def calls(session, site, now):
    """A call of each series, with a confirmed talk; Friday's also has one that was held."""
    friday = make_series(session, "friday", name="General Members", audience=Audience.MEMBERS)
    session.add(JoinLink(series_id=friday.id, url=Secret(LINK)))
    held, coming = (make_touchpoint(session, friday, datetime(2026, month, 11, 17, 30)) for month in (11, 12))
    open_call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    for call, title in ((held, "Upstream first of all"), (coming, "Upstream first"), (open_call, "Ask a lawyer")):
        make_talk(session, make_proposal(session, title), call, state=TalkState.CONFIRMED)
    publish_touchpoints(session, [coming, open_call], site=site, now=now)
    publish_touchpoints(session, [held], site=site, now=held.starts_at - timedelta(days=9))
    session.commit()
    return held, coming, open_call


def entries(answer):
    return {event.uid: event for event in read_with_ical(answer.data)} if answer.status_code == 200 else {}


def hide(organizer, detail):
    page = BeautifulSoup(organizer.get("/series/friday/edit").text, "html.parser")
    form = {field["name"]: field.get("value", "") for field in page.select("main input[name]:not([type=radio])")}
    form |= {field["name"]: field["value"] for field in page.select("main input[type=radio][checked]")}
    form |= {field["name"]: field.select_one("[selected]")["value"] for field in page.select("main select")}
    form = {name: value for name, value in form.items() if name not in ("csrf_token", "blind_review")}
    return organizer.post("/series/friday/edit", form | {"public_detail": detail})


def test_a_series_is_hidden_and_shown_again(session, calls, visitor, sign_in, site, clock):
    held, coming, open_call = calls
    mira = make_person(session, "Mira", role=Role.MEMBER, email="mira@example.org")
    session.add(Subscription(email=mira.email, asked_at=clock.now, asked_since=clock.now, confirmed_at=clock.now))
    olu, member = sign_in(make_person(session, "Olu", role=Role.ORGANIZER)), sign_in(mira)
    made = member.post("/profile/calendars", {"kind": "member", "label": ""}).text
    mine = "/calendar/mine/" + made.split("/calendar/mine/")[1].split(".ics")[0] + ".ics"
    before = {slug: entries(visitor.get(f"/calendar/{slug}.ics")) for slug in ("friday", "all")}
    members_before = entries(visitor.get(mine))
    assert len(before["friday"]) == len(members_before) == 2
    assert len(before["all"]) == 3

    # The mail server is away: Mira's mail of the two calls still waits when Olu hides the series.
    clock.advance(timedelta(minutes=6))
    while tell_next(session, site=site, now=clock.now):
        pass
    waiting = select(OutboxMessage).where(OutboxMessage.is_bulk.is_(True))
    assert len(session.scalars(waiting).all()) == 2
    assert hide(olu, "nothing").status_code == 303
    clock.advance(timedelta(minutes=6))  # no public copy is older than five minutes

    # A subscriber: each call that the calendar knows is cancelled under its UID, without a word.
    for slug in ("friday", "all"):
        now_said = entries(visitor.get(f"/calendar/{slug}.ics"))
        assert now_said.keys() == before[slug].keys()
        for uid, known in before["friday"].items():
            told = now_said[uid]
            assert (told.status, told.summary, told.start) == ("CANCELLED", "Not public any more", known.start)
            assert told.sequence == known.sequence + 1

    # A stranger: nothing, anywhere.
    for path in (*PAGES, *FEEDS, f"/touchpoints/{open_call.key}"):
        answer = visitor.get(path)
        assert (answer.status_code, [word for word in WORDS if word in answer.text]) == (200, []), path
    hidden = (f"/touchpoints/{coming.key}", f"/touchpoints/{held.key}.ics", "/schedule?series=friday")
    for path in (*hidden, "/calendar/friday.atom"):
        assert visitor.get(path).status_code == 404, path

    # Whoever follows by mail: what waits is taken back.
    session.expire_all()
    assert ["Upstream" in str(row.message) or "Friday" in row.subject for row in session.scalars(waiting)] == [False]

    # Mira: the page, the call and her calendar are as they were; the address of old leads her there.
    assert "Upstream first" in member.get("/members").text
    assert member.get(f"/touchpoints/{coming.key}").headers["Location"] == f"/members/calls/{coming.key}"
    assert LINK in member.get(f"/members/calls/{coming.key}").text
    assert entries(visitor.get(mine)) == members_before

    # Olu: the board and the series are there, and it can be shown again; SEQUENCE goes on.
    assert "Upstream first" in olu.get("/board").text
    assert hide(olu, "time").status_code == 303
    clock.advance(timedelta(minutes=6))
    again = entries(visitor.get("/calendar/friday.ics"))
    assert {event.summary for event in again.values()} == {"Friday"}
    assert {event.sequence for event in again.values()} == {2}
    assert "Upstream first" not in visitor.get(f"/touchpoints/{coming.key}").text
