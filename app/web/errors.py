"""Domain words to HTTP, as page or partial: the one translation."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from flask import Flask, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import http_date
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Gone, HouseError, InvalidInput, NotAllowed, NotFound, RuleViolation, TooMany
from app.domain.localtime import abbreviation, in_zone
from app.extensions import db
from app.web.context import visitor_zone
from app.web.htmx import is_htmx
from app.web.limits import again_at
from app.web.problems import is_open_data, problem

log = logging.getLogger(__name__)
_STATUS: dict[type[HouseError], int] = {
    RuleViolation: 422,
    Conflict: 409,
    NotFound: 404,
    Gone: 410,
    NotAllowed: 403,
    TooMany: 429,
}
_PAGES = frozenset({400, 403, 404, 409, 410, 413, 422, 429, 500, 503})
_STALE = "Somebody else changed this meanwhile. Nothing of yours was written; look again, then repeat it."


def status_of(error: HouseError) -> int:
    """The HTTP status of a domain error, by its nearest class in the table."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def init_errors(app: Flask) -> None:
    for error, handler in (
        (HouseError, _house_error),
        (TooMany, _too_many),
        (RateLimitExceeded, _limit),
        (StaleDataError, _stale),
        (IntegrityError, _faster),
        (DataError, _unreadable),
        (OperationalError, _database_away),
        (CSRFError, _csrf),
        (SecurityError, _foreign_host),
        (HTTPException, _http),
        (Exception, _unexpected),
    ):
        app.register_error_handler(error, handler)


def error_page(status: int, message: str = "") -> Response:
    """The page for `status`, or for htmx its partial: a toast's words. Plain text where no page can be read or made."""
    if is_open_data(request.path):
        return problem(status, message)
    if request.path.endswith((".ics", ".atom", "/schedule.json", "/schedule.xml")):
        return _plain(status, message)
    shown = status if status in _PAGES else 400
    name = "errors/_error.html" if is_htmx() else f"errors/{shown}.html"
    try:
        body = render_template(name, message=message, status=status)
    except SQLAlchemyError:  # the page says who is signed in, and so needs the database
        return _plain(status, message)
    response = Response(body, status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("HX-Request")
    return response


def when_again(instant: datetime) -> str:
    """A sentence that says when to try again, on the visitor's clock if that is known."""
    zone = visitor_zone() or "UTC"
    return f"Try again after {in_zone(instant, zone):%H:%M} {abbreviation(instant, zone)}."


def _plain(status: int, message: str) -> Response:
    return Response(f"{message or status}\n", status, content_type="text/plain; charset=utf-8")


def _house_error(error: HouseError) -> Response:
    db.session.rollback()
    if is_open_data(request.path) and isinstance(error, InvalidInput):
        return problem(status_of(error), str(error), error.errors)
    return error_page(status_of(error), str(error))


def _too_many(error: TooMany) -> Response:
    db.session.rollback()
    return _slower(str(error), error.again_at)


def _limit(_error: RateLimitExceeded) -> Response:
    return _slower("There were many requests from you in a short time.", again_at())


def _slower(message: str, instant: datetime | None) -> Response:
    response = error_page(429, f"{message} {when_again(instant)}" if instant else message)
    if instant:
        response.headers["Retry-After"] = http_date(instant.astimezone(UTC))
    return response


def _stale(_error: StaleDataError) -> Response:
    db.session.rollback()
    return error_page(409, _STALE)


def _faster(error: IntegrityError) -> Response:
    """Two did the same thing at once, and a unique rule of the database let one through."""
    db.session.rollback()
    # Not the error itself: PostgreSQL quotes the value that two rows would have had, which may be an address.
    log.warning("refused by a rule of the database: endpoint=%s rule=%s", request.endpoint, type(error.orig).__name__)
    return error_page(409, _STALE)


def _unreadable(error: DataError) -> Response:
    """What PostgreSQL cannot hold, as NUL in an address or a filter: no row of ours has such a value."""
    db.session.rollback()
    log.warning("refused by a type of the database: endpoint=%s rule=%s", request.endpoint, type(error.orig).__name__)
    return error_page(400)


def _database_away(error: OperationalError) -> Response:
    """No answer from the database, or not in time: worth another try."""
    log.error("no answer from the database: endpoint=%s", request.endpoint, exc_info=error)
    db.session.rollback()
    return error_page(503)


def _csrf(_error: CSRFError) -> Response:
    return error_page(400, "This form has expired. Go back, reload the page and send it again.")


def _foreign_host(_error: SecurityError) -> Response:
    """A request that calls us by a name that is not ours gets no page: its links would bear that name."""
    return _plain(400, "This site has another name.")


def _http(error: HTTPException) -> Response:
    """The page for an error of HTTP, with what the error itself has to say in headers: Allow, Retry-After."""
    response = error_page(error.code or 500)
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    log.error("request failed: endpoint=%s", request.endpoint, exc_info=error)
    try:
        return error_page(500)
    except Exception:  # noqa: BLE001  (what broke may be the very page that would say so)
        return _plain(500, "Something broke on our side. Nothing was written.")
