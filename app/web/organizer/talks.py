"""One talk for organizers: who has answered and how, confirming on a speaker's behalf, making it stricter."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.attribution import Attribution, at_most
from app.domain.consent import Choices
from app.domain.errors import InvalidInput, NotFound
from app.domain.permissions import Permission
from app.extensions import db
from app.models import Confirmation
from app.services import confirming, retracting
from app.services.consenting import choices_of
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
    confirmation, note = _find(_read(key), confirmation_id), request.form.get("note", "")
    try:
        confirming.confirm_on_behalf(db.session(), confirmation, note=note, by=current_actor(), site=site(), now=now())
    except InvalidInput as error:
        errors = {f"note-{confirmation_id}": words for words in error.errors.values()}
        return _page(_read(key), errors=errors, notes={confirmation_id: note}, status=422)
    flash(f"Confirmed on behalf of {confirmation.speaker.name}.", "good")
    return go_to(url_for("organizer.talk", key=key))


@blueprint.post("/talks/<key>/confirmations/<int(max=2147483647):confirmation_id>/stricter")
@allow(Permission.SCHEDULE)
def make_stricter(key: str, confirmation_id: int) -> Response:
    """Take back for a speaker what may be public of them, before the call and ever after."""
    confirmation, own, form = _find(_read(key), confirmation_id), f"stricter-{confirmation_id}-", request.form
    level, held = form.get(f"{own}attribution", ""), choices_of(confirmation)
    choices = Choices(
        attribution=Attribution(level) if level in set(Attribution) else held.attribution,
        recording=False if f"{own}recording" in form else held.recording,
        slides=False if f"{own}slides" in form else held.slides,
    )
    reason, by = form.get(f"{own}reason", ""), current_actor()
    try:
        retracting.make_stricter(db.session(), confirmation, choices, reason=reason, by=by, site=site(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        errors = {own + field: words for field, words in error.errors.items()}
        return _page(_read(key), errors=errors, status=422)
    flash(f"Stricter now, everywhere. {confirmation.speaker.name} is told.", "good")
    return go_to(url_for("organizer.talk", key=key))


def stricter_levels(confirmation: Confirmation) -> list[tuple[str, str]]:
    """What an organizer may choose for the speaker, in words."""
    return [(level.value, level.label) for level in at_most(confirmation.attribution or Attribution.NONE)]


def _find(page: TalkPage, confirmation_id: int) -> Confirmation:
    confirmation = next((each for each in page.talk.confirmations if each.id == confirmation_id), None)
    if confirmation is None:
        raise NotFound("There is no such speaker on this talk.")
    return confirmation


def _read(key: str) -> TalkPage:
    return read_talk_page(db.session(), key, now=now())


def _page(
    page: TalkPage, *, errors: dict[str, str] | None = None, notes: dict[int, str] | None = None, status: int = 200
) -> Response:
    body = render_template(
        "pages/organizer/talk.html",
        page=page,
        errors=errors or {},
        notes=notes or {},
        typed=request.form,
        stricter_levels=stricter_levels,
    )
    return make_response(body, status)
