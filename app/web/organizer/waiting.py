"""The mails that wait for the settle time: shown above the board, and sent now where an organizer says so."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.extensions import db
from app.models import Talk, Touchpoint
from app.services import outbox
from app.services.board_facts import short_date
from app.services.queries.waiting import read_waiting_mails
from app.web.clock import now
from app.web.fields import read_number
from app.web.guards import allow
from app.web.htmx import go_to, is_htmx
from app.web.identity import current_actor, signed_in_person
from app.web.organizer import blueprint
from app.web.organizer.board import Done, answer, asked_look, shows_refusals

_SUBJECT = "<any(talk, touchpoint):kind>-<int(max=2147483647):pk>"


@blueprint.get("/board/waiting")
@allow(Permission.SCHEDULE)
def board_waiting() -> Response:
    """What waits, as it ages; the board around it where htmx does not ask."""
    if not is_htmx():
        return go_to(url_for("organizer.board", **asked_look()))
    waiting = read_waiting_mails(db.session(), organizer=signed_in_person(), now=now())
    return make_response(render_template("partials/board/waiting.html", waiting=waiting, asked=asked_look()))


@blueprint.post(f"/board/send-now/{_SUBJECT}")
@allow(Permission.SCHEDULE)
@shows_refusals
def send_now(kind: str, pk: int) -> Response:
    """Let the mails about a talk or a call leave without waiting. Nothing takes them back then."""
    subject = db.session.get(Talk, pk) if kind == "talk" else db.session.get(Touchpoint, pk)
    if subject is None:
        raise NotFound("It is not on the board any more.")
    seen = read_number(request.form.get("seen", "")) or 0
    sent = outbox.send_now(db.session(), subject, seen=seen, by=current_actor(), now=now())
    mails = "1 mail leaves" if sent == 1 else f"{sent} mails leave"
    what = f"“{subject.proposal.title}”" if isinstance(subject, Talk) else f"the call on {short_date(subject)}"
    focus = f"card-talk-{pk}" if kind == "talk" else f"slot-{pk}"
    return answer(Done(f"{mails} now: {what}", focus, undo=False))
