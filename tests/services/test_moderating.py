"""A call has a moderator, who is a member or an organizer."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput
from app.domain.people import Role
from app.mail.reading import read_message
from app.models import OutboxMessage
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
def appoint(session, call, people, site, now):
    def appoint(person_id, version=None):
        saw = {"version": version or call.version, "by": Actor.signed_in(people["olu"]), "site": site, "now": now}
        moderating.appoint_moderator(session, call, person_id, **saw)

    return appoint


def test_members_and_organizers_can_moderate(session, people):
    assert moderating.possible_moderators(session) == [people["mira"], people["olu"]]


def test_one_is_appointed_and_nobody_again(call, people, appoint):
    appoint(people["mira"].id)
    assert call.moderator is people["mira"]
    appoint(None)
    assert call.moderator is None


def test_a_new_moderator_is_mailed_the_run_sheet_once(session, call, people, appoint):
    appoint(people["mira"].id)
    appoint(people["mira"].id)
    appoint(people["olu"].id)  # who appoints themselves knows

    (mail,) = session.scalars(select(OutboxMessage)).all()
    assert (mail.kind, mail.recipient, mail.touchpoint_id) == ("moderating", "mira@example.org", call.id)
    text = read_message(mail.message).text.replace("\r\n", "\n")
    assert f"http://localhost/touchpoints/{call.key}/run\n" in text
    assert "Open forum, 20 min: under the Rule, not recorded." in " ".join(text.split())
    appoint(people["mira"].id)
    assert len(session.scalars(select(OutboxMessage)).all()) == 2


def test_nobody_is_mailed_of_a_call_that_is_over(session, call, people, site):
    saw = {"version": call.version, "by": Actor.signed_in(people["olu"]), "site": site, "now": call.ends_at}
    moderating.appoint_moderator(session, call, people["mira"].id, **saw)
    assert session.scalars(select(OutboxMessage)).all() == []


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
