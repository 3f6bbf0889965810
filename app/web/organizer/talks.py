"""One talk for organizers: who has answered and how, and confirming on a speaker's behalf."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import InvalidInput, NotFound
from app.domain.permissions import Permission
from app.extensions import db
from app.services import confirming
from app.services.queries.confirming import TalkPage, read_talk_page
from app.web.clock import now
from app.web.guards import allow
from app.web.htmx import go_to
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.site import site


@blueprint.get("/talks/<key>")
@allow(Permission.SCHEDULE)
def talk(key: str) -> Response:
    """The date, each speaker's answer, and what subscribers would see."""
    return _page(_read(key))


@blueprint.post("/talks/<key>/confirmations/<int(max=2147483647):confirmation_id>")
@allow(Permission.SCHEDULE)
def confirm_on_behalf(key: str, confirmation_id: int) -> Response:
    """Confirm for a speaker who said yes elsewhere."""
    page, note = _read(key), request.form.get("note", "")
    confirmation = next((each for each in page.talk.confirmations if each.id == confirmation_id), None)
    if confirmation is None:
        raise NotFound("There is no such speaker on this talk.")
    try:
        confirming.confirm_on_behalf(db.session(), confirmation, note=note, by=current_actor(), site=site(), now=now())
    except InvalidInput as error:
        errors = {f"note-{confirmation_id}": words for words in error.errors.values()}
        return _page(_read(key), errors=errors, notes={confirmation_id: note}, status=422)
    flash(f"Confirmed on behalf of {confirmation.speaker.name}.", "good")
    return go_to(url_for("organizer.talk", key=key))


def _read(key: str) -> TalkPage:
    return read_talk_page(db.session(), key, now=now())


def _page(
    page: TalkPage, *, errors: dict[str, str] | None = None, notes: dict[int, str] | None = None, status: int = 200
) -> Response:
    body = render_template("pages/organizer/talk.html", page=page, errors=errors or {}, notes=notes or {})
    return make_response(body, status)
