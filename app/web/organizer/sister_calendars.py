"""Calendars of other communities: the list with what became of each, and their form. No request fetches anything."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, InvalidInput
from app.domain.permissions import Permission
from app.domain.series import HUES, SHAPES
from app.domain.sister_calendars import SisterDraft, masked, read_address
from app.domain.text import clean_line
from app.extensions import db
from app.models import SisterCalendar
from app.services import sister_calendars as keeping
from app.services.queries.sister_states import find_calendar, list_states
from app.web.clock import now
from app.web.fields import read_number
from app.web.guards import allow
from app.web.htmx import go_to, respond
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.organizer.series_forms import stale_form, typed
from app.web.site import site

manages = allow(Permission.MANAGE_SERIES)
_FIELDS = ("name", "address", "hue", "shape", "shown")
_NEW = {"hue": HUES[2], "shape": SHAPES[3], "shown": "yes"}


@blueprint.get("/sister-calendars")
@manages
def sister_calendars() -> Response:
    """Every calendar; under htmx the list alone, which asks again while one is being fetched."""
    return respond(
        "pages/organizer/sister_calendars.html",
        "partials/sister_calendars/list.html",
        rows=list_states(db.session(), now=now()),
        hosts=site().sister_hosts,
    )


@blueprint.get("/sister-calendars/new")
@manages
def sister_calendars_new() -> Response:
    """The form of another calendar."""
    return _form_page(None, _NEW)


@blueprint.post("/sister-calendars")
@manages
def sister_calendars_create() -> Response:
    """Add a calendar; a worker fetches it soon."""
    try:
        keeping.add_calendar(db.session(), _draft(request.form), by=current_actor(), site=site(), now=now())
    except InvalidInput as error:
        return _form_page(None, typed(request.form, _FIELDS), error.errors)
    flash("Added. It is being fetched: its events are here in a minute.", "good")
    return go_to(url_for("organizer.sister_calendars"))


@blueprint.get("/sister-calendars/<slug>/edit")
@manages
def sister_calendars_edit(slug: str) -> Response:
    """The form of a calendar. Its address may hold a key and is not shown."""
    found = find_calendar(db.session(), slug)
    return _form_page(found, _stored(found))


@blueprint.post("/sister-calendars/<slug>/edit")
@manages
def sister_calendars_save(slug: str) -> Response:
    """Change how it looks, or where it is."""
    found, draft = find_calendar(db.session(), slug), _draft(request.form)
    version = read_number(request.form.get("version", "")) or 0
    try:
        keeping.save_calendar(db.session(), found, draft, version=version, by=current_actor(), site=site(), now=now())
    except InvalidInput as error:
        return _form_page(found, typed(request.form, _FIELDS), error.errors)
    except Conflict as error:
        db.session.rollback()
        found, said = find_calendar(db.session(), slug), typed(request.form, _FIELDS)
        return _form_page(found, said, _beside(found, said) or stale_form(request.form, error), status=409)
    flash("Saved.", "good")
    return go_to(url_for("organizer.sister_calendars"))


@blueprint.post("/sister-calendars/<slug>/fetch")
@manages
def sister_calendars_fetch(slug: str) -> Response:
    """Ring for a worker."""
    keeping.ask_for_it_now(db.session(), find_calendar(db.session(), slug), by=current_actor(), now=now())
    flash("It is being fetched: its events are here in a minute.", "good")
    return go_to(url_for("organizer.sister_calendars"))


@blueprint.post("/sister-calendars/<slug>/remove")
@manages
def sister_calendars_remove(slug: str) -> Response:
    """Forget the calendar and its events."""
    keeping.remove_calendar(db.session(), find_calendar(db.session(), slug), by=current_actor(), now=now())
    flash("Removed, with its events.", "good")
    return go_to(url_for("organizer.sister_calendars"))


def _stored(found: SisterCalendar) -> dict[str, str]:
    """What its form shows of it: all but the address."""
    return {"name": found.name, "hue": found.hue, "shape": found.shape, "shown": "yes" if found.shown else ""}


def _beside(found: SisterCalendar, said: Mapping[str, str]) -> dict[str, str]:
    """What somebody else saved meanwhile, at each field in which this form says another thing."""
    words = _stored(found) | {"shown": "its events are shown" if found.shown else "its events are not shown"}
    return {
        name: f"Somebody else saved meanwhile: {words[name]}. Save again to keep yours."
        for name, stored in _stored(found).items()
        if stored != clean_line(said[name])
    }


def _draft(form: MultiDict[str, str]) -> SisterDraft:
    said = typed(form, _FIELDS)
    return SisterDraft(
        name=clean_line(said["name"]),
        address=read_address(said["address"]),
        hue=said["hue"],
        shape=said["shape"],
        shown=said["shown"] == "yes",
    )


def _form_page(
    found: SisterCalendar | None, form: Mapping[str, str], errors: dict[str, str] | None = None, *, status: int = 422
) -> Response:
    body = render_template(
        "pages/organizer/sister_calendar_form.html",
        calendar=found,
        address=masked(found.address) if found else "",
        form=form,
        errors=errors or {},
        hosts=site().sister_hosts,
        hues=[(word, word.capitalize()) for word in HUES],
        shapes=[(word, word.capitalize()) for word in SHAPES],
    )
    return Response(body, status if errors else 200, mimetype="text/html")
