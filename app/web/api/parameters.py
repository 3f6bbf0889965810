"""What may be asked of the open data: parameters of queries and addresses, checked and described in one place."""

from __future__ import annotations

import re
from typing import Any

from flask import request, url_for
from marshmallow import Schema, fields, post_load, validate

from app.domain.errors import NotFound
from app.domain.people import RoleCategory
from app.domain.revision import PublicStatus
from app.domain.searching import MAX_SEARCH, read_search
from app.services.queries.open_data import Part, Wanted
from app.services.queries.open_talks import WantedTalks
from app.web.api.fields import After, Moment, position_in_words
from app.web.api.resource import Listed
from app.web.site import site

MOST, USUALLY = 100, 50
_NAME = "[A-Za-z0-9][A-Za-z0-9-]{0,63}"


def named(what: str, name: str, example: str) -> list[dict[str, Any]]:
    """The description of the part of an address that names a thing."""
    form = {"type": "string", "pattern": f"^{_NAME}$"}
    return [{"in": "path", "name": name, "required": True, "description": what, "schema": form, "example": example}]


def expect_name(text: str) -> str:
    """`text` if a thing could have that name. Raises NotFound: what no table can hold is not asked for."""
    if not re.fullmatch(_NAME, text):
        raise NotFound("There is nothing of this name.")
    return text


class Nothing(Schema):
    """No parameters."""

    error_messages = {"unknown": "There is no such parameter here."}


class Name(fields.String):
    """The name of a thing to filter by. One that nothing has finds nothing."""

    def __init__(self, description: str, *, example: str, **options: Any) -> None:
        metadata = {"description": description, "example": example}
        form = validate.Regexp(f"^{_NAME}$", error="Write the name as it stands in the list.")
        super().__init__(metadata=metadata, validate=form, **options)


class _Dated(Nothing):
    """What calls and talks are both asked for by. With the parameters come `limit`, `after` and what is `wanted`."""

    series = Name("Of this series, by its slug.", example="thursday")
    since = Moment("On calls that begin then or later.", data_key="from")
    until = Moment("On calls that begin before then; a day counts to its end.", data_key="to", ends_day=True)
    order = fields.String(
        load_default="oldest",
        validate=validate.OneOf(["oldest", "newest"]),
        metadata={"description": "By the call’s start, the oldest or the newest first."},
    )
    limit = fields.Integer(
        load_default=USUALLY,
        validate=validate.Range(1, MOST),
        metadata={"description": "How many at most."},
    )
    after = After()

    def wanted(self, said: dict[str, Any]) -> object:
        """What the query service is asked for."""
        raise NotImplementedError

    @post_load
    def _as_wanted(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        paging = {name: data.pop(name, None) for name in ("limit", "after")}
        newest_first = data.pop("order") == "newest"
        return {**paging, "wanted": self.wanted({**data, "newest_first": newest_first})}


class CallsAsked(_Dated):
    """Which calls, and in which order."""

    status = fields.Enum(PublicStatus, by_value=fields.String(), metadata={"description": "Of this status."})
    changed_since = Moment("Of which anything changed then or later.", data_key="updated_since")

    def wanted(self, said: dict[str, Any]) -> Wanted:
        return Wanted(**said)


class TalksAsked(_Dated):
    """Which talks, and in which order."""

    topic = Name("On this topic, by its slug.", example="upstream")
    role = fields.Enum(
        RoleCategory,
        by_value=fields.String(),
        metadata={"description": "In which somebody speaks who lets this role category be known."},
    )
    working_group = Name("On the work of this working group, by its slug.", example="ospo-book")
    search = fields.String(
        data_key="q",
        validate=validate.Length(max=MAX_SEARCH),
        metadata={
            "description": "With all these words in title, speakers, topics, series, abstract or notes; the last may "
            "be the start of a word.",
            "example": "upstream railway",
        },
    )

    def wanted(self, said: dict[str, Any]) -> WantedTalks:
        return WantedTalks(**{**said, "search": read_search(said.get("search", ""))})


def listed(part: Part[Any]) -> Listed:
    """The part as an answer to this request: its next one is asked for with the same parameters."""
    if part.onward is None:
        return Listed(part.items, part.total)
    values: dict[str, Any] = {**request.args.to_dict(), "after": position_in_words(part.onward)}
    return Listed(part.items, part.total, site().url(url_for(request.endpoint or "", **values)))
