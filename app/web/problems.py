"""Errors of the open data: problem details (RFC 9457) in place of pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from werkzeug.wrappers import Response

PROBLEM = "application/problem+json"
_WORDS = {
    400: "The request cannot be read.",
    404: "There is nothing at this address.",
    405: "This data can only be read: use GET, HEAD or OPTIONS.",
    406: "This is given as JSON only.",
    500: "Something broke on our side. It is not your request.",
    503: "The database does not answer. Try again in a minute.",
}


def is_open_data(path: str) -> bool:
    """Whether programs read what is at this path, and not people."""
    return path.startswith("/api/")


def problem(status: int, detail: str = "", errors: Mapping[str, str] | None = None) -> Response:
    """What went wrong, with the sentence for each parameter that must be put right."""
    said: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or _WORDS.get(status, HTTPStatus(status).description or HTTPStatus(status).phrase),
    }
    if errors:
        said["errors"] = dict(errors)
    body = json.dumps(said, ensure_ascii=False) + "\n"
    return Response(body, status, content_type=PROBLEM, headers={"Cache-Control": "no-store"})
