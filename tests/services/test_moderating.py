"""A call has a moderator, who is a member or an organizer."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.errors import Conflict, InvalidInput
from app.domain.people import Role
from app.services import moderating
from app.services.auditing import Actor
from tests.cast import make_person, make_series, make_touchpoint


@pytest.fixture
def people(session):
    return {
        "olu": make_person(session, "Olu Organizer", role=Role.ORGANIZER),
        "mira": make_person(session, "mira Member", role=Role.MEMBER),
        "vera": make_person(session, "Vera Volunteer"),
    }


@pytest.fixture
def call(session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14))
    session.commit()
    return call


@pytest.fixture
def appoint(session, call, people, now):
    def appoint(person_id, version=None):
        saw = {"version": version or call.version, "by": Actor.signed_in(people["olu"]), "now": now}
        moderating.appoint_moderator(session, call, person_id, **saw)

    return appoint


def test_members_and_organizers_can_moderate(session, people):
    assert moderating.possible_moderators(session) == [people["mira"], people["olu"]]


def test_one_is_appointed_and_nobody_again(call, people, appoint):
    appoint(people["mira"].id)
    assert call.moderator is people["mira"]
    appoint(None)
    assert call.moderator is None


def test_nobody_else_is_appointed(session, call, people, appoint):
    for person_id in (people["vera"].id, 0, 4711):
        with pytest.raises(InvalidInput):
            appoint(person_id)
        session.rollback()
    assert call.moderator is None


def test_a_stale_page_appoints_nobody(session, call, people, appoint):
    seen = call.version
    appoint(people["olu"].id)
    with pytest.raises(Conflict):
        appoint(people["mira"].id, seen)
    session.rollback()
    assert call.moderator is people["olu"]
