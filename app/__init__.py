"""Touchpoints: speaker scheduling for community calls under the Chatham House Rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.domain.retention import Retention
from app.domain.signing_in import SIGN_IN_LASTS
from app.domain.site import USUAL_HOSTS, Site

if TYPE_CHECKING:  # the server's main process reads the settings and needs no framework
    from flask import Flask

    from app.config import Settings

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> Flask:
    """The WSGI application of one installation: wiring only. `clock` replaces the system's, for tests."""
    from flask import Flask

    from app.logs import keep_logs_clean
    from app.web.clock import system_clock

    keep_logs_clean()
    app = Flask(
        "app", static_folder=None, template_folder=str(ROOT / "templates"), instance_path=str(settings.instance_dir)
    )
    app.extensions["touchpoints.settings"] = settings
    app.extensions["touchpoints.site"] = site_of(settings)
    app.extensions["touchpoints.clock"] = clock or system_clock
    _configure(app, settings)
    _init_extensions(app)
    _init_queue(app, settings)
    _init_web(app, settings)
    return app


def site_of(settings: Settings) -> Site:
    """The part of the settings that the services need."""
    return Site(
        community=settings.community_name,
        base_url=settings.base_url,
        uid_domain=settings.uid_domain,
        mail_from=settings.mail_from,
        reply_to=settings.reply_to,
        settle=timedelta(minutes=settings.settle_minutes),
        secret_key=settings.secret_key,
        invite_mode=settings.invite_mode,
        inbound=settings.inbound_address,
        retention=Retention(**asdict(settings.retention)),
        sister_hosts=USUAL_HOSTS if settings.sister_calendar_hosts is None else settings.sister_calendar_hosts,
    )


def _configure(app: Flask, settings: Settings) -> None:
    https = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # no names and addresses in the log
        SESSION_COOKIE_NAME="__Host-touchpoints" if https else "touchpoints",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # or else every answer to somebody signed in sets the cookie, feeds too
        PERMANENT_SESSION_LIFETIME=SIGN_IN_LASTS,
        MAX_CONTENT_LENGTH=1_000_000,
        TRUSTED_HOSTS=_own_hosts(settings),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # Referrer-Policy is no-referrer; the token and SameSite carry the protection
        RATELIMIT_STORAGE_URI=settings.ratelimit_storage_uri,
        RATELIMIT_ENABLED=settings.environment != "test",
        TEMPLATES_AUTO_RELOAD=settings.is_development,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _own_hosts(settings: Settings) -> list[str]:
    """The names that a request may call us by: the one in every link, and this machine's own, for its health checks."""
    return [urlsplit(settings.base_url).hostname or "localhost", "localhost", "127.0.0.1"]


def _init_extensions(app: Flask) -> None:
    from app.extensions import csrf, db, htmx, init_migrations, limiter, login_manager
    from app.web.identity import init_identity

    db.init_app(app)
    init_migrations(app, ROOT / "migrations")
    csrf.init_app(app)
    limiter.init_app(app)
    htmx.init_app(app)
    init_identity(app, login_manager)


def _init_queue(app: Flask, settings: Settings) -> None:
    from app.queue import init_queue

    init_queue(app, settings)


def _init_web(app: Flask, settings: Settings) -> None:
    from app.cli import init_cli
    from app.front import init_front
    from app.static_files import init_static_files
    from app.web import init_web
    from app.web.fragments import init_fragments

    init_web(app, settings)
    init_fragments(app)
    init_cli(app)
    init_static_files(app, watch=settings.is_development)
    init_front(app, settings)
    if settings.trusted_proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
