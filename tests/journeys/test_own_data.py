"""Sam, a named speaker without an account, takes all their data along and erases themself; four others look on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.models import OutboxMessage, Person, Touchpoint
from app.services.topics import add_topic
from tests.cast import make_person, make_series, make_touchpoint
from tests.journeys.desk import Desk
from tests.journeys.founding import signed_in
from tests.journeys.post import Post, kinds
from tests.journeys.window import Window

SAM, MIRA, OLU = "sam-okoye@example.org", "mira-lindqvist@example.org", "olu@example.org"
GIVEN, SHARED = "Upstream first, by Sam Okoye", "Two views of licences"


@pytest.fixture
def mail_url(smtp_server):
    return smtp_server.url


@dataclass(frozen=True)
class World:
    """A call that was held with Sam's talk, and one to come, on which Mira speaks with Sam."""

    desk: Desk
    held: Touchpoint
    coming: Touchpoint


@pytest.fixture
def world(session, site, clock) -> World:
    organizers = tuple(make_person(session, name, role=Role.ORGANIZER) for name in ("Olu Organizer", "Ines Organizer"))
    desk = Desk(session, site, clock, organizers)
    add_topic(session, "Culture", by=desk.by, now=clock.now)
    series = make_series(session)
    held, coming = (make_touchpoint(session, series, datetime(2026, 12, day, 14, 0)) for day in (3, 17))
    for title, speakers, call in (
        (GIVEN, (("Sam Okoye", "Kestrel Works"),), held),
        (SHARED, (("Mira Lindqvist", ""), ("Sam Okoye", "Kestrel Works")), coming),
    ):
        desk.invite(desk.accept(title, speakers, topic="culture", minutes=20, recorded=False), call)
        desk.answer(desk.talk_on(call))
    clock.advance(timedelta(days=12))
    session.commit()
    return World(desk, held, coming)


def public_bytes(window: Window, world: World) -> str:
    """What a stranger gets of both calls: pages, feeds, the archive."""
    feeds = ("/calendar/all.ics", "/calendar/thursday.ics", "/calendar/all.atom")
    calls = [f"/touchpoints/{call.key}" for call in (world.held, world.coming)]
    pages = ("/", "/schedule", "/learning", *calls, *(f"{call}.ics" for call in calls))
    return "\n".join(window.read(path).decode().replace("\r\n ", "") for path in (*pages, *feeds))


def test_sam_takes_everything_along_and_goes(
    world: World, new_window: Callable[[], Window], post: Post, session, clock
):
    post.deliver()
    stranger, olu = new_window(), signed_in(new_window(), post, "olu@example.org")
    before = public_bytes(stranger, world)
    assert before.count("Sam Okoye") > 3
    assert "Sam Okoye" in olu.open(f"/pool/{world.desk.talk_on(world.held).proposal.key}").said

    sam = signed_in(new_window(), post, SAM).open("/profile").follow("See my data")
    assert sam.heading == "My data"
    assert "Sam Okoye" in sam.said
    assert GIVEN in sam.said
    file = json.loads(sam.read("/profile/data.json"))
    assert [row["name"] for row in file["data"]["speaking"]] == ["Sam Okoye", "Sam Okoye"]

    sam.follow("Correct or end it : You as a speaker, 2").press("Correct it", {"name": "Samuel Okoye"})
    assert "Samuel Okoye" in public_bytes(stranger, world)

    sam.open("/profile/data").follow("Erase my data…")
    assert sam.heading == "Erase my data"
    assert sam.press("Erase everything", {"email": "olu@example.org"}).status == 422
    sam.press("Erase everything", {"email": SAM})
    assert sam.open("/profile").heading == "Sign in"

    after = public_bytes(stranger, world)
    assert [word for word in ("Okoye", "Kestrel") if word in after] == []
    assert "A speaker" in after
    assert SHARED in after
    assert "Okoye" not in olu.open(f"/pool/{world.desk.talk_on(world.held).proposal.key}").said
    told = post.deliver()
    assert {("erased", SAM), ("left", MIRA), ("left_organizers", OLU)} <= set(kinds(told))
    assert [letter.to for letter in told if letter.to != SAM and "Okoye" in letter.text] == []

    session.expire_all()
    assert session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == SAM)).all() == []
    assert session.scalars(select(Person).where(Person.email == SAM)).all() == []
    mira = signed_in(new_window(), post, MIRA).open("/profile/data")
    assert SHARED in mira.said
    assert "Okoye" not in mira.said
