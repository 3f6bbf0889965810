"""The wording of the notice: written with a preview for a coming call beside it, saved as a new version."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, InvalidInput
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
_LABELS = {
    "whole": "Where the whole call is under the Rule",
    "in_part": "Where parts of it are",
    "without": "Where nothing is",
    "asks": "What the Rule asks",
    "welcome": "Welcome",
    "news": "News",
    "talk": "Guest talk",
    "updates": "Working-group updates",
    "forum": "Open forum",
    "recorded": "{recording} where it is recorded",
    "not_recorded": "{recording} where it is not",
    "under_rule": "{rule} where the Rule holds",
    "not_under_rule": "{rule} where it does not",
}


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
    except Conflict:
        db.session.rollback()
        return _page(sent, stale=True)
    flash(
        f"Version {saved.number} is the notice of every call that has not begun. Their pages and feeds say it.", "good"
    )
    return go_to(url_for("organizer.wording"))


def _page(sent: dict[str, str] | None = None, *, errors: dict[str, str] | None = None, stale: bool = False) -> Response:
    """`sent` is what was typed; without it the form has the present words.

    `stale`: somebody else was faster. Both wordings are shown, and the next Save is over theirs.
    """
    page = read_wording_page(db.session(), now=now())
    present = asdict(page.present)
    sentences = sent if sent is not None else present
    cleaned = {name: clean_line(sentences[name]) for name in FIELDS}
    return respond(
        "pages/organizer/wording.html",
        "partials/wording/preview.html",
        status=409 if stale else 422 if errors else 200,
        page=page,
        sentences=sentences,
        labels=_LABELS,
        limits=_LIMITS,
        stale=stale,
        changes=[
            (_LABELS[name], present[name], cleaned[name]) for name in FIELDS if stale and present[name] != cleaned[name]
        ],
        trial=page.trial(cleaned, key=request.form.get("call", "")),
        version=page.present.version if stale else request.form.get("version", page.present.version),
        reason=request.form.get("reason", ""),
        errors=errors or {},
    )
