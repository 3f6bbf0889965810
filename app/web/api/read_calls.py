"""Touchpoints: the dated calls, past and to come, cancelled ones too."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.extensions import db
from app.services.queries import open_data
from app.services.queries.open_data import Position, Wanted
from app.web.api import blueprint
from app.web.api.parameters import CallsAsked, Nothing, expect_name, listed, named
from app.web.api.resource import Found, Listed
from app.web.api.schemas import ITEMS, Listing, Touchpoint

TAG = "Touchpoints"


class Touchpoints(Listing):
    """A part of the list of calls."""

    items = fields.List(fields.Nested(Touchpoint), required=True, metadata=ITEMS)


@blueprint.listed("/api/v1/touchpoints", Touchpoints, asked=CallsAsked, tag=TAG)
def touchpoints(asked: dict[str, Any]) -> Listed:
    """List calls

    All that are public, past ones and those to come, by their start. A call that moves keeps its key; one that was
    confirmed and does not take place says cancelled. What is public no more is not in the list.
    """
    wanted: Wanted = asked["wanted"]
    after: Position | None = asked["after"]
    return listed(open_data.list_calls(db.session(), wanted, after=after, most=asked["limit"]))


@blueprint.one(
    "/api/v1/touchpoints/<key>",
    Touchpoint,
    asked=Nothing,
    parameters=named("The key of the call.", "key", "7kq2mzr4ab"),
    tag=TAG,
)
def touchpoint(_asked: dict[str, Any], key: str) -> Found:
    """Get a call"""
    found = open_data.find_call(db.session(), expect_name(key))
    return Found(found, found.changed_at)
