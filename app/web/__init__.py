"""The web floor: requests in, use cases called, pages and partials out."""

from __future__ import annotations

from flask import Flask, g, request

from app.config import Settings
from app.database import read_only

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def init_web(app: Flask, settings: Settings) -> None:
    """Register every blueprint, filter, header and error page."""
    from app.web.account import blueprint as account
    from app.web.account.personal_calendar import init_own_calendars
    from app.web.api import init_open_data
    from app.web.context import init_context
    from app.web.errors import init_errors
    from app.web.filters import init_filters
    from app.web.health import blueprint as health
    from app.web.limits import init_limits
    from app.web.organizer import blueprint as organizer
    from app.web.public import blueprint as public
    from app.web.security_headers import init_security_headers
    from app.web.volunteer import blueprint as volunteer

    init_own_calendars(app)
    _hold_reading_requests(app)
    init_limits(app)
    init_context(app)
    init_filters(app)
    init_errors(app)
    init_security_headers(app, https=settings.base_url.startswith("https://"))
    for blueprint in (health, public, account, volunteer, organizer):
        app.register_blueprint(blueprint)
    init_open_data(app)
    if settings.is_development or settings.environment == "test":
        from app.web.development import blueprint as development

        app.register_blueprint(development)


def _hold_reading_requests(app: Flask) -> None:
    """A GET changes nothing: not by discipline, but because its transaction cannot write."""

    @app.before_request
    def begin() -> None:
        if request.method in _READING:
            g.reading = read_only()
            g.reading.__enter__()

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        if reading := g.pop("reading", None):
            reading.__exit__(None, None, None)
