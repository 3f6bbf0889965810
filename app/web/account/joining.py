"""How members join their calls: the page with the join links."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.domain.permissions import Permission
from app.extensions import db
from app.services.queries.joining import coming_member_calls
from app.web.account import blueprint
from app.web.account.asking import page
from app.web.clock import now
from app.web.guards import allow


@blueprint.get("/members")
@allow(Permission.SEE_JOIN_LINKS)
def member_calls() -> Response:
    """The next calls of the members-only series, each with its join link."""
    return page("member_calls", calls=coming_member_calls(db.session(), now=now()))
