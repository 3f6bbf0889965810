"""Secret calendar addresses: hashed, counted, one's own alone, and over when they are over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotAllowed, NotFound, RuleViolation
from app.domain.people import Role
from app.domain.personal_feeds import FeedKind
from app.models import Person, PersonalFeed
from app.services import housekeeping, personal_feeds
from app.services.auditing import COMMAND, Actor
from app.services.proving import hashed
from tests.cast import make_person


@pytest.fixture
def mira(session):
    person = make_person(session, "Mira", role=Role.MEMBER)
    session.commit()
    return person


@pytest.fixture
def make(session, mira, now):
    def make(kind=FeedKind.MEMBER, label=""):
        by = Actor.signed_in(mira)
        return personal_feeds.make_feed(session, mira, kind=kind, label=label, by=by, now=now)

    return make


def test_a_token_has_128_bits_at_least_and_only_its_hash_is_kept(session, make):
    made, other = make(), make()
    assert len(made.token) == 32
    assert made.token != other.token
    assert made.feed.token_hash == hashed(made.token)
    assert personal_feeds.find_feed(session, made.token) is made.feed


@pytest.mark.parametrize("token", ["", "nothing", "\x00", "é" * 40])
def test_nothing_else_is_found(session, make, token):
    make()
    with pytest.raises(NotFound):
        personal_feeds.find_feed(session, token)


def test_a_volunteer_has_no_members_calendar(session, mira, make):
    mira.role = Role.VOLUNTEER
    with pytest.raises(NotAllowed):
        make()
    assert make(FeedKind.SPEAKER).feed.kind is FeedKind.SPEAKER


def test_five_made_at_one_moment_are_five(session, mira, now):
    engine, person_id = session.get_bind(), mira.id
    session.commit()

    def make(_number):
        with Session(engine) as own:
            person = own.get(Person, person_id)
            by = Actor.signed_in(person)
            try:
                personal_feeds.make_feed(own, person, kind=FeedKind.SPEAKER, label="", by=by, now=now)
            except RuleViolation:
                return 0
            return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(make, range(8))) == 5
    assert len(personal_feeds.list_feeds(session, mira)) == 5


def test_who_loses_a_role_keeps_what_the_new_one_allows(session, mira, make, now):
    lost, kept = make(), make(FeedKind.SPEAKER)
    assert personal_feeds.revoke_lost_feeds(session, mira, Role.VOLUNTEER, by=COMMAND, now=now) == 1
    session.commit()
    with pytest.raises(NotFound):
        personal_feeds.find_feed(session, lost.token)
    assert personal_feeds.find_feed(session, kept.token) is kept.feed


def test_ones_own_address_is_revoked_once_and_nobody_elses(session, mira, make, now):
    made = make()
    for by in (COMMAND, Actor.signed_in(make_person(session, "Nora"))):
        with pytest.raises(NotFound):
            personal_feeds.revoke_feed(session, made.feed.id, by=by, now=now)
    with pytest.raises(NotFound):
        personal_feeds.revoke_feed(session, 99, by=Actor.signed_in(mira), now=now)
    for later in (timedelta(0), timedelta(days=1)):
        personal_feeds.revoke_feed(session, made.feed.id, by=Actor.signed_in(mira), now=now + later)
    assert made.feed.revoked_at == now


def test_the_day_of_use_only_goes_forward(session, make):
    made = make()
    for day, noted in ((24, 24), (23, 24), (25, 25)):
        personal_feeds.note_feed_use(session, made.feed.id, day=date(2026, 11, day))
        session.refresh(made.feed)
        assert made.feed.used_on == date(2026, 11, noted)


def test_revoked_addresses_are_forgotten_after_ninety_days(session, mira, make, now):
    over, kept = make(), make()
    personal_feeds.revoke_feed(session, over.feed.id, by=Actor.signed_in(mira), now=now)
    assert personal_feeds.forget_revoked_feeds(session, now=now + timedelta(days=90)) == 0
    assert personal_feeds.forget_revoked_feeds(session, now=now + timedelta(days=90, seconds=1)) == 1
    assert session.scalars(select(PersonalFeed)).all() == [kept.feed]


def test_the_nightly_forgetting_sees_to_them(session, mira, make, site, now):
    made = make()
    personal_feeds.revoke_feed(session, made.feed.id, by=Actor.signed_in(mira), now=now)
    assert housekeeping.forget_old(session, site=site, now=now + timedelta(days=91)).personal_feeds == 1
