"""Recordings and slides that are still missing: the list, and what can be said of one."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, InvalidInput
from app.domain.materials import MaterialKind
from app.domain.permissions import Permission
from app.extensions import db
from app.services import missing_materials
from app.services.moderating import possible_moderators
from app.services.queries.missing_materials import NOBODY, Missing, find_missing, read_missing
from app.web.clock import now
from app.web.fields import read_number, read_word
from app.web.guards import allow
from app.web.htmx import go_to, respond
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.site import site

_ONE = "/materials-missing/<key>/<any(recording, slides):kind>"


@blueprint.get("/materials-missing")
@allow(Permission.SCHEDULE)
def materials_missing() -> Response:
    """What is missing, the longest first; for htmx the list alone."""
    kind, owner = read_word(MaterialKind, request.args.get("kind", "")), request.args.get("owner", "")[:12]
    given_up = request.args.get("given_up") == "yes"
    everything = read_missing(db.session(), now=now())
    owners = {each.owner.id: each.owner.name or each.owner.email for each in everything if each.owner}
    return respond(
        "pages/organizer/materials_missing.html",
        "partials/materials/list.html",
        missing=read_missing(db.session(), kind=kind, owner=owner, given_up=given_up, now=now()),
        asked={"kind": kind, "owner": owner, "given_up": given_up},
        owners=sorted(owners.items(), key=lambda each: each[1].casefold()),
        nobody=NOBODY,
        kinds=list(MaterialKind),
    )


@blueprint.get(_ONE)
@allow(Permission.SCHEDULE)
def material_missing(key: str, kind: str) -> Response:
    """One recording or slides: its address, whose it is, or why there will be none."""
    return _page(_find(key, kind))


@blueprint.post(f"{_ONE}/bring")
@allow(Permission.SCHEDULE)
def bring_material(key: str, kind: str) -> Response:
    """Here it is."""
    missing = _find(key, kind)

    def bring() -> str:
        url = request.form.get("url", "")
        missing_materials.bring_material(
            db.session(),
            missing.talk,
            missing.kind,
            url,
            version=_version(),
            by=current_actor(),
            site=site(),
            now=now(),
        )
        return f"{missing.kind.label} kept. The learning space shows it where the speakers agreed."

    return _done(missing, bring)


@blueprint.post(f"{_ONE}/owner")
@allow(Permission.SCHEDULE)
def assign_material(key: str, kind: str) -> Response:
    """Say who sees to it."""
    missing = _find(key, kind)

    def assign() -> str:
        typed = request.form.get("owner", "")
        person_id = (read_number(typed) or 0) if typed else None
        material = missing_materials.assign_material(
            db.session(), missing.talk, missing.kind, person_id, version=_version(), by=current_actor(), now=now()
        )
        return (
            f"{material.owner.name or material.owner.email} sees to it."
            if material.owner
            else "Nobody else sees to it."
        )

    return _done(missing, assign)


@blueprint.post(f"{_ONE}/none")
@allow(Permission.SCHEDULE)
def give_up_material(key: str, kind: str) -> Response:
    """There will be none."""
    missing = _find(key, kind)

    def give_up() -> str:
        reason = request.form.get("reason", "")
        missing_materials.give_up_material(
            db.session(), missing.talk, missing.kind, reason, version=_version(), by=current_actor(), now=now()
        )
        return f"There will be no {missing.kind.value}. Nobody waits for it any more."

    return _done(missing, give_up)


@blueprint.post(f"{_ONE}/await")
@allow(Permission.SCHEDULE)
def await_material(key: str, kind: str) -> Response:
    """There may be one after all."""
    missing = _find(key, kind)

    def await_it() -> str:
        missing_materials.await_material(
            db.session(), missing.talk, missing.kind, version=_version(), by=current_actor(), now=now()
        )
        return "It is awaited again."

    return _done(missing, await_it)


def _find(key: str, kind: str) -> Missing:
    return find_missing(db.session(), key, MaterialKind(kind), now=now())


def _done(missing: Missing, act: Callable[[], str]) -> Response:
    key, kind = missing.talk.key, missing.kind.value
    try:
        said = act()
    except InvalidInput as error:
        db.session.rollback()
        return _page(_find(key, kind), errors=error.errors, status=422)
    except Conflict:
        db.session.rollback()
        newer = _find(key, kind)
        return _page(newer, errors=_beside(newer), status=409)
    flash(said, "good")
    return go_to(url_for("organizer.materials_missing"))


def _beside(newer: Missing) -> dict[str, str]:
    """What somebody else said meanwhile, at the field in which this form said another thing. Raises Conflict."""
    field = next((name for name in ("url", "owner", "reason") if name in request.form), "")
    if not field:
        raise Conflict("Somebody else said something of this meanwhile. Nothing of yours was written; look again.")
    theirs = "nobody else sees to it"
    if newer.none_reason:
        theirs = f"there will be none, since “{newer.none_reason}”"
    elif newer.owner and newer.is_assigned:
        theirs = f"{newer.owner.name or newer.owner.email} sees to it"
    return {field: f"Somebody else saved meanwhile: {theirs}. What you typed still stands here; save again to keep it."}


def _page(missing: Missing, *, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    people = [(person.id, person.name or person.email) for person in possible_moderators(db.session())]
    body = render_template(
        "pages/organizer/material_missing.html",
        missing=missing,
        people=people,
        errors=errors or {},
        typed={name: value[:500] for name, value in request.form.items()},
    )
    return make_response(body, status)


def _version() -> int:
    return read_number(request.form.get("version", "")) or 0
