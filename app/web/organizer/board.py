"""The board's pages and partials: show, move, invite, undo. The server decides; dragging only asks it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from flask import flash, make_response, request, url_for
from sqlalchemy import inspect
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, HouseError, NotFound, RuleViolation
from app.domain.permissions import Permission
from app.domain.text import MAX_LINE, clean_line
from app.extensions import db
from app.models import Proposal, Talk, Touchpoint
from app.services import inviting, placing, undoing
from app.services.board_facts import short_date
from app.services.changes import ago
from app.services.queries import board as queries
from app.services.queries.board import Board, Look
from app.services.queries.board_rows import read_revision
from app.services.queries.waiting import read_waiting_mails
from app.web.clock import now
from app.web.context import visitor_zone
from app.web.errors import status_of
from app.web.guards import allow
from app.web.htmx import go_to, is_htmx, respond
from app.web.identity import current_actor, signed_in_person
from app.web.organizer import blueprint
from app.web.organizer.board_faces import card_face, series_dots, slot_face, verdict_data
from app.web.site import site

P = ParamSpec("P")
R = TypeVar("R")
_PK = "<int(max=2147483647):pk>"
_CARD = f"<any(talk, proposal):kind>-{_PK}"


@dataclass(frozen=True)
class There:
    """A touchpoint on which a card was put, as it was: a row that is asked after the commit is read anew."""

    pk: int
    day: str
    month: str

    @classmethod
    def of(cls, touchpoint: Touchpoint) -> There:
        return cls(touchpoint.id, short_date(touchpoint), f"{touchpoint.local_start:%Y-%m}")


@dataclass(frozen=True)
class Done:
    """What happened, in words; the element to look at; where a card was put; whether Undo can be offered."""

    said: str
    focus: str
    onto: There | None = None
    undo: bool = True


def shows_refusals(view: Callable[P, Response]) -> Callable[P, Response]:
    """Answer htmx's refused changes with the board as it is now and the reason; others get the page of the error."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except (Conflict, RuleViolation, NotFound, StaleDataError) as error:
            if not is_htmx():
                raise
            db.session.rollback()
            said, status = _refusal(error)
            focus = "card-{kind}-{pk}".format(kind=kwargs.get("kind", "talk"), pk=kwargs.get("pk", ""))
            return answer(Done(said.rstrip("."), focus, undo=False), kind="bad", status=status)

    return answered


def _refusal(error: HouseError | StaleDataError) -> tuple[str, int]:
    if isinstance(error, StaleDataError):
        return "Somebody else changed this meanwhile: nothing of yours was written", 409
    return str(error), status_of(error)


@blueprint.get("/board")
@allow(Permission.SCHEDULE)
def board() -> Response:
    """The board, or for htmx its partial, as filtered."""
    return respond("pages/organizer/board.html", "partials/board/board.html", **_shown(_read()))


@blueprint.get("/board/changes")
@allow(Permission.SCHEDULE)
def board_changes() -> Response:
    """The board anew, or 204 while its revision is the one that the page has."""
    if read_revision(db.session(), now=now()) == request.args.get("since"):
        return make_response("", 204)
    return respond("pages/organizer/board.html", "partials/board/board.html", **_shown(_read()))


@blueprint.get(f"/board/move/{_CARD}")
@allow(Permission.SCHEDULE)
def board_move(kind: str, pk: int) -> Response:
    """Every coming touchpoint with this card's verdict: in the dialog, or as a page without JavaScript."""
    return _move_page(kind, pk)


@blueprint.post(f"/board/move/{_CARD}")
@allow(Permission.SCHEDULE)
@shows_refusals
def move_card(kind: str, pk: int) -> Response:
    """Place, move or release, as the form's `to` says: a touchpoint's id, or "inbox"."""
    move = _move_talk if kind == "talk" else _place_proposal
    try:
        return answer(move(pk))
    except (RuleViolation, Conflict) as error:
        if is_htmx():
            raise
        db.session.rollback()
        return _not_moved(kind, pk, error)


@blueprint.post(f"/board/invite/{_PK}")
@allow(Permission.SCHEDULE)
@shows_refusals
def invite_talk(pk: int) -> Response:
    """Ask the speakers of one card."""
    talk = _found(db.session.get(Talk, pk))
    inviting.invite_talk(db.session(), talk, **_saw())
    return answer(Done(f"The speakers of “{talk.proposal.title}” are asked to confirm", f"card-talk-{pk}"))


@blueprint.post(f"/board/invite-all/{_PK}")
@allow(Permission.SCHEDULE)
@shows_refusals
def invite_touchpoint(pk: int) -> Response:
    """Ask the speakers of all holds of a touchpoint."""
    touchpoint = _found(db.session.get(Touchpoint, pk))
    asked = inviting.invite_touchpoint(db.session(), touchpoint, by=current_actor(), site=site(), now=now())
    talks = "1 talk" if asked == 1 else f"{asked} talks"
    return answer(Done(f"The speakers of {talks} on {short_date(touchpoint)} are asked to confirm", f"slot-{pk}"))


@blueprint.post("/board/undo")
@allow(Permission.SCHEDULE)
@shows_refusals
def undo_move() -> Response:
    """Undo what this organizer did last."""
    talks = undoing.undo_last_move(db.session(), signed_in_person(), site=site(), now=now())
    talk, there = talks[0], talks[0].touchpoint
    where = f"on {short_date(there)} again" if there else "in the inbox again"
    said = f"Undone: “{talk.proposal.title}” is {where}" if len(talks) == 1 else f"Undone for {len(talks)} talks"
    focus = f"card-talk-{talk.id}" if there else f"card-proposal-{talk.proposal_id}"
    return answer(Done(said, focus, There.of(there) if there else None, undo=False))


def _place_proposal(pk: int) -> Done:
    proposal, onto = _found(db.session.get(Proposal, pk)), _onto()
    if onto is None:
        raise RuleViolation("This proposal is in the inbox already.")
    title, there = proposal.title, There.of(onto)
    talk = placing.place_proposal(db.session(), proposal, onto=onto, **_where(onto), **_saw())
    (talk_id,) = inspect(talk).identity or ()
    return Done(f"“{title}” is on {there.day}", f"card-talk-{talk_id}", there)


def _move_talk(pk: int) -> Done:
    talk, onto = _found(db.session.get(Talk, pk)), _onto()
    title, proposal_id = talk.proposal.title, talk.proposal_id
    if onto is None:
        placing.release_talk(db.session(), talk, **_saw())
        return Done(f"“{title}” is back in the inbox", f"card-proposal-{proposal_id}")
    there = There.of(onto)
    placing.move_talk(db.session(), talk, onto=onto, **_where(onto), **_saw())
    return Done(f"“{title}” is on {there.day}", f"card-talk-{pk}", there)


def _onto() -> Touchpoint | None:
    """The touchpoint that the form's `to` names, or None for the inbox."""
    to = request.form.get("to", "")
    if to == "inbox":
        return None
    if not to.isdecimal() or len(to) > 9:
        raise RuleViolation("Choose where to put it.")
    return _found(db.session.get(Touchpoint, int(to)))


def _where(onto: Touchpoint) -> dict[str, Any]:
    """The position on the touchpoint, and the version of it that the page showed."""
    form = request.form
    return {"position": form.get("position", type=int), "shown": form.get(f"shown-{onto.id}", type=int)}


def _saw() -> dict[str, Any]:
    """Who acts, on which version, where and when."""
    version = request.form.get("version", -1, type=int)
    return {"version": version, "by": current_actor(), "site": site(), "now": now()}


def answer(done: Done, *, kind: str = "good", status: int = 200) -> Response:
    """The board after a change or a refusal: for htmx with a toast, else the page with the same words."""
    if not is_htmx():
        flash(f"{done.said}.", kind)
        return go_to(url_for("organizer.board", **asked_look(), _anchor=done.focus))
    shown = _read()
    card = shown.cards.get(done.focus.removeprefix("card-"))
    elsewhere = done.onto if done.onto is not None and done.onto.pk not in shown.slots else None
    return respond(
        "pages/organizer/board.html",
        "partials/board/board.html",
        also=("partials/board/toast.html",),
        status=status,
        **_shown(shown),
        done=done,
        kind=kind,
        notes=card.notes if card and done.onto and done.undo else (),
        elsewhere=elsewhere,
    )


def _move_page(kind: str, pk: int, *, problem: str = "", status: int = 200) -> Response:
    return respond(
        "pages/organizer/board_move.html",
        "partials/move/form.html",
        status=status,
        move=queries.read_move(db.session(), kind, pk, now=now()),
        asked=asked_look(),
        problem=problem,
    )


def _not_moved(kind: str, pk: int, error: HouseError) -> Response:
    """The move page anew with the reason; where the card is gone from there, the error's own page."""
    try:
        return _move_page(kind, pk, problem=str(error), status=status_of(error))
    except NotFound:
        raise error from None


def _read() -> Board:
    return queries.read_board(db.session(), _look(), organizer=signed_in_person(), now=now())


def _shown(shown: Board) -> dict[str, Any]:
    """What the board's templates read."""
    asked = asked_look()
    dots = series_dots(column.series for column in shown.columns)
    return {
        "board": shown,
        "asked": asked,
        "face_of": partial(card_face, dots=dots, asked=asked, now=now()),
        "face_of_slot": partial(slot_face, zone=visitor_zone(), asked=asked),
        "verdicts_of": partial(verdict_data, shown),
        "waiting": read_waiting_mails(db.session(), organizer=signed_in_person(), now=now()),
        "ago": ago,
    }


def _look() -> Look:
    args = request.args
    return Look(_month(args.get("from", "")), clean_line(args.get("q", ""))[:MAX_LINE], args.get("series", "")[:40])


def asked_look() -> dict[str, Any]:
    """The look as the arguments of an address, without what is not asked."""
    look = _look()
    asked = {"from": f"{look.first:%Y-%m}" if look.first else "", "q": look.text, "series": look.series}
    return {name: value for name, value in asked.items() if value}


def _month(text: str) -> date | None:
    """The first day of "2026-12", or None for what is no month of this century."""
    match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
    return date(int(match[1]), int(match[2]), 1) if match else None


def _found(row: R | None) -> R:
    if row is None:
        raise NotFound("It is not on the board any more.")
    return row
