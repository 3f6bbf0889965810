"""The description of the open data (OpenAPI 3.1), made from the resources when somebody first asks for it."""

from __future__ import annotations

from http import HTTPStatus
from inspect import getdoc
from typing import Any, cast

from flask import Flask
from flask_smorest import Api
from flask_smorest.utils import prepare_response
from marshmallow import Schema, fields

from app.domain.site import Site
from app.web.api.fields import After, Moment, Number, Text
from app.web.problems import PROBLEM

_KEPT = "touchpoints.openapi"
_INTRODUCTION = """\
Everything that is public of the calls of this community: series, calls, talks, topics and working groups. Read-only, \
without an account or a key. Speakers stand here as each of them chose to be named.

Instants are UTC; beside them stands the wall clock of the call, with its zone. Lists come in parts: follow `next`. \
Ask again with `If-None-Match`, and for changes with `updated_since`; what is public no more is gone from the lists.

Within version 1 fields, resources, parameters and words in lists of words may be added; nothing is taken away or \
changes its meaning.
"""


_ROOMS = {
    "Series": "The recurring calls.",
    "Touchpoints": "The dated calls of the series.",
    "Talks": "What is confirmed for a call, or was held on one.",
    "Topics": "The subjects of talks.",
    "Working groups": "What the community works on between calls.",
}


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type = Text("The kind of problem.", example="about:blank")
    title = Text("The status in words.", example="Unprocessable Entity")
    status = Number("The status of the answer.", example=422)
    detail = Text("What to do about it.", example="There is no such parameter here.")
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "A sentence for each parameter that must be put right."},
    )


class _Description(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """flask-smorest's description alone: it registers no route and no handler of errors."""

    def _register_doc_blueprint(self) -> None:
        """The house has its own page."""

    def _register_error_handlers(self) -> None:
        """The house has its own: pages for people, problems for programs."""

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            response = {"description": status.phrase, "schema": Problem}
            prepare_response(response, self.spec, PROBLEM)
            self.spec.components.response(status.name, response, lazy=True)


def specification(app: Flask) -> dict[str, Any]:
    """The description as plain JSON; the same for everybody, and kept."""
    if _KEPT not in app.extensions:
        app.extensions[_KEPT] = _made(app)
    return cast("dict[str, Any]", app.extensions[_KEPT])


def _made(app: Flask) -> dict[str, Any]:
    from app.web.api import blueprint  # noqa: PLC0415 (it imports the views, which import this)

    site = cast(Site, app.extensions["touchpoints.site"])
    api = _Description(
        spec_kwargs={
            "title": f"{site.community}: open data",
            "version": "1",
            "openapi_version": "3.1.0",
            "info": {"description": _INTRODUCTION, "contact": {"email": site.reply_to}},
            "servers": [{"url": site.base_url}],
            "tags": [{"name": name, "description": said} for name, said in _ROOMS.items()],
        }
    )
    for field in (Moment, After):
        api.register_field(field, None, None)
    api.init_app(app)
    blueprint.register_views_in_doc(api, app, api.spec, name=blueprint.name, parameters=None)
    said = api.spec.to_dict()
    for key, name in api.ma_plugin.converter.refs.items():
        said["components"]["schemas"][name]["description"] = getdoc(key[0])
    return _only_ours(said)


def _only_ours(said: dict[str, Any]) -> dict[str, Any]:
    """Without what flask-smorest adds by itself: an answer for whatever else may come, and its own way of paging."""
    for path in said["paths"].values():
        path["get"]["responses"].pop("default", None)
    said["components"]["responses"].pop("DEFAULT_ERROR", None)
    said["components"]["schemas"].pop("PaginationMetadata", None)
    return said
