"""How a speaker is named, at any time: by the mailed link for one talk, signed in for all; and what became of it."""

from __future__ import annotations

from flask import flash, make_response, render_template, url_for
from werkzeug.wrappers import Response

from app.domain.consent import Choices, ChosenSince
from app.domain.errors import InvalidInput, NotFound
from app.domain.permissions import Permission
from app.extensions import db
from app.models import Confirmation, Retraction
from app.services import links, retracting
from app.services.queries import confirming as confirm_page
from app.services.queries.naming import read_my_naming, read_naming
from app.web.clock import now
from app.web.guards import allow, public
from app.web.htmx import go_to
from app.web.identity import current_actor, signed_in_person
from app.web.site import site
from app.web.volunteer import blueprint
from app.web.volunteer.confirming import AnswerForm, speaking

_CHANGED = "Changed. What is public follows now; the receipt is below and comes by mail."


@blueprint.get("/confirm/<token>/naming")
@public
def naming(token: str) -> Response:
    """How the speaker is named in this talk and in their others, and the receipts. Opening it changes nothing."""
    confirmation = _find(token)
    return _page(token, confirmation, AnswerForm.stored(confirmation))


@blueprint.post("/confirm/<token>/naming")
@public
def choose_naming(token: str) -> Response:
    """Let these choices hold for this talk, before the call and ever after."""
    confirmation, form = _find(token), AnswerForm.sent()
    choices = Choices(form.attribution, form.recording_consent, form.slides_consent)
    try:
        receipt = retracting.choose_naming(
            db.session(), confirmation, choices, held=form.held, by=speaking(), site=site(), now=now()
        )
    except InvalidInput as error:
        return _page(token, confirmation, form, errors=error.errors, status=422)
    except ChosenSince as error:
        db.session.rollback()
        stands = AnswerForm.stored(_find(token))
        return _page(token, _find(token), stands, errors={"attribution": str(error)}, status=409)
    flash(_CHANGED if receipt else "Kept. Nothing was taken back.", "good")
    return go_to(url_for("volunteer.naming", token=token))


@blueprint.post("/confirm/<token>/naming/nowhere")
@public
def leave_unnamed(token: str) -> Response:
    """Name whoever reads the mails of this link nowhere: on none of their talks."""
    address = _find(token).speaker.email
    if not address:
        raise NotFound("This link does not open anything (any more).")
    _say(retracting.leave_unnamed(db.session(), address, by=speaking(), site=site(), now=now()))
    return go_to(url_for("volunteer.naming", token=token))


@blueprint.get("/my/naming")
@allow(Permission.OWN_ACCOUNT)
def my_naming() -> Response:
    """Every talk of the signed-in person with how they are named in it, and the receipts."""
    named = read_my_naming(db.session(), signed_in_person().email, site=site())
    return make_response(render_template("pages/volunteer/my_naming.html", named=named))


@blueprint.post("/my/naming/nowhere")
@allow(Permission.OWN_ACCOUNT)
def leave_me_unnamed() -> Response:
    """Name the signed-in person on none of their talks."""
    address = signed_in_person().email
    _say(retracting.leave_unnamed(db.session(), address, by=current_actor(), site=site(), now=now()))
    return go_to(url_for("volunteer.my_naming"))


def _say(receipts: list[Retraction]) -> None:
    flash(_CHANGED if receipts else "You were named nowhere already, and it stays so.", "good")


def _find(token: str) -> Confirmation:
    return links.find_confirmation(db.session(), token, site=site())


def _page(
    token: str,
    confirmation: Confirmation,
    form: AnswerForm,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    body = render_template(
        "pages/volunteer/naming.html",
        token=token,
        page=confirm_page.read_confirm_page(db.session(), confirmation, now=now()),
        named=read_naming(db.session(), confirmation, site=site()),
        form=form,
        errors=errors or {},
    )
    return make_response(body, status)
