"""People are added once, get roles from organizers, and keep their own profile and address."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Gone, InvalidInput, RuleViolation
from app.domain.people import ProfileForm, Role, RoleCategory
from app.domain.signing_in import Purpose
from app.models import AuditEvent, OutboxMessage, Person
from app.services.auditing import COMMAND, Actor
from app.services.people import (
    add_new_person,
    add_person,
    ask_to_change_email,
    change_email_by_code,
    change_email_by_link,
    change_role,
    find_or_make_person,
    profile_form,
    save_profile,
)
from app.services.proving import OtherBrowser, read_link
from app.services.sign_ins import begin_sign_in, find_sign_in
from app.services.signing_in import ask_to_sign_in
from tests.cast import make_person

NEW = "vera.santos@example.net"


@pytest.fixture
def vera(session):
    return make_person(session, "Vera")


@pytest.fixture
def olu(session):
    return make_person(session, "Olu", role=Role.ORGANIZER)


@pytest.fixture
def begin(session, clock):
    def begun(person):
        row, token = begin_sign_in(session, person, user_agent="", now=clock.now)
        session.commit()
        return row, token

    return begun


def actions(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


def test_a_person_is_found_or_made_by_the_address(session, vera, now):
    assert find_or_make_person(session, "vera@example.org", name="Another", now=now) is vera
    sam = find_or_make_person(session, "sam@example.org", name="Sam", now=now)
    assert (vera.name, sam.name, sam.role, sam.created_at) == ("Vera", "Sam", Role.VOLUNTEER, now)


def test_a_person_without_a_name_takes_the_first_one_they_give(session, now):
    sam = find_or_make_person(session, "sam@example.org", now=now)
    find_or_make_person(session, "sam@example.org", name="Sam", now=now)
    assert sam.name == "Sam"


def test_finding_at_once_makes_one_person(session, now):
    together = threading.Barrier(6)

    def find(_):
        with Session(session.get_bind()) as own:
            together.wait(timeout=60)
            person = find_or_make_person(own, "sam@example.org", now=now)
            own.commit()
            return person.id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(find, range(6)))) == 1


def test_adding_twice_changes_nothing(session, now):
    added = [
        add_person(session, "OLU@example.org", name=" Olu  A ", role=Role.ORGANIZER, by=COMMAND, now=now)
        for _ in range(2)
    ]
    assert [result.changed for result in added] == [("added",), ()]
    assert added[0].person is added[1].person
    assert (added[0].person.name, added[0].person.role) == ("Olu A", Role.ORGANIZER)
    assert actions(session) == ["person.added"]


def test_adding_somebody_who_is_here_says_what_it_changed(session, vera, now):
    added = add_person(session, "vera@example.org", name="Vera S", role=Role.MEMBER, by=COMMAND, now=now)
    assert (added.person, added.changed) == (vera, ("name", "role"))
    assert (vera.name, vera.role) == ("Vera S", Role.MEMBER)


def test_adding_without_name_and_role_leaves_them(session, olu, now):
    added = add_person(session, "olu@example.org", name="", role=None, by=COMMAND, now=now)
    assert (added.changed, olu.name, olu.role) == ((), "Olu", Role.ORGANIZER)
    new = add_person(session, "sam@example.org", name="", role=None, by=COMMAND, now=now)
    assert (new.changed, new.person.role) == (("added",), Role.VOLUNTEER)


@pytest.mark.parametrize(
    ("address", "name", "field"), [("nonsense", "Sam", "email"), ("s@example.org", "n" * 121, "name")]
)
def test_what_cannot_be_added_is_sent_back(session, now, address, name, field):
    for add in (add_person, add_new_person):
        with pytest.raises(InvalidInput) as refused:
            add(session, address, name=name, role=Role.MEMBER, by=COMMAND, now=now)
        assert list(refused.value.errors) == [field]


def test_an_organizer_adds_only_who_is_not_here_yet(session, vera, olu, now):
    by = Actor.signed_in(olu)
    sam = add_new_person(session, "Sam@example.org", name="Sam", role=Role.MEMBER, by=by, now=now)
    assert (sam.email, sam.role) == ("sam@example.org", Role.MEMBER)
    with pytest.raises(InvalidInput) as refused:
        add_new_person(session, "VERA@example.org", name="Eve", role=Role.ORGANIZER, by=by, now=now)
    assert refused.value.errors == {"email": "vera@example.org is here already, as volunteer."}
    assert (vera.name, vera.role) == ("Vera", Role.VOLUNTEER)


def test_another_role_ends_every_sign_in_of_that_person(session, vera, olu, begin, now):
    tokens = [begin(vera)[1] for _ in range(2)]
    _, olus = begin(olu)
    change_role(session, vera, role=Role.MEMBER, version=vera.version, by=Actor.signed_in(olu), now=now)
    assert vera.role is Role.MEMBER
    assert [find_sign_in(session, token, now=now) for token in tokens] == [None, None]
    assert find_sign_in(session, olus, now=now) is not None
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "person.role_changed")).one()
    assert (event.person_id, event.subject_id) == (olu.id, vera.id)
    assert event.detail == {"was": "volunteer", "now_is": "member"}


def test_the_same_role_changes_nothing(session, vera, olu, begin, now):
    _, token = begin(vera)
    change_role(session, vera, role=Role.VOLUNTEER, version=vera.version, by=Actor.signed_in(olu), now=now)
    assert find_sign_in(session, token, now=now) is not None


def test_a_role_is_not_changed_over_somebody_elses_change(session, vera, olu, now):
    with pytest.raises(Conflict):
        change_role(session, vera, role=Role.MEMBER, version=vera.version - 1, by=Actor.signed_in(olu), now=now)


def test_the_last_organizer_stays_one(session, olu, now):
    for act in (
        lambda: change_role(session, olu, role=Role.MEMBER, version=olu.version, by=Actor.signed_in(olu), now=now),
        lambda: add_person(session, olu.email, name="", role=Role.VOLUNTEER, by=COMMAND, now=now),
    ):
        with pytest.raises(RuleViolation, match="There must be an organizer"):
            act()
    assert olu.role is Role.ORGANIZER


def test_an_organizer_may_step_down_beside_another(session, olu, now):
    make_person(session, "Ana", role=Role.ORGANIZER)
    change_role(session, olu, role=Role.MEMBER, version=olu.version, by=Actor.signed_in(olu), now=now)
    assert olu.role is Role.MEMBER


def test_two_organizers_who_step_down_at_once_leave_one(session, olu, now):
    pair, together = [olu.id, make_person(session, "Ana", role=Role.ORGANIZER).id], threading.Barrier(2)
    session.commit()

    def step_down(person_id):
        with Session(session.get_bind()) as own:
            together.wait(timeout=60)
            person = own.get(Person, person_id)
            try:
                change_role(own, person, role=Role.MEMBER, version=person.version, by=COMMAND, now=now)
            except RuleViolation:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(step_down, pair)) == [False, True]


def test_a_profile_is_saved_and_shown(session, vera, now):
    form = ProfileForm("Vera Santos", "she/her", "Kestrel", "foundation", "Bio", "Asia/Tokyo")
    save_profile(session, vera, form, version=vera.version, by=Actor.signed_in(vera), now=now)
    assert profile_form(vera) == form
    assert vera.role_category is RoleCategory.FOUNDATION
    assert actions(session) == ["person.profile_saved"]


def test_saving_an_unchanged_profile_writes_nothing(session, vera, now):
    session.commit()
    version = vera.version
    save_profile(session, vera, profile_form(vera), version=version, by=Actor.signed_in(vera), now=now)
    assert (vera.version, actions(session)) == (version, [])


def test_a_profile_may_leave_its_category_open(session, vera, now):
    save_profile(session, vera, ProfileForm(name="Vera"), version=vera.version, by=Actor.signed_in(vera), now=now)
    assert profile_form(vera) == ProfileForm(name="Vera")


def test_a_stale_or_wrong_profile_is_not_saved(session, vera, now):
    by = Actor.signed_in(vera)
    with pytest.raises(Conflict):
        save_profile(session, vera, ProfileForm(name="Eve"), version=vera.version - 1, by=by, now=now)
    with pytest.raises(InvalidInput):
        save_profile(session, vera, ProfileForm(name=""), version=vera.version, by=by, now=now)
    assert vera.name == "Vera"


@pytest.fixture
def ask(session, vera, begin, site, clock):
    """Asks to change Vera's address right after she signed in."""

    def asked(address=NEW):
        return ask_to_change_email(session, begin(vera)[0], address, site=site, now=clock.now)

    return asked


def test_asking_mails_the_new_address_and_changes_nothing(session, vera, ask):
    ask(" Vera.Santos@EXAMPLE.net")
    assert vera.email == "vera@example.org"
    assert session.execute(select(OutboxMessage.recipient, OutboxMessage.kind)).all() == [(NEW, "new_address")]


def test_the_proven_address_replaces_the_old_one_and_ends_every_sign_in(session, vera, ask, begin, site, now):
    _, token = begin(vera)
    question = ask()
    by = Actor.signed_in(vera)
    change_email_by_code(session, vera, question.code, nonce=question.nonce, by=by, site=site, now=now)
    assert vera.email == NEW
    assert find_sign_in(session, token, now=now) is None
    told = select(OutboxMessage.recipient).where(OutboxMessage.kind == "address_changed")
    assert session.scalars(told).all() == ["vera@example.org"]
    assert actions(session)[-2:] == ["person.signed_out", "person.email_changed"]


def test_the_link_changes_the_address_too(session, vera, ask, site, now):
    question, by = ask(), Actor.signed_in(vera)
    with pytest.raises(OtherBrowser):
        change_email_by_link(session, vera, question.token, nonce="", by=by, site=site, now=now)
    change_email_by_link(session, vera, question.token, nonce=question.nonce, by=by, site=site, now=now)
    assert vera.email == NEW


def test_links_to_the_old_address_end_with_it(session, vera, ask, site, now):
    old = ask_to_sign_in(session, "vera@example.org", site=site, now=now)
    question = ask()
    by = Actor.signed_in(vera)
    change_email_by_link(session, vera, question.token, nonce=question.nonce, by=by, site=site, now=now)
    with pytest.raises(Gone):
        read_link(session, Purpose.SIGN_IN, old.token, now=now)


def test_the_address_of_somebody_else_is_not_given_away(session, vera, olu, ask, site, now):
    question = ask("olu@example.org")
    by = Actor.signed_in(vera)
    with pytest.raises(RuleViolation, match="Somebody is here with this address already"):
        change_email_by_link(session, vera, question.token, nonce=question.nonce, by=by, site=site, now=now)
    assert (vera.email, olu.email) == ("vera@example.org", "olu@example.org")


def test_a_change_is_for_whoever_asked_for_it(session, olu, ask, site, now):
    question = ask()
    by = Actor.signed_in(olu)
    with pytest.raises(RuleViolation, match="Somebody else asked for this change"):
        change_email_by_link(session, olu, question.token, nonce=question.nonce, by=by, site=site, now=now)
    assert olu.email == "olu@example.org"


def test_an_address_is_changed_only_soon_after_signing_in(session, vera, begin, site, now):
    row, _ = begin(vera)
    with pytest.raises(RuleViolation, match="Sign in again first"):
        ask_to_change_email(session, row, NEW, site=site, now=now + timedelta(hours=1))
    assert session.scalar(select(func.count(OutboxMessage.id))) == 0


@pytest.mark.parametrize(
    ("address", "sentence"),
    [("nonsense", "Give an e-mail address"), ("VERA@example.org", "This is your address already.")],
)
def test_what_cannot_be_the_new_address_is_sent_back(ask, address, sentence):
    with pytest.raises(InvalidInput, match=sentence) as refused:
        ask(address)
    assert list(refused.value.errors) == ["email"]
