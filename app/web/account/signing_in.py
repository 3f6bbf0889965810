"""Sign in by a mailed link or code, and sign out."""

from __future__ import annotations

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Gone, InvalidInput
from app.domain.people import Role
from app.domain.signing_in import Purpose
from app.extensions import db
from app.models import Person
from app.services import proving, sign_ins, signing_in
from app.services.auditing import Actor
from app.services.proving import OtherBrowser
from app.services.signing_in import Browser, NewSignIn
from app.web import identity
from app.web.account import blueprint
from app.web.account.asking import keep_nonce, nonce_of, page
from app.web.clock import now
from app.web.guards import public
from app.web.htmx import go_to
from app.web.limits import limit_code, limit_sign_in
from app.web.redirects import safe_next
from app.web.site import site

# Theme and time zone are the device's and stay; the session's own cookie is emptied with the sign-in.
LEAVE_NOTHING = '"cache", "storage"'


@blueprint.get("/sign-in")
@public
def sign_in() -> Response:
    """Ask for the address."""
    return _ask_page(next_path=safe_next(request.args.get("next"), default=""))


@blueprint.post("/sign-in")
@limit_sign_in
@public
def ask_to_sign_in() -> Response:
    """Mail a link and a code. The answer is the same for every address."""
    address, next_path = request.form.get("email", ""), safe_next(request.form.get("next"), default="")
    try:
        question = signing_in.ask_to_sign_in(
            db.session(), address, next_path=next_path, instead_of=nonce_of(Purpose.SIGN_IN), site=site(), now=now()
        )
    except InvalidInput as error:
        return _ask_page(errors=error.errors, address=address, next_path=next_path, status=422)
    return keep_nonce(go_to(url_for("account.enter_code")), Purpose.SIGN_IN, question.nonce)


@blueprint.get("/sign-in/code")
@public
def enter_code() -> Response:
    """Where the asking browser waits for the mail."""
    return _code_page() or go_to(url_for("account.sign_in"))


@blueprint.post("/sign-in/code")
@limit_code
@public
def sign_in_by_code() -> Response:
    """Sign in with the six digits."""
    try:
        new = signing_in.sign_in_by_code(db.session(), request.form.get("code", ""), browser=_browser(), now=now())
    except InvalidInput as error:
        return _code_page(errors=error.errors, status=422) or go_to(url_for("account.sign_in"))
    except Gone as error:
        return _over(error)
    return _begin(new)


@blueprint.get("/sign-in/link/<token>")
@public
def open_link(token: str) -> Response:
    """What the mailed link opens: a button, or where to go on. Opening it, as mail scanners do, changes nothing."""
    try:
        question = proving.read_link(db.session(), Purpose.SIGN_IN, token, now=now())
    except Gone as error:
        return _over(error)
    if not proving.is_same_browser(question, nonce=nonce_of(Purpose.SIGN_IN)):
        return page("other_browser", purpose=Purpose.SIGN_IN)
    return page("open_link", purpose=Purpose.SIGN_IN, email=question.email, person=identity.current_person())


@blueprint.post("/sign-in/link/<token>")
@limit_code
@public
def sign_in_by_link(token: str) -> Response:
    """Sign in with the button behind the link."""
    try:
        new = signing_in.sign_in_by_link(db.session(), token, browser=_browser(), now=now())
    except OtherBrowser:
        db.session.rollback()
        return page("other_browser", purpose=Purpose.SIGN_IN, status=422)
    except Gone as error:
        return _over(error)
    return _begin(new)


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """End this browser's sign-in and leave nothing private behind in it."""
    row = identity.current_sign_in()
    if row is not None:
        sign_ins.sign_out(db.session(), row, by=Actor.signed_in(row.person), now=now())
    return signed_out("You are signed out.", url_for("public.home"))


def signed_out(words: str, location: str) -> Response:
    """The way on for a browser whose sign-in has just ended."""
    identity.end()
    flash(words, "good")
    response = go_to(location)
    response.headers["Clear-Site-Data"] = LEAVE_NOTHING
    return response


def _begin(new: NewSignIn) -> Response:
    identity.begin(new.row, new.token)
    response = go_to(safe_next(new.next_path, default=_first_page(new.row.person)))
    return keep_nonce(response, Purpose.SIGN_IN, "")


def _first_page(person: Person) -> str:
    return url_for("organizer.board" if person.role is Role.ORGANIZER else "volunteer.mine")


def _browser() -> Browser:
    return Browser(request.user_agent.string, nonce_of(Purpose.SIGN_IN), identity.current_sign_in())


def _ask_page(
    *, errors: dict[str, str] | None = None, address: str = "", next_path: str = "", notice: str = "", status: int = 200
) -> Response:
    shown = {"errors": errors or {}, "address": address, "next_path": next_path, "notice": notice}
    return page("sign_in", person=identity.current_person(), status=status, **shown)


def _code_page(*, errors: dict[str, str] | None = None, status: int = 200) -> Response | None:
    """The page for the code; None when this browser has no open question."""
    question = proving.find_question(db.session(), Purpose.SIGN_IN, nonce=nonce_of(Purpose.SIGN_IN), now=now())
    if question is None:
        return None
    return page("code", purpose=Purpose.SIGN_IN, email=question.email, errors=errors or {}, status=status)


def _over(error: Gone) -> Response:
    db.session.rollback()
    return _ask_page(notice=str(error), status=410)
