"""Members’ calls: the list of them, and each with all that is on and how to join."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.domain.notes import PublicNotes
from app.domain.permissions import Permission
from app.extensions import db
from app.services.queries import joining
from app.services.queries.published_notes import read_member_notes
from app.web.account import blueprint
from app.web.account.asking import page
from app.web.clock import now
from app.web.guards import allow


@blueprint.get("/members")
@allow(Permission.SEE_JOIN_LINKS)
def member_calls() -> Response:
    """The next calls of the members-only series, each with its way in, and those that were held."""
    coming = joining.coming_member_calls(db.session(), now=now())
    return page("member_calls", calls=coming, held=joining.held_member_calls(db.session(), now=now()))


@blueprint.get("/members/calls/<key>")
@allow(Permission.SEE_JOIN_LINKS)
def member_call(key: str) -> Response:
    """One call of a members-only series, whole."""
    found = joining.find_member_call(db.session(), key, now=now())
    over = found.call.ends_at <= now()
    return page("member_call", call=found.call, way_in=found.way_in, over=over, notes=_notes(key))


def _notes(key: str) -> PublicNotes | None:
    try:
        return read_member_notes(db.session(), key)[1]
    except NotFound:
        return None
