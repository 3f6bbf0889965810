"""The front: answers calendar polls from memory, before Flask's stack (docs/adr/0020).

It has no session, no cookie, no template and no text of its own. What it does not answer (unknown calendars, other
methods, other hosts, callers who ask too often, a database that is away) goes on to Flask, whose views say so.
"""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine

from app.config import Settings
from app.extensions import db, limiter
from app.front.limits import FeedLimit
from app.front.memory import CalendarMemory
from app.front.middleware import FeedFront
from app.front.reading import read_calendar
from app.front.revisions import Revisions, polled, sqlite
from app.web.security_headers import HEADERS, HSTS

_POLL = 1.0  # seconds between two looks at a database server, so that a change shows within that


def init_front(app: Flask, settings: Settings) -> None:
    """Put the front before everything that `app.wsgi_app` has so far."""
    with app.app_context():
        engine = db.engine
    memory = CalendarMemory(
        revisions=_revisions(engine, settings),
        read=lambda calendar, now: read_calendar(engine, calendar, site=app.extensions["touchpoints.site"], now=now),
        clock=app.extensions["touchpoints.clock"],
    )
    headers = {**HEADERS, "Strict-Transport-Security": HSTS} if settings.base_url.startswith("https://") else HEADERS
    app.wsgi_app = FeedFront(  # type: ignore[method-assign]
        app.wsgi_app, memory=memory, limit=FeedLimit(limiter), hosts=app.config["TRUSTED_HOSTS"], headers=headers
    )


def _revisions(engine: Engine, settings: Settings) -> Revisions:
    if engine.dialect.name == "sqlite":
        return sqlite(engine)
    return polled(engine, every=0 if settings.environment == "test" else _POLL)
