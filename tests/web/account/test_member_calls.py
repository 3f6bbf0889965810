"""Members’ calls, as a member sees them: the list, and each call with all that is on and how to join."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.domain.publication import Audience, PublicDetail
from app.domain.secret import Secret, WayIn
from app.domain.states import TalkState, TouchpointState, move_to
from app.models import Person
from app.services import series as keeping
from app.services.auditing import Actor
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

SECRETS = ("https://meet.example.org/friday", "PC-445566", "+49 69 12345", "https://register.example.org/x")


@pytest.fixture
def call(session, site, now):
    friday = make_series(session, "friday", audience=Audience.MEMBERS)
    friday.public_detail = PublicDetail.NOTHING
    call = make_touchpoint(session, friday, datetime(2026, 12, 11, 17, 30))
    make_talk(session, make_proposal(session, "Upstream first"), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    olu = Actor.signed_in(make_person(session, "Olu", role=Role.ORGANIZER))
    keeping.save_join_link(session, friday, WayIn(*map(Secret, SECRETS)), by=olu, site=site, now=now)
    return call


@pytest.fixture
def member(session, sign_in):
    return sign_in(make_person(session, "Mira", role=Role.MEMBER))


def test_a_member_reads_all_of_a_call_on_a_page_that_nobody_keeps(call, member):
    assert f"/members/calls/{call.key}" in member.get("/members").text
    page = member.get(f"/members/calls/{call.key}")
    assert [word for word in ("Upstream first", "Agenda", *SECRETS) if word not in page.text] == []
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex")


@pytest.mark.parametrize("role", [None, Role.VOLUNTEER])
def test_nobody_else_does(session, call, client, sign_in, role):
    reader = client if role is None else sign_in(make_person(session, "Nora", role=role))
    for path in ("/members", f"/members/calls/{call.key}"):
        answer = reader.get(path)
        assert answer.status_code in (302, 303, 403, 404)
        assert [word for word in ("Upstream", "Friday", *SECRETS) if word in answer.text] == []


def test_once_it_is_over_or_off_nobody_needs_the_way_in(session, call, member, sign_in, site, clock):
    move_to(call, TouchpointState.SKIPPED)
    publish_touchpoint(session, call, site=site, now=clock.now)
    session.commit()
    assert [word for word in SECRETS if word in member.get(f"/members/calls/{call.key}").text] == []
    move_to(call, TouchpointState.OPEN)
    publish_touchpoint(session, call, site=site, now=clock.now)
    session.commit()
    clock.advance(timedelta(days=25))
    member = sign_in(session.scalars(select(Person).where(Person.name == "Mira")).one())
    page = member.get(f"/members/calls/{call.key}").text
    assert ("Upstream first" in page, [word for word in SECRETS if word in page]) == (True, [])
    assert "Upstream first" in member.get("/members").text


def test_an_open_call_and_an_unknown_one_have_no_such_page(session, member, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    assert [member.get(f"/members/calls/{key}").status_code for key in (call.key, "x7k2mpq4rt")] == [404, 404]


def test_a_call_without_a_talk_says_so_and_does_not_lead_to_itself(session, call, member, site, now):
    call.series.public_detail = PublicDetail.TIME
    free = make_touchpoint(session, call.series, datetime(2026, 12, 25, 17, 30))
    publish_touchpoint(session, free, site=site, now=now)
    session.commit()
    page = member.get(f"/members/calls/{free.key}").text
    assert ("Nobody has confirmed a talk for this call yet." in page, "See all of it" in page) == (True, False)
