"""The people of the house, for organizers, and the sign-ins of one of them, for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.domain.people import Role
from app.domain.signing_in import IDLE_LASTS
from app.models import BouncingAddress, Person, SignIn
from app.services.queries.received import bouncing_among

PAGE = 50


@dataclass(frozen=True)
class PeopleFilter:
    """What the organizer asked to see. Empty values do not filter."""

    text: str = ""
    role: Role | None = None
    page: int = 1


@dataclass(frozen=True)
class PeoplePage:
    """One page of people by name; `counts` says how many have each role, whatever the filter.

    `bouncing` are those of their addresses from which mail came back.
    """

    people: Sequence[Person]
    total: int
    page: int
    pages: int
    counts: dict[Role, int]
    bouncing: dict[str, BouncingAddress]


def read_people(session: Session, asked: PeopleFilter) -> PeoplePage:
    """One page of the people that match; the last page for a number beyond it."""
    matching = _conditions(asked)
    total = session.scalar(select(func.count()).select_from(Person).where(*matching)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(asked.page, pages)
    by_name = (func.lower(Person.name), Person.email)
    people = session.scalars(
        select(Person).where(*matching).order_by(*by_name).offset((page - 1) * PAGE).limit(PAGE)
    ).all()
    counted = session.execute(select(Person.role, func.count()).group_by(Person.role)).all()
    bouncing = bouncing_among(session, [person.email for person in people])
    return PeoplePage(people, total, page, pages, dict(counted), bouncing)


def read_everybody(session: Session, *, role: Role | None = None) -> Sequence[Person]:
    """All people with the role, or all there are, by address."""
    matching = _conditions(PeopleFilter(role=role))
    return session.scalars(select(Person).where(*matching).order_by(Person.email)).all()


def read_sign_ins(session: Session, person: Person, *, now: datetime) -> Sequence[SignIn]:
    """The person's live sign-ins, the latest used first."""
    live = (SignIn.ended_at.is_(None), SignIn.expires_at > now, SignIn.seen_at > now - IDLE_LASTS)
    latest = (SignIn.seen_at.desc(), SignIn.id.desc())
    return session.scalars(select(SignIn).where(SignIn.person_id == person.id, *live).order_by(*latest)).all()


def _conditions(asked: PeopleFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.text:
        columns = (Person.name, Person.email, Person.affiliation)
        found.append(or_(*(column.icontains(asked.text, autoescape=True) for column in columns)))
    if asked.role:
        found.append(Person.role == asked.role)
    return found
