"""Insights: how it goes, in figures, for organizers."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from app.domain.permissions import Permission
from app.extensions import db
from app.services.queries.insights import AGES, LEAD_TIMES, read_insights
from app.web.clock import now
from app.web.guards import allow
from app.web.organizer import blueprint
from app.web.site import settings


@blueprint.get("/insights")
@allow(Permission.SCHEDULE)
def insights() -> Response:
    """Proposals, lead times, what is empty or unanswered, hours, who speaks, and what the archive lacks."""
    page = render_template(
        "pages/organizer/insights.html",
        it=read_insights(db.session(), now=now()),
        limit=settings().talks_per_organisation,
        ages=AGES,
        lead_times=LEAD_TIMES,
    )
    return make_response(page)
