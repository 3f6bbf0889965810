"""The wording of the notice: written with a preview for a coming call beside it, saved as a new version."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.domain.text import clean_line
from app.domain.wording import FIELDS, MAX_PHRASE, MAX_REASON, MAX_SENTENCE, PHRASES
from app.extensions import db
from app.services.queries.wording import read_wording_page
from app.services.rewording import save_wording
from app.web.clock import now
from app.web.guards import allow
from app.web.htmx import go_to, respond
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.organizer.series_forms import typed
from app.web.site import site

words = allow(Permission.MANAGE_SERIES)
_LIMITS = {name: MAX_PHRASE if name in PHRASES else MAX_SENTENCE for name in FIELDS} | {"reason": MAX_REASON}


@blueprint.get("/wording")
@words
def wording() -> Response:
    """The present words in their form, and the versions before."""
    return _page()


@blueprint.post("/wording")
@words
def wording_save() -> Response:
    """Save them as a new version; without its Save button, show them on a coming call."""
    sent = typed(request.form, FIELDS)
    if request.form.get("action") != "save":
        return _page(sent)
    try:
        saved = save_wording(
            db.session(),
            sent,
            reason=request.form.get("reason", ""),
            version=request.form.get("version", ""),
            by=current_actor(),
            site=site(),
            now=now(),
        )
    except InvalidInput as error:
        db.session.rollback()
        return _page(sent, errors=error.errors)
    flash(
        f"Version {saved.number} is the notice of every call that has not begun. Their pages and feeds say it.", "good"
    )
    return go_to(url_for("organizer.wording"))


def _page(sent: dict[str, str] | None = None, *, errors: dict[str, str] | None = None) -> Response:
    """`sent` is what was typed; without it the form has the present words."""
    page = read_wording_page(db.session(), now=now())
    sentences = sent if sent is not None else asdict(page.present)
    cleaned = {name: clean_line(sentences[name]) for name in FIELDS}
    return respond(
        "pages/organizer/wording.html",
        "partials/wording/preview.html",
        status=422 if errors else 200,
        page=page,
        sentences=sentences,
        limits=_LIMITS,
        trial=page.trial(cleaned, key=request.form.get("call", "")),
        version=request.form.get("version", page.present.version),
        reason=request.form.get("reason", ""),
        errors=errors or {},
    )
