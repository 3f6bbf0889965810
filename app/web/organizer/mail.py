"""The outbox: what could not be sent and why, what waits, what left."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.domain.text import clean_line
from app.extensions import db
from app.mail.words import KINDS
from app.models import OutboxMessage
from app.services import outbox
from app.services.queries.mail import Box, MailFilter, leaves_in_minutes, read_mail, read_mails
from app.web.clock import now
from app.web.fields import read_number, read_word
from app.web.guards import allow
from app.web.htmx import go_to, respond
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.site import site


@blueprint.get("/mail")
@allow(Permission.MANAGE_MAIL)
def mail() -> Response:
    """The mails that match the filter: first what needs somebody."""
    asked = MailFilter(
        text=clean_line(request.args.get("q", ""))[:120],
        box=read_word(Box, request.args.get("box", "")),
        page=max(1, read_number(request.args.get("page", "")) or 1),
    )
    return respond(
        "pages/organizer/mail.html",
        "partials/mail/list.html",
        shown=read_mails(db.session(), asked),
        asked=asked,
        boxes=tuple(Box),
        kinds=KINDS,
        leaves_in=_leaves_in,
        url=lambda page: url_for("organizer.mail", q=asked.text or None, box=asked.box, page=page),
    )


@blueprint.get("/mail/<int(max=2147483647):mail_id>")
@allow(Permission.MANAGE_MAIL)
def mail_one(mail_id: int) -> str:
    """One mail: its text without its reader's secrets, its headers, and the server's answer."""
    shown = read_mail(db.session(), mail_id, site=site())
    if shown is None:
        raise NotFound("There is no such mail.")
    return render_template("pages/organizer/mail_one.html", shown=shown, kinds=KINDS, leaves_in=_leaves_in)


@blueprint.post("/mail/<int(max=2147483647):mail_id>/send-again")
@allow(Permission.MANAGE_MAIL)
def send_mail_again(mail_id: int) -> Response:
    """Give a mail that was given up a new round of attempts."""
    shown = read_mail(db.session(), mail_id, site=site())  # none of a subscriber's: nobody learns the address
    if shown is None:
        raise NotFound("There is no such mail.")
    row = shown.row
    outbox.send_again(db.session(), row, by=current_actor(), now=now())
    reader = "The mail" if shown.unnamed else f"The mail for {row.recipient}"
    flash(f"{reader} leaves again within a minute.", "good")
    return go_to(url_for("organizer.mail"))


def _leaves_in(row: OutboxMessage) -> int:
    return leaves_in_minutes(row, now=now())
