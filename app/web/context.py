"""What every page knows: the community, the visitor's theme and zone, who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, request

from app.domain.localtime import known_zone
from app.domain.people import Role, initials
from app.extensions import db
from app.services.queries.questions import count_notes_and_questions
from app.services.queries.received import count_waiting
from app.web.clock import now
from app.web.identity import current_person
from app.web.site import site

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class CurrentPerson:
    """The signed-in person as pages show them."""

    name: str
    email: str
    initials: str
    is_organizer: bool
    is_member: bool


def visitor_zone() -> str | None:
    """The visitor's IANA zone, from `?tz=` or the cookie `tz`; None when unknown or not a zone."""
    for name in (request.args.get("tz"), request.cookies.get("tz")):
        if name and len(name) <= 64 and known_zone(name):
            return name
    return None


def init_context(app: Flask) -> None:
    @app.context_processor
    def common() -> dict[str, Any]:
        theme = request.cookies.get("theme", "auto")
        return {
            "community": site().community,
            "theme": theme if theme in THEMES else "auto",
            "zone": visitor_zone(),
            "now": now(),
            "current_person": _current_person(),
            "nav_current": request.endpoint or "",
            "received_waiting": _received_waiting,
            "notes_waiting": _notes_waiting,
        }


def _received_waiting() -> int:
    """How many messages wait for an organizer: asked by the pages that show it alone."""
    return count_waiting(db.session())


def _notes_waiting() -> int:
    """How many notes and questions wait for an organizer."""
    return count_notes_and_questions(db.session(), now=now())


def _current_person() -> CurrentPerson | None:
    person = current_person()
    if person is None:
        return None
    organizer = person.role is Role.ORGANIZER
    return CurrentPerson(
        name=person.name or person.email,
        email=person.email,
        initials=initials(person.name or person.email),
        is_organizer=organizer,
        is_member=organizer or person.role is Role.MEMBER,
    )
