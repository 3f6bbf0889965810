"""The notes of a call: written by its scribe, read and published by a second person. Private until then."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.database import read_only
from app.domain.errors import Conflict, InvalidInput, NotFound, RuleViolation
from app.domain.notes import MAX_NOTES
from app.domain.permissions import Permission
from app.extensions import db
from app.models import Notes, Touchpoint
from app.services import notes as writing
from app.services.publishing_notes import publish_notes, withdraw_notes
from app.services.queries import notes as queries
from app.services.queries.published_notes import list_member_notes, read_member_notes
from app.web.account import blueprint
from app.web.clock import now
from app.web.fields import read_number
from app.web.guards import allow
from app.web.htmx import go_to, is_htmx
from app.web.identity import current_actor, signed_in_person
from app.web.limits import limit_notes
from app.web.site import site

_PAGE = "pages/account/notes.html"


@blueprint.get("/touchpoints/<key>/notes")
@allow(Permission.OWN_ACCOUNT)
def notes(key: str) -> Response:
    """The notes, for whoever writes or publishes them."""
    return _page(queries.find_noted_call(db.session(), key))


@blueprint.post("/touchpoints/<key>/notes")
@limit_notes
@allow(Permission.OWN_ACCOUNT)
def notes_save(key: str) -> Response:
    """Keep what was written, then do what the button says: replace a name, say that it is none, hand over."""
    action, _, place = request.form.get("do", "").partition(":")
    try:
        call = queries.find_noted_call(db.session(), key)
        if action == "preview":
            with read_only():
                return _page(call, preview=True)
        saved = writing.save_notes(db.session(), call, _text(), version=_version(), by=current_actor(), now=now())
        done = _then(action, place, call, saved)
    except (InvalidInput, Conflict) as error:
        db.session.rollback()
        return _refused(key, error)
    except NotFound:
        db.session.rollback()
        return _not_theirs()
    except RuleViolation as error:
        db.session.rollback()
        return _page(queries.find_noted_call(db.session(), key), errors={"names": str(error)}, stored=True)
    if is_htmx():
        return _saved(key)
    flash(done, "good")
    return go_to(url_for("account.notes", key=key) + ("#names" if place or action == "replace-all" else ""))


@blueprint.post("/touchpoints/<key>/notes/publish")
@allow(Permission.OWN_ACCOUNT)
def notes_publish(key: str) -> Response:
    """A second person lets the notes out, in the version that they read."""
    call = queries.find_noted_call(db.session(), key)
    publish_notes(db.session(), call, version=_version(), by=current_actor(), now=now())
    flash("The notes are published.", "good")
    return go_to(url_for("account.notes", key=key))


@blueprint.post("/touchpoints/<key>/notes/withdraw")
@allow(Permission.OWN_ACCOUNT)
def notes_withdraw(key: str) -> Response:
    """Take published notes back, at once."""
    call = queries.find_noted_call(db.session(), key)
    was_out = withdraw_notes(db.session(), call, by=current_actor(), now=now())
    flash("The notes are no longer published." if was_out else "They were not published any more.", "good")
    return go_to(url_for("account.notes", key=key))


@blueprint.get("/members/notes")
@allow(Permission.SEE_JOIN_LINKS)
def member_notes() -> Response:
    """The calls with notes for members."""
    return make_response(render_template("pages/account/member_notes.html", calls=list_member_notes(db.session())))


@blueprint.get("/members/notes/<key>")
@allow(Permission.SEE_JOIN_LINKS)
def member_notes_one(key: str) -> Response:
    """The notes of one call, for members."""
    call, found = read_member_notes(db.session(), key)
    return make_response(render_template("pages/account/member_notes_one.html", call=call, notes=found))


def _then(action: str, place: str, call: Touchpoint, saved: Notes) -> str:
    """Do what else the button says with the saved text; what was done, in words."""
    version, by = saved.version, current_actor()
    match action:
        case "replace" | "replace-all":
            only = place if action == "replace" else None
            count = writing.replace_in_notes(db.session(), call, only, version=version, by=by, now=now())
            return "Replaced in one place." if count == 1 else f"Replaced in {count} places."
        case "no-person":
            writing.decide_no_person(db.session(), call, place, version=version, by=by, now=now())
            return "Kept as it is: no person."
        case "person":
            writing.take_decision_back(db.session(), call, place, version=version, by=by, now=now())
            return "Taken back: decide about it anew."
        case "hand-over":
            asked = writing.hand_over_notes(db.session(), call, version=version, by=by, site=site(), now=now())
            return _HANDED_OVER[min(asked, 2)].format(asked)
        case _:
            return "The notes are saved."


_HANDED_OVER = (
    "The notes are ready. Nobody else who may publish them could be mailed: ask an organizer.",
    "The notes are ready. One person is asked by mail to read and publish them.",
    "The notes are ready. {} people are asked by mail; one of them publishes.",
)


def _refused(key: str, error: InvalidInput | Conflict) -> Response:
    """Nothing was written and nothing is lost: what was typed comes back, beside what somebody else wrote meanwhile."""
    status = 409 if isinstance(error, Conflict) else 422
    if is_htmx():
        problem = "Somebody else saved another text meanwhile. Press Save to see both." if status == 409 else str(error)
        return make_response(render_template("partials/notes/saved.html", problem=problem, version=_version()), status)
    errors = error.errors if isinstance(error, InvalidInput) else {}
    return _page(queries.find_noted_call(db.session(), key), errors=errors, conflict=status == 409)


def _not_theirs() -> Response:
    """What was typed comes back to whoever may not write here, or no longer: the same for a call that is not there."""
    if is_htmx():
        problem = "These notes are not yours to write any more. Copy your text before you leave this page."
        body = render_template("partials/notes/saved.html", problem=problem, version=_version())
    else:
        body = render_template("pages/account/notes_refused.html", typed=_text()[:MAX_NOTES])
    return make_response(body, 404)


def _page(
    call: Touchpoint,
    *,
    errors: dict[str, str] | None = None,
    conflict: bool = False,
    preview: bool = False,
    stored: bool = False,
) -> Response:
    """The page; with what was typed, unless that is `stored`. After a conflict the next Save is over the newer text."""
    page = queries.read_notes(db.session(), call, person=signed_in_person())
    typed = _text() if request.form and not stored else page.text
    shown = {
        "typed": typed,
        "version": _version() if request.form and not (conflict or stored) else page.version,
        "conflict": conflict,
        "preview": preview,
        "person": signed_in_person(),
        "begun": call.starts_at <= now(),
    }
    status = 409 if conflict else 422 if errors else 200
    return make_response(render_template(_PAGE, page=page, errors=errors or {}, **shown), status)


def _saved(key: str) -> Response:
    page = queries.read_notes(db.session(), queries.find_noted_call(db.session(), key), person=signed_in_person())
    return make_response(render_template("partials/notes/saved.html", page=page, version=page.version, saved_at=now()))


def _text() -> str:
    return request.form.get("text", "").replace("\r\n", "\n")


def _version() -> int:
    return read_number(request.form.get("version", "")) or 0
