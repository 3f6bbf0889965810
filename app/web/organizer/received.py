"""Mail that came in: what no rule understood or an organizer must see, whole, and addresses that take no mail."""

from __future__ import annotations

from flask import Response, flash, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.domain.received import ReceivedKind
from app.domain.text import clean_line
from app.extensions import db
from app.models import BouncingAddress, ReceivedMessage
from app.services.bouncing import lift_stop
from app.services.queries.received import ReceivedFilter, read_received, read_received_one
from app.services.receiving import settle_received
from app.web.clock import now
from app.web.fields import read_number, read_word
from app.web.guards import allow
from app.web.htmx import go_to, respond
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.site import site

_NUMBER = "<int(max=2147483647):number>"


@blueprint.get("/mail/received")
@allow(Permission.MANAGE_MAIL)
def received() -> WerkzeugResponse:
    """The messages that wait for an organizer, or all that match."""
    show = request.args.get("show", "")
    asked = ReceivedFilter(
        text=clean_line(request.args.get("q", ""))[:120],
        everything=bool(show),
        kind=read_word(ReceivedKind, show),
        page=max(1, read_number(request.args.get("page", "")) or 1),
    )
    return respond(
        "pages/organizer/received.html",
        "partials/received/list.html",
        shown=read_received(db.session(), asked),
        asked=asked,
        kinds=tuple(ReceivedKind),
        show=show,
        url=lambda page: url_for("organizer.received", q=asked.text or None, show=show or None, page=page),
    )


@blueprint.get(f"/mail/received/{_NUMBER}")
@allow(Permission.MANAGE_MAIL)
def received_one(number: int) -> str:
    """One message in words, what was made of it, and what it is about."""
    shown = read_received_one(db.session(), number, site=site())
    if shown is None:
        raise NotFound("There is no such message.")
    return render_template("pages/organizer/received_one.html", shown=shown)


@blueprint.get(f"/mail/received/{_NUMBER}/message.txt")
@allow(Permission.MANAGE_MAIL)
def received_raw(number: int) -> Response:
    """The message as it came, as a file of text: no browser shows or runs what is in it."""
    answer = Response(_row(number).message, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="message-{number}.txt"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post(f"/mail/received/{_NUMBER}/settle")
@allow(Permission.MANAGE_MAIL)
def settle_message(number: int) -> WerkzeugResponse:
    """An organizer has dealt with the message."""
    settle_received(db.session(), _row(number), by=current_actor(), now=now())
    flash("Marked as handled. It is kept under “Everything”.", "good")
    return go_to(url_for("organizer.received"))


@blueprint.post(f"/mail/bouncing/{_NUMBER}/lift")
@allow(Permission.MANAGE_MAIL)
def lift_bouncing(number: int) -> WerkzeugResponse:
    """Let mail leave to the address again."""
    address = db.session().get(BouncingAddress, number)
    if address is None:
        raise NotFound("There is no such address.")
    email = address.email
    lift_stop(db.session(), address, by=current_actor(), now=now())
    flash(f"Mail leaves to {email} again. What was given up meanwhile is sent again under Mail.", "good")
    return go_to(url_for("organizer.received"))


def _row(number: int) -> ReceivedMessage:
    shown = read_received_one(db.session(), number, site=site())
    if shown is None:
        raise NotFound("There is no such message.")
    return shown.row
