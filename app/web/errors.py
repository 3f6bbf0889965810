"""Domain words to HTTP, as page or partial: the one translation."""

from __future__ import annotations

import logging

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, HouseError, NotAllowed, NotFound, RuleViolation, TooMany
from app.extensions import db
from app.web.htmx import is_htmx

log = logging.getLogger(__name__)
_STATUS: dict[type[HouseError], int] = {
    RuleViolation: 422,
    Conflict: 409,
    NotFound: 404,
    NotAllowed: 403,
    TooMany: 429,
}
_PAGES = frozenset({400, 403, 404, 409, 410, 413, 422, 429, 500, 503})


def status_of(error: HouseError) -> int:
    """The HTTP status of a domain error, by its nearest class in the table."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def init_errors(app: Flask) -> None:
    app.register_error_handler(HouseError, _house_error)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, message: str = "") -> Response:
    """The page for `status`, or for htmx its partial: a toast's words. Plain text where no page can be read."""
    if request.path.endswith(".ics"):
        return Response(f"{message or status}\n", status, content_type="text/plain; charset=utf-8")
    shown = status if status in _PAGES else 400
    name = "errors/_error.html" if is_htmx() else f"errors/{shown}.html"
    response = Response(render_template(name, message=message, status=status), status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("HX-Request")
    return response


def _house_error(error: HouseError) -> Response:
    db.session.rollback()
    return error_page(status_of(error), str(error))


def _stale(_error: StaleDataError) -> Response:
    db.session.rollback()
    return error_page(
        409, "Somebody else changed this meanwhile. Nothing of yours was written; look again, then repeat it."
    )


def _csrf(_error: CSRFError) -> Response:
    return error_page(400, "This form has expired. Go back, reload the page and send it again.")


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    response = error_page(status)
    if error.response is not None:
        response.headers.extend(error.response.headers)
    if status == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    log.error("request failed: endpoint=%s", request.endpoint, exc_info=error)
    return error_page(500)
