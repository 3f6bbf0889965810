"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.extensions import db, limiter
from app.services.outbox import oldest_delay
from app.web.clock import now
from app.web.guards import public

blueprint = Blueprint("health", __name__)
TOO_LATE = timedelta(minutes=15)


@blueprint.get("/healthz")
@limiter.exempt
@public
def healthz() -> Response:
    """The process answers."""
    return _answer("ok")


@blueprint.get("/readyz")
@limiter.exempt
@public
def readyz() -> Response:
    """The database answers, and no mail that may leave has waited for more than 15 minutes."""
    try:
        delay = oldest_delay(db.session(), now=now())
    except SQLAlchemyError:
        return _answer("database: no answer", status=503)
    minutes = int(delay.total_seconds()) // 60
    if delay > TOO_LATE:
        late = (
            f"mail: the oldest has waited for {minutes} minutes; is a worker running, and does the mail server answer?"
        )
        return _answer("database: ok", late, status=503)
    return _answer("database: ok", f"mail: ok, the oldest has waited for {minutes} minutes" if minutes else "mail: ok")


def _answer(*lines: str, status: int = 200) -> Response:
    return Response("".join(f"{line}\n" for line in lines), status, content_type="text/plain; charset=utf-8")
