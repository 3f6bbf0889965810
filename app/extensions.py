"""Flask's extensions, made once and bound to an app by `create_app`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from htmx_flask import Htmx
from werkzeug.local import LocalProxy

from app.database import listen
from app.models import Base

listen()
db = SQLAlchemy(model_class=Base)
login_manager = LoginManager()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)
htmx = Htmx()


def init_migrations(app: Flask, folder: Path) -> None:
    """Let `flask db` and the migrations find their settings, which are made when somebody looks.

    Alembic with its template engine is a tenth of a server's memory and of its start, and no server needs it.
    """

    @cache
    def made() -> object:
        from flask_migrate import Migrate  # noqa: PLC0415

        Migrate(app, db, directory=str(folder))
        return app.extensions["migrate"]

    app.extensions["migrate"] = LocalProxy(made)
