"""Where the description stands: for programs, and as a page for people."""

from __future__ import annotations

import json

from flask import current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.web.api import files
from app.web.api.answering import answer
from app.web.api.reference import reference as read
from app.web.api.resource import JSON
from app.web.api.specification import specification
from app.web.guards import public
from app.web.limits import limit_open_data


@files.get("/api/v1/openapi.json")
@limit_open_data
@public
def openapi() -> Response:
    """The description of the open data: OpenAPI 3.1."""
    body = json.dumps(specification(current_app), ensure_ascii=False, indent=1)
    return answer(f"{body}\n".encode(), JSON)


@files.get("/api")
@public
def reference() -> Response:
    """The same for people."""
    body = render_template("pages/open_data/reference.html", reference=read(specification(current_app)))
    return Response(body, mimetype="text/html", headers={"Cache-Control": "private, no-cache"})


@files.get("/api/v1")
@public
def entrance() -> Response:
    """Whoever opens the address of the data itself is shown what it has."""
    return redirect(url_for("open_data.reference"), 302)
