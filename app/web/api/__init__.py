"""The open data: read-only, from publications alone, described by the code that answers (docs/adr/0087)."""

from __future__ import annotations

from flask import Blueprint, Flask, request
from werkzeug.wrappers import Response

from app.web.api.resource import Resources
from app.web.problems import is_open_data

blueprint = Resources("api", __name__, description="Everything that is public of the calls, for programs.")
files = Blueprint("open_data", __name__)

_CORS = {
    "Access-Control-Allow-Origin": "*",  # without credentials: nothing here depends on who asks
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def init_open_data(app: Flask) -> None:
    """Register the resources and the files, and let pages of other sites read them, errors included."""
    app.register_blueprint(blueprint)
    app.register_blueprint(files)

    @app.after_request
    def open_to_all(response: Response) -> Response:
        if is_open_data(request.path) or request.endpoint in ("open_data.schedule_json", "open_data.schedule_xml"):
            response.headers.update(_CORS)
            if request.method == "OPTIONS":
                response.headers.update(_PREFLIGHT)
        return response


from app.web.api import description as description  # noqa: E402 (each adds its routes)
from app.web.api import read_calls as read_calls  # noqa: E402
from app.web.api import read_groups as read_groups  # noqa: E402
from app.web.api import read_series as read_series  # noqa: E402
from app.web.api import read_talks as read_talks  # noqa: E402
from app.web.api import read_topics as read_topics  # noqa: E402
from app.web.api import schedules as schedules  # noqa: E402
