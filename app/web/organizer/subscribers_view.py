"""“What subscribers see”: the public view of a call with the talks that stand on the board, before they are public."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from app.domain.permissions import Permission
from app.extensions import db
from app.services.queries.subscribers_view import read_subscribers_view
from app.web.clock import now
from app.web.guards import allow
from app.web.organizer import blueprint
from app.web.site import site


@blueprint.get("/touchpoints/<key>/subscribers")
@allow(Permission.SCHEDULE)
def subscribers_view(key: str) -> Response:
    """The call as subscribers would see it, with what is not public yet marked."""
    view = read_subscribers_view(db.session(), key, site=site())
    body = render_template(
        "pages/organizer/subscribers_view.html", view=view, call=view.call, over=view.call.ends_at <= now()
    )
    return Response(body, mimetype="text/html")
