"""Signed-in browsers are rows: whoever ends the row ends the cookie and every copy of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.errors import NotFound
from app.domain.people import Role
from app.models import AuditEvent, SignIn
from app.services.auditing import SYSTEM, Actor
from app.services.sign_ins import (
    begin_sign_in,
    end_other_sign_ins,
    end_sign_in,
    end_sign_ins,
    find_sign_in,
    note_use,
    sign_out,
)
from tests.cast import make_person

DAY = timedelta(days=1)


@pytest.fixture
def vera(session):
    return make_person(session, "Vera")


@pytest.fixture
def begin(session, clock):
    def begun(person, **known):
        row, token = begin_sign_in(session, person, user_agent="curl/8", now=clock.now, **known)
        session.commit()
        return row, token

    return begun


def test_a_fresh_sign_in_is_found_by_its_token_alone(session, vera, begin, now):
    row, token = begin(vera)
    assert find_sign_in(session, token, now=now) is row
    assert (row.person, row.browser, row.expires_at) == (vera, "curl", now + 30 * DAY)
    assert token not in {str(value) for value in session.execute(select(*SignIn.__table__.columns)).one()}
    assert find_sign_in(session, row.token_hash, now=now) is None


def test_a_sign_in_out_of_time_is_not_found(session, vera, begin, now):
    row, token = begin(vera)
    assert find_sign_in(session, token, now=now + 7 * DAY) is None
    row.seen_at = now + 29 * DAY
    assert find_sign_in(session, token, now=now + 30 * DAY) is None


def test_whoever_comes_every_day_stays_for_thirty_days(session, vera, begin, clock):
    row, token = begin(vera)
    for _ in range(29):
        clock.advance(DAY)
        assert find_sign_in(session, token, now=clock.now) is row
        note_use(session, row.id, now=clock.now)
    assert row.seen_at == clock.now
    clock.advance(DAY)
    assert find_sign_in(session, token, now=clock.now) is None


def test_use_within_a_day_is_not_written(session, vera, begin, now):
    row, _ = begin(vera)
    note_use(session, row.id, now=now + DAY - timedelta(seconds=1))
    assert row.seen_at == now


def test_the_use_of_an_ended_sign_in_is_not_written(session, vera, begin, now):
    row, _ = begin(vera)
    sign_out(session, row, by=Actor.signed_in(vera), now=now)
    note_use(session, row.id, now=now + DAY)
    assert row.seen_at == now


def test_signing_out_ends_that_sign_in_and_no_other(session, vera, begin, now):
    (here, token), (_, other) = begin(vera), begin(vera)
    sign_out(session, here, by=Actor.signed_in(vera), now=now)
    assert find_sign_in(session, token, now=now) is None
    assert find_sign_in(session, other, now=now) is not None


def test_signing_out_twice_is_recorded_once(session, vera, begin, now):
    here, _ = begin(vera)
    for later in (timedelta(), DAY):
        sign_out(session, here, by=Actor.signed_in(vera), now=now + later)
    assert here.ended_at == now
    ended = select(func.count()).where(AuditEvent.action == "sign_in.ended", AuditEvent.person_id == vera.id)
    assert session.scalar(ended) == 1


def test_signing_in_again_in_a_browser_replaces_its_sign_in(session, vera, begin, now):
    here, token = begin(vera)
    _, fresh = begin(make_person(session, "Olu", role=Role.ORGANIZER), instead_of=here)
    assert (token == fresh, find_sign_in(session, token, now=now)) == (False, None)
    assert find_sign_in(session, fresh, now=now).person.name == "Olu"


def test_one_may_end_ones_own_sign_ins(session, vera, begin, now):
    row, token = begin(vera)
    end_sign_in(session, row.id, by=Actor.signed_in(vera), now=now)
    assert find_sign_in(session, token, now=now) is None


def test_nobody_ends_somebody_elses_sign_in(session, vera, begin, now):
    row, token = begin(vera)
    olu = make_person(session, "Olu", role=Role.ORGANIZER)
    for stranger in (Actor.signed_in(olu), SYSTEM):
        with pytest.raises(NotFound, match="no such sign-in"):
            end_sign_in(session, row.id, by=stranger, now=now)
    with pytest.raises(NotFound):
        end_sign_in(session, row.id + 1, by=Actor.signed_in(vera), now=now)
    assert find_sign_in(session, token, now=now) is row


def test_all_others_can_be_ended_at_once(session, vera, begin, now):
    (here, token), others = begin(vera), [begin(vera) for _ in range(3)]
    _, olus = begin(make_person(session, "Olu"))
    assert end_other_sign_ins(session, here, by=Actor.signed_in(vera), now=now) == 3
    assert [find_sign_in(session, other, now=now) for _, other in others] == [None] * 3
    assert find_sign_in(session, token, now=now) is here
    assert find_sign_in(session, olus, now=now) is not None
    assert end_other_sign_ins(session, here, by=Actor.signed_in(vera), now=now) == 0


def test_ending_all_says_how_many_and_records_it_once(session, vera, begin, now):
    begin(vera)
    begin(vera)
    assert [end_sign_ins(session, vera, by=SYSTEM, now=now) for _ in range(2)] == [2, 0]
    session.commit()
    details = session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "person.signed_out")).all()
    assert details == [{"sign_ins": 2}]


def test_old_sign_ins_are_forgotten_a_month_after_their_end(session, vera, begin, clock):
    begin(vera)
    clock.advance(60 * DAY)
    begin(vera)
    assert session.scalar(select(func.count(SignIn.id))) == 2
    clock.advance(timedelta(seconds=1))
    begin(vera)
    assert session.scalar(select(func.count(SignIn.id))) == 2
