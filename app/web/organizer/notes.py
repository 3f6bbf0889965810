"""Notes and questions for organizers: what waits, who is the scribe, for whom the notes of a series are."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import InvalidInput
from app.domain.notes import NotesAudience
from app.domain.permissions import Permission
from app.extensions import db
from app.services.moderating import appoint_scribe
from app.services.publishing_notes import choose_notes_audience
from app.services.queries.questions import read_waiting
from app.services.queries.series import find_series
from app.services.queries.touchpoints import find_touchpoint
from app.web.clock import now
from app.web.fields import read_number, read_word
from app.web.guards import allow
from app.web.htmx import go_to
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.organizer.series import series_page
from app.web.organizer.touchpoints import touchpoint_page
from app.web.site import site


@blueprint.get("/notes")
@allow(Permission.SCHEDULE)
def notes() -> Response:
    """What waits for somebody."""
    waiting = read_waiting(db.session(), now=now())
    return make_response(render_template("pages/organizer/notes.html", waiting=waiting))


@blueprint.post("/touchpoints/<key>/scribe")
@allow(Permission.SCHEDULE)
def touchpoint_scribe(key: str) -> Response:
    """Say who takes the notes of this call."""
    call, typed = find_touchpoint(db.session(), key), request.form.get("scribe", "")
    try:
        found = appoint_scribe(
            db.session(), call, typed, version=_version(), by=current_actor(), site=site(), now=now()
        )
    except InvalidInput as error:
        db.session.rollback()
        return touchpoint_page(key, error.errors)
    flash(f"{found.name or found.email} takes the notes." if found else "Nobody is the scribe of this call.", "good")
    return go_to(url_for("organizer.touchpoint", key=key))


@blueprint.post("/series/<slug>/notes-audience")
@allow(Permission.MANAGE_SERIES)
def series_save_notes_audience(slug: str) -> Response:
    """Say for whom the notes of the series are."""
    series, chosen = find_series(db.session(), slug), read_word(NotesAudience, request.form.get("notes_audience", ""))
    try:
        choose_notes_audience(db.session(), series, chosen, version=_version(), by=current_actor(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return series_page(slug, error.errors)
    flash("Saved. It holds at once where it is stricter.", "good")
    return go_to(url_for("organizer.series_one", slug=slug))


def _version() -> int:
    return read_number(request.form.get("version", "")) or 0
