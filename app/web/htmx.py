"""One place that knows htmx: a request of htmx gets the partial, any other the page that includes it."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response


def is_htmx() -> bool:
    """Whether htmx asked, and not a plain link or form."""
    return bool(getattr(request, "htmx", False))


def respond(page: str, partial: str, /, *, also: tuple[str, ...] = (), status: int = 200, **context: Any) -> Response:
    """Answer with `partial` (and the partials in `also`, each an out-of-band root) to htmx, with `page` otherwise.

    The three are names of templates; `page` includes `partial`, so that both show the same thing.
    """
    if is_htmx():
        body = "".join(render_template(name, **context) for name in (partial, *also))
    else:
        body = render_template(page, **context)
    response = make_response(body, status)
    response.vary.add("HX-Request")
    return response


def go_to(location: str) -> Response:
    """Send the visitor to one of our own paths after a POST: 303 for a form, HX-Redirect for htmx."""
    if is_htmx():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = location
        return response
    response = make_response("", 303)
    response.headers["Location"] = location
    return response
