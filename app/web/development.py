"""Pages that exist in development and tests only: everybody's mail as they would see it, and the style guide."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.extensions import db
from app.mail.reading import ReadMessage, read_message
from app.mail.transport import Mailbox
from app.queue import announce, deliver, transport
from app.services import outbox
from app.services.queries.mail import leaves_in_minutes, read_waiting
from app.web.clock import now
from app.web.guards import public
from app.web.htmx import go_to
from app.web.security_headers import CSP

blueprint = Blueprint("development", __name__, url_prefix="/dev")
_PARTS = ("html", "text", "headers", "calendar")
_NEWEST = 100
_MAIL_CSP = (
    "sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'self'"
)


@blueprint.get("/styleguide")
@public
def styleguide() -> str:
    """Every component once."""
    return render_template("pages/dev/styleguide.html")


@blueprint.get("/mail")
@public
def mailbox() -> str:
    """What has left, the newest first, and what waits."""
    return _mailbox(None, None)


@blueprint.get("/mail/<name>")
@public
def message(name: str) -> Response:
    """One mail: as HTML in a frame of its own, as text, its headers, its calendar part."""
    response = Response(_mailbox(name, read_message(_find(name))), mimetype="text/html")
    response.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return response


@blueprint.get("/mail/<name>/html")
@public
def message_html(name: str) -> Response:
    """The HTML part alone, where it can do nothing but lead the whole window somewhere by a click."""
    html = read_message(_find(name)).html.replace("<head>", '<head><base target="_top">', 1)
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = _MAIL_CSP
    return response


@blueprint.post("/mail/send")
@public
def send_all() -> Response:
    """Let everything leave now, so that nobody waits for the settle time."""
    outbox.hasten(db.session(), now=now())
    announce()
    done = deliver()
    if done.unreachable:
        flash(f"The mail server takes nothing now: {done.unreachable}", "bad")
    else:
        flash(f"{done.sent} sent." if done.sent else "Nothing was waiting.", "good")
    return go_to(url_for("development.mailbox"))


def _mailbox(name: str | None, shown: ReadMessage | None) -> str:
    way = transport()
    names = way.names()[:_NEWEST] if isinstance(way, Mailbox) else []
    asked = request.args.get("part", "html")
    return render_template(
        "pages/dev/mail.html",
        keeps=isinstance(way, Mailbox),
        mails=[(each, read_message(_find(each))) for each in names],
        waiting=read_waiting(db.session()),
        leaves_in=lambda row: leaves_in_minutes(row, now=now()),
        name=name,
        shown=shown,
        part=asked if asked in _PARTS else "html",
        parts=_PARTS,
    )


def _find(name: str) -> bytes:
    way = transport()
    data = way.read(name) if isinstance(way, Mailbox) else None
    if data is None:
        raise NotFound("There is no such mail.")
    return data
