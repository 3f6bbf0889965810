"""People: added, given a role, and keeping their own profile and address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, RuleViolation
from app.domain.people import ProfileForm, Role, check_name, check_profile
from app.domain.signing_in import Purpose, is_recent
from app.domain.site import Site
from app.models import Person, SignIn, SignInRequest
from app.services import notifying
from app.services.addresses import require_address
from app.services.auditing import Actor, record
from app.services.personal_feeds import revoke_lost_feeds
from app.services.proving import Question, ask_for_proof, end_questions, take_by_code, take_by_link
from app.services.sign_ins import end_sign_ins
from app.services.turns import wait_for_turn
from app.services.versions import expect_version


@dataclass(frozen=True)
class Added:
    """A person after `add_person`, and what that changed: "added", or some of "name" and "role", or nothing."""

    person: Person
    changed: tuple[str, ...]


def find_or_make_person(session: Session, email: str, *, name: str = "", now: datetime) -> Person:
    """The person of the normalised address `email`, made as a volunteer if nobody has it.

    Joins the caller's transaction. Call it only when the address is proven. A `name` is taken over where the person
    has none yet.
    """
    person = _holder(session, email)
    if person is None:
        person = Person(email=email, created_at=now)
        session.add(person)
    if name and not person.name:
        person.name = name
    session.flush()
    return person


def add_person(session: Session, address: str, *, name: str, role: Role | None, by: Actor, now: datetime) -> Added:
    """Make sure that a person with this address, name and role exists. Doing it twice changes nothing.

    An empty `name` and no `role` leave present ones; somebody new is then a volunteer.
    Raises InvalidInput (email, name), RuleViolation as `change_role` does.
    """
    email, name = require_address(address), check_name(name)
    person = _holder(session, email)
    if person is None:
        new = _add(session, email, name=name, role=role or Role.VOLUNTEER, by=by, now=now)
        return Added(new, ("added",))
    changed = []
    if name and name != person.name:
        person.name = name
        record(session, "person.renamed", person, by=by, now=now)
        changed.append("name")
    if role is not None and _give_role(session, person, role, by=by, now=now):
        changed.append("role")
    session.commit()
    return Added(person, tuple(changed))


def add_new_person(session: Session, address: str, *, name: str, role: Role, by: Actor, now: datetime) -> Person:
    """Add somebody who is not here yet, and change nobody who is. Raises InvalidInput (email, name)."""
    email, name = require_address(address), check_name(name)
    present = _holder(session, email)
    if present is not None:
        raise InvalidInput({"email": f"{email} is here already, as {present.role.label.lower()}."})
    return _add(session, email, name=name, role=role, by=by, now=now)


def change_role(session: Session, person: Person, *, role: Role, version: int, by: Actor, now: datetime) -> None:
    """Give the person another role: what their sign-ins, and calendars that it does not allow, had opened is closed.

    Raises Conflict for a stale version, RuleViolation when no organizer would be left.
    """
    expect_version(person, version)
    _give_role(session, person, role, by=by, now=now)
    session.commit()


def save_profile(
    session: Session, person: Person, form: ProfileForm, *, version: int, by: Actor, now: datetime
) -> None:
    """Write a person's profile. Raises InvalidInput (the fields of `form`), Conflict for a stale version."""
    expect_version(person, version)
    profile = check_profile(form)
    if profile_form(person) == profile.as_form():
        return
    person.name, person.pronouns, person.affiliation = profile.name, profile.pronouns, profile.affiliation
    person.role_category, person.bio, person.time_zone = profile.role_category, profile.bio, profile.time_zone
    record(session, "person.profile_saved", person, by=by, now=now)
    session.commit()


def profile_form(person: Person) -> ProfileForm:
    """The profile as the form shows it."""
    category = person.role_category.value if person.role_category else ""
    return ProfileForm(person.name, person.pronouns, person.affiliation, category, person.bio, person.time_zone)


def ask_to_change_email(
    session: Session, sign_in: SignIn, address: str, *, instead_of: str = "", site: Site, now: datetime
) -> Question:
    """Mail a link and a code to the new address of whoever signed in; the old one stays until they are used.

    Says nothing of whether somebody has the new address already. Raises InvalidInput (email), TooMany, and
    RuleViolation for a sign-in that is not recent: a browser left open must not be enough to take an account.
    """
    person, email = sign_in.person, require_address(address)
    if not is_recent(sign_in, now=now):
        raise RuleViolation("Sign in again first: an address can be changed within an hour of signing in.")
    if email == person.email:
        raise InvalidInput({"email": "This is your address already."})
    question = ask_for_proof(session, Purpose.CHANGE_EMAIL, email=email, person=person, instead_of=instead_of, now=now)
    link = site.url(f"/profile/address/link/{question.token}")
    notifying.notify_new_address(session, person, email, link=link, code=question.code, site=site, now=now)
    session.commit()
    return question


def change_email_by_link(
    session: Session, person: Person, token: str, *, nonce: str, by: Actor, site: Site, now: datetime
) -> None:
    """Change the address by the link mailed to the new one. Raises Gone, OtherBrowser, RuleViolation if it is taken."""
    proof = take_by_link(session, Purpose.CHANGE_EMAIL, token, nonce=nonce, now=now)
    _change_email(session, person, proof, by=by, site=site, now=now)


def change_email_by_code(
    session: Session, person: Person, code: str, *, nonce: str, by: Actor, site: Site, now: datetime
) -> None:
    """Change the address by the code mailed to the new one. Raises InvalidInput (code), Gone, RuleViolation."""
    proof = take_by_code(session, Purpose.CHANGE_EMAIL, code, nonce=nonce, now=now)
    _change_email(session, person, proof, by=by, site=site, now=now)


def expect_another_organizer(session: Session, person: Person) -> None:
    """Raises RuleViolation where the person is the only organizer. Nobody else stops being one until this ends."""
    wait_for_turn(session, "organizers")
    others = select(func.count()).where(Person.role == Role.ORGANIZER, Person.id != person.id)
    if not session.scalar(others):
        raise RuleViolation("There must be an organizer. Make somebody else an organizer first.")


def _holder(session: Session, email: str) -> Person | None:
    """Who has the address; if nobody, then nobody gets it either until this transaction ends."""
    wait_for_turn(session, "person", email)
    return session.scalar(select(Person).where(Person.email == email))


def _add(session: Session, email: str, *, name: str, role: Role, by: Actor, now: datetime) -> Person:
    person = Person(email=email, name=name, role=role, created_at=now)
    session.add(person)
    record(session, "person.added", person, by=by, now=now, role=role.value)
    session.commit()
    return person


def _give_role(session: Session, person: Person, role: Role, *, by: Actor, now: datetime) -> bool:
    if role is person.role:
        return False
    if person.role is Role.ORGANIZER:
        expect_another_organizer(session, person)
    was, person.role = person.role, role
    end_sign_ins(session, person, by=by, now=now)
    revoke_lost_feeds(session, person, role, by=by, now=now)
    record(session, "person.role_changed", person, by=by, now=now, was=was.value, now_is=role.value)
    return True


def _change_email(
    session: Session, person: Person, proof: SignInRequest, *, by: Actor, site: Site, now: datetime
) -> None:
    if proof.person_id != person.id:
        raise RuleViolation("Somebody else asked for this change. Sign in as them first.")
    if _holder(session, proof.email) is not None:
        raise RuleViolation("Somebody is here with this address already. If that is you, sign in with it.")
    was, person.email = person.email, proof.email
    end_questions(session, was, now=now)
    end_sign_ins(session, person, by=by, now=now)
    record(session, "person.email_changed", person, by=by, now=now)
    notifying.notify_address_changed(session, person, was=was, site=site, now=now)
    session.commit()
