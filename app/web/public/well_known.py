"""Small files at fixed addresses."""

from __future__ import annotations

from flask import redirect
from werkzeug.wrappers import Response

from app.web.guards import public
from app.web.public import blueprint
from app.web.public.calendars import MAX_AGE

# Google's calendar was seen to obey this file: /calendar/ must never be disallowed.
_NOT_FOR_SEARCH = ("/propose/", "/proposals/", "/confirm/", "/subscribe/", "/sign-in")
_ROBOTS = "\n".join(["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_SEARCH), "Allow: /", ""])


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Signed links are not for search engines."""
    response = Response(_ROBOTS, content_type="text/plain; charset=utf-8")
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE
    return response


@blueprint.get("/favicon.ico")
@public
def favicon() -> Response:
    """Where browsers look that do not read the page's own link."""
    response = redirect("/static/favicon.svg", 302)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response
