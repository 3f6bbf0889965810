"""Working groups: what the community works on between calls."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.extensions import db
from app.services.queries import contributor_space as queries
from app.web.api import blueprint
from app.web.api.parameters import Nothing, expect_name, named
from app.web.api.resource import Found, Listed
from app.web.api.schemas import ITEMS, Listing, WorkingGroup

TAG = "Working groups"


class WorkingGroups(Listing):
    """The list of working groups."""

    items = fields.List(fields.Nested(WorkingGroup), required=True, metadata=ITEMS)


@blueprint.listed("/api/v1/working-groups", WorkingGroups, asked=Nothing, tag=TAG)
def working_groups(_asked: dict[str, Any]) -> Listed:
    """List working groups

    All of them in the organizers' order, archived ones too.
    """
    found = queries.list_public_groups(db.session())
    return Listed(found, len(found))


@blueprint.one(
    "/api/v1/working-groups/<slug>",
    WorkingGroup,
    asked=Nothing,
    parameters=named("The slug of the working group.", "slug", "ospo-book"),
    tag=TAG,
)
def one_working_group(_asked: dict[str, Any], slug: str) -> Found:
    """Get a working group"""
    return Found(queries.find_public_group(db.session(), expect_name(slug)))
