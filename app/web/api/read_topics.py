"""Topics: the subjects of talks."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.extensions import db
from app.services.queries import open_data
from app.web.api import blueprint
from app.web.api.parameters import Nothing, expect_name, named
from app.web.api.resource import Found, Listed
from app.web.api.schemas import ITEMS, Listing, Topic

TAG = "Topics"


class Topics(Listing):
    """The list of topics."""

    items = fields.List(fields.Nested(Topic), required=True, metadata=ITEMS)


@blueprint.listed("/api/v1/topics", Topics, asked=Nothing, tag=TAG)
def topics(_asked: dict[str, Any]) -> Listed:
    """List topics

    Those that are offered, and those that a talk has had in public.
    """
    found = open_data.list_topics(db.session())
    return Listed(found, len(found))


@blueprint.one(
    "/api/v1/topics/<slug>",
    Topic,
    asked=Nothing,
    parameters=named("The slug of the topic.", "slug", "upstream"),
    tag=TAG,
)
def topic(_asked: dict[str, Any], slug: str) -> Found:
    """Get a topic"""
    return Found(open_data.find_topic(db.session(), expect_name(slug)))
