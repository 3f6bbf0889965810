"""Change one's own e-mail address: the new one must be proven, the old one is told, every sign-in ends."""

from __future__ import annotations

from flask import request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.domain.signing_in import Purpose
from app.extensions import db
from app.services import people, proving
from app.services.proving import OtherBrowser
from app.web.account import blueprint
from app.web.account.asking import keep_nonce, nonce_of, page
from app.web.account.profile import profile_page
from app.web.account.signing_in import signed_out
from app.web.clock import now
from app.web.guards import allow, public
from app.web.htmx import go_to
from app.web.identity import current_actor, current_person, signed_in_here, signed_in_person
from app.web.limits import limit_code, limit_sign_in
from app.web.site import site

_PURPOSE = Purpose.CHANGE_EMAIL


@blueprint.post("/profile/address")
@limit_sign_in
@allow(Permission.OWN_ACCOUNT)
def change_address() -> Response:
    """Mail a link and a code to the new address."""
    address = request.form.get("email", "")
    try:
        question = people.ask_to_change_email(
            db.session(), signed_in_here(), address, instead_of=nonce_of(_PURPOSE), site=site(), now=now()
        )
    except InvalidInput as error:
        return profile_page(errors=error.errors, address=address, status=422)
    return keep_nonce(go_to(url_for("account.enter_address_code")), _PURPOSE, question.nonce)


@blueprint.get("/profile/address/code")
@allow(Permission.OWN_ACCOUNT)
def enter_address_code() -> Response:
    """Where the asking browser waits for the mail."""
    return _code_page() or go_to(url_for("account.profile"))


@blueprint.post("/profile/address/code")
@limit_code
@allow(Permission.OWN_ACCOUNT)
def change_address_by_code() -> Response:
    """Change the address with the six digits."""
    code, person = request.form.get("code", ""), signed_in_person()
    try:
        people.change_email_by_code(
            db.session(), person, code, nonce=nonce_of(_PURPOSE), by=current_actor(), site=site(), now=now()
        )
    except InvalidInput as error:
        return _code_page(errors=error.errors, status=422) or go_to(url_for("account.profile"))
    return _changed()


@blueprint.get("/profile/address/link/<token>")
@public
def open_address_link(token: str) -> Response:
    """What the mailed link opens: a button, or where to go on. Opening it changes nothing."""
    question = proving.read_link(db.session(), _PURPOSE, token, now=now())
    person = current_person()
    if (
        person is None
        or person.id != question.person_id
        or not proving.is_same_browser(question, nonce=nonce_of(_PURPOSE))
    ):
        return page("other_browser", purpose=_PURPOSE)
    return page("open_link", purpose=_PURPOSE, email=question.email, person=person)


@blueprint.post("/profile/address/link/<token>")
@limit_code
@allow(Permission.OWN_ACCOUNT)
def change_address_by_link(token: str) -> Response:
    """Change the address with the button behind the link."""
    nonce, person = nonce_of(_PURPOSE), signed_in_person()
    try:
        people.change_email_by_link(
            db.session(), person, token, nonce=nonce, by=current_actor(), site=site(), now=now()
        )
    except OtherBrowser:
        db.session.rollback()
        return page("other_browser", purpose=_PURPOSE, status=422)
    return _changed()


def _code_page(*, errors: dict[str, str] | None = None, status: int = 200) -> Response | None:
    """The page for the code; None when this browser has no open question."""
    question = proving.find_question(db.session(), _PURPOSE, nonce=nonce_of(_PURPOSE), now=now())
    if question is None:
        return None
    return page("code", purpose=_PURPOSE, email=question.email, errors=errors or {}, status=status)


def _changed() -> Response:
    response = signed_out(
        "Your address is changed, and every browser is signed out. Sign in with the new address.",
        url_for("account.sign_in"),
    )
    return keep_nonce(response, _PURPOSE, "")
