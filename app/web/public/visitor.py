"""The visitor's own choices, kept in cookies that the page's script may read: time zone and colours."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from app.domain.errors import InvalidInput
from app.domain.localtime import known_zone
from app.web.context import THEMES
from app.web.guards import public
from app.web.htmx import go_to
from app.web.public import blueprint
from app.web.redirects import safe_next
from app.web.site import site

_YEAR = 365 * 24 * 3600


@blueprint.post("/time-zone")
@public
def set_zone() -> Response:
    """Show times in this zone from now on; without one, in each series' own."""
    zone = request.form.get("zone", "")
    if zone and (len(zone) > 64 or not known_zone(zone)):
        raise InvalidInput({"zone": "Choose one of the places in the list."})
    response = go_to(safe_next(request.form.get("next"), without=frozenset({"tz"})))
    _keep(response, "tz", zone)
    return response


@blueprint.post("/theme")
@public
def set_theme() -> Response:
    """Use light or dark colours from now on, or whatever the device prefers."""
    theme = request.form.get("theme", "auto")
    if theme not in THEMES:
        raise InvalidInput({"theme": "Choose light, dark or automatic colours."})
    response = go_to(safe_next(request.form.get("next")))
    _keep(response, "theme", theme)
    return response


def _keep(response: Response, name: str, value: str) -> None:
    secure = site().base_url.startswith("https://")
    response.set_cookie(name, value, max_age=_YEAR if value else 0, path="/", secure=secure, samesite="Lax")
