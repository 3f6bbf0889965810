"""The contributor space: the working groups side by side, and the page of each with its updates."""

from __future__ import annotations

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.domain.working_groups import PublicWorkingGroup
from app.extensions import db
from app.services.queries import contributor_space as queries
from app.web.clock import now
from app.web.guards import public
from app.web.public import blueprint
from app.web.public.group_table import table_of
from app.web.public.showing import show


@blueprint.get("/working-groups")
@public
def working_groups() -> Response:
    """Every group: cards on a phone, a table to compare them at a desk. Archived ones are folded."""
    table = table_of(queries.list_public_groups(db.session()), by=request.args.get("sort", ""))
    return show("pages/public/working_groups.html", table=table)


@blueprint.get("/working-groups/<slug>")
@public
def working_group(slug: str) -> Response:
    """One group, its coming and past updates, and the way to propose one."""
    group = queries.find_public_group(db.session(), slug)
    updates = queries.updates_of(db.session(), slug, now=now())
    return show("pages/public/working_group.html", group=group, updates=updates)


@blueprint.app_context_processor
def _for_calls() -> dict[str, Any]:
    return {"public_group": public_group}


def public_group(slug: str) -> PublicWorkingGroup | None:
    """For templates: the published group with this slug, if there is one; read once for a page, when asked for."""
    if not slug:
        return None
    if "public_groups" not in g:
        g.public_groups = {group.slug: group for group in queries.list_public_groups(db.session())}
    found: PublicWorkingGroup | None = g.public_groups.get(slug)
    return found
