"""The page on which a speaker gives slides and decides on the recording, from the mailed link, without signing in."""

from __future__ import annotations

from typing import cast

from flask import flash, make_response, render_template, request
from werkzeug.wrappers import Response

from app.domain.consent import ChosenSince
from app.domain.errors import Conflict, InvalidInput
from app.domain.text import clean_line
from app.extensions import db
from app.models import Confirmation
from app.services import links
from app.services.auditing import LINK
from app.services.consenting import mark_of
from app.services.materials import give_materials, takes_materials
from app.web.clock import now
from app.web.fields import read_number
from app.web.guards import public
from app.web.htmx import go_to
from app.web.site import site
from app.web.volunteer import blueprint

_CHOICES = {"yes": True, "no": False}


@blueprint.get("/materials/<token>")
@public
def materials(token: str) -> Response:
    """What was given so far. Opening it changes nothing."""
    confirmation = _find(token)
    return _page(token, confirmation, _stored(confirmation))


@blueprint.post("/materials/<token>")
@public
def give(token: str) -> Response:
    """Keep slides and decision."""
    confirmation = _find(token)
    form = {
        name: clean_line(request.form.get(name, ""))[:2000] for name in ("slides_url", "slides", "recording", "held")
    }
    try:
        give_materials(
            db.session(),
            confirmation,
            slides_url=form["slides_url"],
            recording=_CHOICES.get(form["recording"]),
            slides=_CHOICES.get(form["slides"]),
            held=request.form.get("held"),
            version=read_number(request.form.get("version", "")) or 0,
            by=LINK,
            site=site(),
            now=now(),
        )
    except InvalidInput as error:
        db.session.rollback()
        return _page(token, _find(token), form, errors=error.errors, status=422)
    except ChosenSince as error:
        db.session.rollback()
        stands = {**_stored(_find(token)), "slides_url": form["slides_url"]}
        return _page(token, _find(token), stands, errors={"recording": str(error)}, status=409)
    except Conflict as error:
        db.session.rollback()
        return _page(token, _find(token), form, errors={"slides_url": str(error)}, status=409)
    flash("Thank you: the archive has it.", "good")
    return go_to(request.path)


def _stored(confirmation: Confirmation) -> dict[str, str]:
    """The form as it holds, with the mark of the choices in it."""
    said = {None: "", True: "yes", False: "no"}
    return {
        "slides_url": confirmation.talk.slides_url,
        "slides": said[confirmation.slides_consent],
        "recording": said[confirmation.recording_consent],
        "held": mark_of(confirmation),
    }


def _find(token: str) -> Confirmation:
    return links.find_materials(db.session(), token, site=site())


def _page(
    token: str,
    confirmation: Confirmation,
    form: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    call = confirmation.talk.touchpoint
    body = render_template(
        "pages/volunteer/materials.html",
        token=token,
        confirmation=confirmation,
        talk=confirmation.talk,
        call=call,
        takes=takes_materials(confirmation.talk),
        form=form,
        errors=errors or {},
    )
    return cast(Response, make_response(body, status))
