"""The page on which a chair of a working group says how they are named, from the mailed link, without signing in."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.attribution import Attribution
from app.domain.errors import InvalidInput
from app.domain.text import clean_line
from app.domain.working_groups import NAMINGS, ChairFacts, public_chair
from app.extensions import db
from app.models import Chair
from app.services import links
from app.services.working_groups.chairing import choose_naming, leave_the_chair
from app.services.working_groups.publishing import public_group_name
from app.web.clock import now
from app.web.fields import read_word
from app.web.guards import public
from app.web.htmx import go_to
from app.web.site import site
from app.web.volunteer import blueprint
from app.web.volunteer.confirming import speaking

_LONGEST = 2_000


@blueprint.get("/chair/<token>")
@public
def chair(token: str) -> Response:
    """What the group's page says of this chair. Opening it changes nothing."""
    found = _find(token)
    naming = found.naming.value if found.naming else ""
    return _page(token, found, {"name": found.name, "affiliation": found.affiliation, "naming": naming})


@blueprint.post("/chair/<token>")
@public
def choose_chair_naming(token: str) -> Response:
    """Let these words hold, at any time anew."""
    form = {name: clean_line(request.form.get(name, "")[:_LONGEST]) for name in ("name", "affiliation", "naming")}
    chosen = read_word(Attribution, form["naming"])
    try:
        choose_naming(
            db.session(),
            _find(token),
            name=form["name"],
            affiliation=form["affiliation"],
            naming=chosen,
            by=speaking(),
            now=now(),
        )
    except InvalidInput as error:
        db.session.rollback()
        return _page(token, _find(token), form, errors=error.errors)
    flash("Kept. The page of the group says it from now on.", "good")
    return go_to(url_for("volunteer.chair", token=token))


@blueprint.post("/chair/<token>/leave")
@public
def leave_chair(token: str) -> Response:
    """They chair this group no more, or never did: what is kept of them for it goes."""
    slug = _find(token).group.slug
    leave_the_chair(db.session(), _find(token), by=speaking(), now=now())
    flash("You are no chair of this group any more. What was kept of you for it is gone.", "good")
    return go_to(url_for("public.working_group", slug=slug))


def _find(token: str) -> Chair:
    return links.find_chair(db.session(), token, site=site())


def _page(token: str, found: Chair, form: dict[str, str], *, errors: dict[str, str] | None = None) -> Response:
    said = [ChairFacts(form["name"] or found.name, form["affiliation"], level) for level in NAMINGS]
    body = render_template(
        "pages/volunteer/chair.html",
        token=token,
        chair=found,
        group=public_group_name(db.session(), found.group),
        slug=found.group.slug,
        form=form,
        choices=[(facts.naming.value if facts.naming else "", public_chair(facts)) for facts in said],
        shown=public_chair(ChairFacts(found.name, found.affiliation, found.naming)),
        errors=errors or {},
    )
    return make_response(body, 422 if errors else 200)
