"""Calls that feeds leave out because what is stored of them is no event: shown to organizers, and written anew."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, url_for
from werkzeug.wrappers import Response

from app.domain.permissions import Permission
from app.extensions import db
from app.services.mending import mend_call
from app.services.queries.feeds import BrokenCall, list_broken_calls
from app.services.queries.touchpoints import find_touchpoint
from app.web.clock import now
from app.web.guards import allow
from app.web.htmx import go_to
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.site import site

_KEPT = "touchpoints.broken-calls"


@blueprint.post("/touchpoints/<key>/write-anew")
@allow(Permission.SCHEDULE)
def touchpoint_write_anew(key: str) -> Response:
    """Write the call's event anew from the tables."""
    call = find_touchpoint(db.session(), key)
    if mend_call(db.session(), call, by=current_actor(), site=site(), now=now()):
        flash("The call is in the calendars again.", "good")
    else:
        flash("It still cannot be written. Look for unusual characters in its texts; the log names the cause.", "bad")
    return go_to(url_for("organizer.touchpoint", key=key))


@blueprint.context_processor
def _for_pages() -> dict[str, Any]:
    return {"broken_calls": _broken_calls}


def _broken_calls() -> tuple[BrokenCall, ...]:
    """Looked for once for each change of the feeds: the board is opened far more often."""
    mark = current_app.extensions["touchpoints.feed-mark"]()
    kept: tuple[int, tuple[BrokenCall, ...]] | None = current_app.extensions.get(_KEPT)
    if kept is not None and kept[0] == mark:
        return kept[1]
    found = list_broken_calls(db.session(), now=now())
    if mark is not None:
        current_app.extensions[_KEPT] = mark, found
    return found
