"""The front: answers calendar polls from memory, before Flask's stack (docs/adr/0020).

It has no session, no cookie, no template and no text of its own. What it does not answer (unknown calendars, other
methods, other hosts, callers who ask too often, a database that is away) goes on to Flask, whose views say so.
"""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine

from app.config import Settings
from app.extensions import db
from app.front.limits import FeedLimit
from app.front.memory import CalendarMemory
from app.front.middleware import FeedFront
from app.front.reading import read_calendar
from app.front.revisions import Revisions, at_most_every, server, sqlite
from app.web.limits import FEEDS_PER_MINUTE
from app.web.security_headers import HEADERS, HSTS

_PAUSE = {"sqlite": 0.001, "postgresql": 1.0}  # seconds within which a change shows


def init_front(app: Flask, settings: Settings) -> None:
    """Put the front before everything that `app.wsgi_app` has so far; pages may ask for the mark of the feeds, too."""
    with app.app_context():
        engine = db.engine
    clock, site = app.extensions["touchpoints.clock"], app.extensions["touchpoints.site"]
    revisions = app.extensions["touchpoints.feed-mark"] = _revisions(engine, settings)
    memory = CalendarMemory(
        revisions=revisions,
        read=lambda path, now: read_calendar(engine, path, site=site, now=now),
        clock=clock,
    )
    limit = FeedLimit(FEEDS_PER_MINUTE if app.config["RATELIMIT_ENABLED"] else None, clock=clock)
    headers = {**HEADERS, "Strict-Transport-Security": HSTS} if settings.base_url.startswith("https://") else HEADERS
    app.wsgi_app = FeedFront(  # type: ignore[method-assign]
        app.wsgi_app, memory=memory, limit=limit, hosts=app.config["TRUSTED_HOSTS"], headers=headers
    )


def _revisions(engine: Engine, settings: Settings) -> Revisions:
    name = engine.dialect.name
    look = sqlite(engine) if name == "sqlite" else server(engine)
    return look if settings.environment == "test" else at_most_every(_PAUSE[name], look)
