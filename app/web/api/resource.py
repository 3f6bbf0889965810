"""A resource of the open data: its address, what may be asked, what is answered. The description is made of the same.

flask-smorest reads the parameters and keeps what the description needs; the answers are ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, NoReturn, TypeAlias

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import NotAcceptable
from werkzeug.wrappers import Response

from app.domain.errors import InvalidInput
from app.domain.working_groups import PublicWorkingGroup
from app.services.queries.open_data import OpenCall, OpenTalk, OpenTopic
from app.services.queries.public import SeriesCard
from app.web.api.answering import answer
from app.web.guards import public
from app.web.limits import limit_open_data

JSON = "application/json"
One: TypeAlias = SeriesCard | OpenCall | OpenTalk | OpenTopic | PublicWorkingGroup
"""What may be answered: values that are public already, and no row of a table."""
HEADERS = {
    "ETag": {"description": "Send it in If-None-Match: 304 means unchanged.", "schema": {"type": "string"}},
    "Cache-Control": {"description": "How long a copy may be used.", "schema": {"type": "string"}},
}
LINK = {"Link": {"description": 'rel="next", where the list goes on (RFC 8288).', "schema": {"type": "string"}}}


@dataclass(frozen=True)
class Found:
    """The value to answer, and when it last changed, if that is known."""

    value: One
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Listed:
    """A part of a list that has `total` things, and the address of the next part; empty on the last."""

    items: tuple[One, ...]
    total: int
    next: str = ""


View: TypeAlias = Callable[..., Found | Listed]


class _Parameters(FlaskParser):
    """Reads the parameters of a query. Each stands once, and none is passed over: a typing error never asks for all."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"query": "raise"}

    def load_querystring(self, req: Any, schema: Schema) -> Any:
        if twice := [name for name, values in req.args.lists() if len(values) > 1]:
            raise InvalidInput(dict.fromkeys(twice, "Ask for one of these at a time."))
        return super().load_querystring(req, schema)

    def handle_error(self, error: ValidationError, *_others: Any, **_options: Any) -> NoReturn:
        said: dict[str, list[str]] = error.messages_dict["query"]
        raise InvalidInput({name: " ".join(sentences) for name, sentences in sorted(said.items())})


class Resources(Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """The resources, each a GET: `@blueprint.one(...)` and `@blueprint.listed(...)` stand above a view."""

    ARGUMENTS_PARSER = _Parameters()

    def one(self, rule: str, schema: type[Schema], **options: Any) -> Callable[[View], View]:
        """One thing at this address, by the name in it."""
        return self._resource(rule, schema, errors=(404, 406, 422, 429, 500, 503), **options)

    def listed(self, rule: str, schema: type[Schema], **options: Any) -> Callable[[View], View]:
        """A list of things; `asked` are the parameters that it takes."""
        return self._resource(rule, schema, errors=(406, 422, 429, 500, 503), links=LINK, **options)

    def _resource(
        self,
        rule: str,
        schema: type[Schema],
        *,
        asked: type[Schema],
        errors: tuple[int, ...],
        links: Mapping[str, Any] | None = None,
        parameters: list[dict[str, Any]] | None = None,
        tag: str,
    ) -> Callable[[View], View]:
        writer = schema()

        def decorate(view: View) -> View:
            @wraps(view)
            def answered(*args: Any, **named: Any) -> Response:
                if request.accept_mimetypes and not request.accept_mimetypes.accept_json:
                    raise NotAcceptable
                return _answer(view(*args, **named), writer)

            documented = self.response(200, schema, headers={**HEADERS, **(links or {})})(answered)
            documented = self.alt_response(304, description="Unchanged: use the copy that you have.")(documented)
            for status in errors:
                documented = self.alt_response(status, _NAMES[status])(documented)
            documented = self.doc(operationId=view.__name__)(self.arguments(asked, location="query")(documented))
            self.add_url_rule(
                rule, view.__name__, limit_open_data(public(documented)), parameters=parameters, tags=[tag]
            )
            return view

        return decorate


_NAMES = {
    404: "NOT_FOUND",
    406: "NOT_ACCEPTABLE",
    422: "UNPROCESSABLE_ENTITY",
    429: "TOO_MANY_REQUESTS",
    500: "INTERNAL_SERVER_ERROR",
    503: "SERVICE_UNAVAILABLE",
}


def _answer(found: Found | Listed, writer: Schema) -> Response:
    if isinstance(found, Found):
        return answer(_written(found.value, writer), JSON, changed_at=found.changed_at)
    headers = {"Link": f'<{found.next}>; rel="next"'} if found.next else {}
    return answer(_written(found, writer), JSON, headers=headers)


def _written(value: One | Listed, writer: Schema) -> bytes:
    return f"{json.dumps(writer.dump(value), ensure_ascii=False, separators=(',', ':'))}\n".encode()
