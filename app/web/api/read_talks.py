"""Talks: what is confirmed and was held, wherever its call stands."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.extensions import db
from app.services.queries import open_talks
from app.services.queries.open_data import Position
from app.services.queries.open_talks import WantedTalks
from app.web.api import blueprint
from app.web.api.parameters import Nothing, TalksAsked, expect_name, listed, named
from app.web.api.resource import Found, Listed
from app.web.api.schemas import ITEMS, Listing, Talk

TAG = "Talks"


class Talks(Listing):
    """A part of the list of talks."""

    items = fields.List(fields.Nested(Talk), required=True, metadata=ITEMS)


@blueprint.listed("/api/v1/talks", Talks, asked=TalksAsked, tag=TAG)
def talks(asked: dict[str, Any]) -> Listed:
    """List talks

    Those that have a title in public, past ones and those to come, by the start of their call. A talk that moves to
    another call keeps its key.
    """
    wanted: WantedTalks = asked["wanted"]
    after: Position | None = asked["after"]
    return listed(open_talks.list_talks(db.session(), wanted, after=after, most=asked["limit"]))


@blueprint.one(
    "/api/v1/talks/<key>", Talk, asked=Nothing, parameters=named("The key of the talk.", "key", "m4v9c2xk7p"), tag=TAG
)
def one_talk(_asked: dict[str, Any], key: str) -> Found:
    """Get a talk"""
    found = open_talks.find_talk(db.session(), expect_name(key))
    return Found(found, found.changed_at)
