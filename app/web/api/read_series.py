"""Series: the recurring calls."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.extensions import db
from app.services.queries import open_data
from app.web.api import blueprint
from app.web.api.parameters import Nothing, expect_name, named
from app.web.api.resource import Found, Listed
from app.web.api.schemas import ITEMS, Listing, Series
from app.web.clock import now

TAG = "Series"


class SeriesList(Listing):
    """The list of series."""

    items = fields.List(fields.Nested(Series), required=True, metadata=ITEMS)


@blueprint.listed("/api/v1/series", SeriesList, asked=Nothing, tag=TAG)
def all_series(_asked: dict[str, Any]) -> Listed:
    """List series

    All that the public may know of, in the organizers' order, those that ended too.
    """
    found = open_data.list_all_series(db.session(), now=now())
    return Listed(found, len(found))


@blueprint.one(
    "/api/v1/series/<slug>",
    Series,
    asked=Nothing,
    parameters=named("The slug of the series.", "slug", "thursday"),
    tag=TAG,
)
def one_series(_asked: dict[str, Any], slug: str) -> Found:
    """Get a series"""
    return Found(open_data.find_series(db.session(), expect_name(slug), now=now()))
