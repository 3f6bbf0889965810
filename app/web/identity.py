"""Who is asking: the only file that knows Flask-Login."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import cast

from flask import Flask, g
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from app.domain.signing_in import is_seen_late
from app.extensions import db
from app.models import Person, SignIn
from app.services import sign_ins
from app.services.auditing import Actor
from app.web.clock import now

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CurrentSignIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """What Flask-Login calls a user: a sign-in row. Its id in the cookie is the token that the row has hashed."""

    row: SignIn
    token: str

    def get_id(self) -> str:
        return self.token


def init_identity(app: Flask, login_manager: LoginManager) -> None:
    """Let every request find its sign-in by the token in the cookie."""
    login_manager.init_app(app)
    # Flask-Login would read every session for its "remember me", which is not used here, and so each answer, feeds
    # included, would say `Vary: Cookie`.
    app.after_request_funcs[None].remove(login_manager._update_remember_cookie)  # noqa: SLF001
    login_manager.session_protection = None  # the row decides, not the browser's address or name
    app.teardown_request(_note_use)

    @login_manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> CurrentSignIn | None:
        row = sign_ins.find_sign_in(db.session(), token, now=now())
        if row is None:
            return None
        if is_seen_late(row, now=now()):
            g.late_sign_in = row.id
        return CurrentSignIn(row, token)


def current_sign_in() -> SignIn | None:
    """The row of this browser's sign-in, or None."""
    return current_user.row if current_user.is_authenticated else None


def current_person() -> Person | None:
    row = current_sign_in()
    return row.person if row else None


def signed_in_person() -> Person:
    """The person behind a view that a permission guards."""
    return cast(Person, current_person())


def signed_in_here() -> SignIn:
    """This browser's sign-in, behind a view that a permission guards."""
    return cast(SignIn, current_sign_in())


def current_actor() -> Actor:
    """The signed-in person as an actor for the audit trail."""
    return Actor.signed_in(signed_in_person())


def begin(row: SignIn, token: str) -> None:
    """Put a fresh sign-in into the cookie; whatever the cookie held before is gone (session fixation)."""
    cookie.clear()
    cookie.permanent = True
    login_user(CurrentSignIn(row, token))


def end() -> None:
    """Empty the cookie. Ending the row is the service's work."""
    logout_user()
    cookie.clear()


def _note_use(_error: BaseException | None) -> None:
    """Once a day, after the answer and in a transaction of its own: whoever only reads must not become idle.

    This is the one write that a GET leaves behind (docs/adr/0011), and it needs the cookie: no mail scanner has it.
    """
    late: int | None = g.pop("late_sign_in", None)
    if late is None:
        return
    try:
        db.session.rollback()
        sign_ins.note_use(db.session(), late, now=now())
    except SQLAlchemyError:
        log.warning("the use of a sign-in could not be noted: sign_in=%s", late)
        db.session.rollback()
