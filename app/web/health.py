"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.extensions import db, limiter
from app.web.guards import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@limiter.exempt
@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/readyz")
@limiter.exempt
@public
def readyz() -> Response:
    """The database answers."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Response("database: no answer\n", 503, content_type="text/plain; charset=utf-8")
    return Response("database: ok\n", content_type="text/plain; charset=utf-8")
