"""The people of the house: who has which role, and who gets another."""

from __future__ import annotations

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, HouseError, InvalidInput, NotFound, RuleViolation
from app.domain.people import MAX_NAME, Role
from app.domain.permissions import Permission
from app.domain.text import clean_line
from app.extensions import db
from app.models import Person
from app.services import people as services
from app.services.queries.people import PeopleFilter, read_people
from app.web import identity
from app.web.clock import now
from app.web.errors import status_of
from app.web.fields import read_number, read_word
from app.web.guards import allow
from app.web.htmx import go_to, is_htmx, respond
from app.web.identity import current_actor, signed_in_person
from app.web.organizer import blueprint

_PAGE = "pages/organizer/people.html"


@blueprint.get("/people")
@allow(Permission.MANAGE_PEOPLE)
def people() -> Response:
    """The people who match the filter, by name."""
    return _people_page()


@blueprint.post("/people")
@allow(Permission.MANAGE_PEOPLE)
def add_person() -> Response:
    """Add somebody who has not signed in yet, or say what they are here already."""
    address, name = request.form.get("email", ""), request.form.get("name", "")
    try:
        role = _role(request.form.get("role", ""))
        added = services.add_new_person(db.session(), address, name=name, role=role, by=current_actor(), now=now())
    except InvalidInput as error:
        typed = {"email": address, "name": name, "role": request.form.get("role", "")}
        return _people_page(errors=error.errors, typed=typed, status=422)
    flash(f"{added.name or added.email} is here as {role.label.lower()}. They sign in with {added.email}.", "good")
    return go_to(url_for("organizer.people", q=added.email))


@blueprint.post("/people/<int(max=2147483647):person_id>/role")
@allow(Permission.MANAGE_PEOPLE)
def change_role(person_id: int) -> Response:
    """Give somebody another role; what they had open is closed at once."""
    person, role = _person(person_id), _role(request.form.get("role", ""))
    version, is_own = read_number(request.form.get("version", "")) or 0, person == signed_in_person()
    try:
        services.change_role(db.session(), person, role=role, version=version, by=current_actor(), now=now())
    except (Conflict, RuleViolation) as error:
        return _not_changed(person, error)
    said = f"{person.name or person.email} is {role.label.lower()} now."
    return _signed_out_oneself(said) if is_own else _changed(person, said)


def _changed(person: Person, said: str) -> Response:
    if is_htmx():
        return _row(person, said, kind="good")
    flash(said, "good")
    return go_to(url_for("organizer.people", _anchor=f"person-{person.id}"))


def _not_changed(person: Person, error: HouseError) -> Response:
    """The row as it really stands, so that the choice which was refused does not stay in it."""
    if not is_htmx():
        raise error
    db.session.rollback()
    return _row(person, str(error), kind="bad", status=status_of(error))


def _row(person: Person, said: str, *, kind: str, status: int = 200) -> Response:
    partials = ("partials/people/row.html", "partials/people/said.html")
    shown = {"person": person, "roles": tuple(Role), "said": said, "kind": kind}
    return respond(_PAGE, partials[0], also=partials[1:], status=status, **shown)


def _signed_out_oneself(said: str) -> Response:
    identity.end()
    flash(f"{said} Sign in again.", "good")
    return go_to(url_for("account.sign_in"))


def _people_page(
    *, errors: dict[str, str] | None = None, typed: dict[str, str] | None = None, status: int = 200
) -> Response:
    asked = _filter()
    return respond(
        _PAGE,
        "partials/people/list.html",
        asked=asked,
        shown=read_people(db.session(), asked),
        roles=tuple(Role),
        choices=[(role.value, role.label, role.includes) for role in Role],
        errors=errors or {},
        typed=typed or {},
        url=lambda number: url_for("organizer.people", **{**request.args.to_dict(), "page": number}),
        status=status,
    )


def _filter() -> PeopleFilter:
    return PeopleFilter(
        text=clean_line(request.args.get("q", ""))[:MAX_NAME],
        role=read_word(Role, request.args.get("role", "")),
        page=max(1, read_number(request.args.get("page", "")) or 1),
    )


def _role(word: str) -> Role:
    role = read_word(Role, word)
    if role is None:
        raise InvalidInput({"role": "Choose a role."})
    return role


def _person(person_id: int) -> Person:
    person = db.session().get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person
