"""Working groups for organizers: the list with its order, the form, archiving, and asking chairs again."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.permissions import Permission
from app.domain.states import WorkingGroupState
from app.extensions import db
from app.models import WorkingGroup
from app.services.queries import working_groups as queries
from app.services.working_groups import keeping
from app.services.working_groups.chairing import ask_chair_again
from app.web.clock import now
from app.web.fields import read_number
from app.web.guards import allow
from app.web.htmx import go_to
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.organizer.group_form import GroupForm
from app.web.site import site

manages = allow(Permission.MANAGE_SERIES)


@blueprint.get("/groups")
@manages
def groups() -> Response:
    """Every working group with what its chairs have said."""
    return make_response(render_template("pages/organizer/groups.html", rows=queries.list_groups(db.session())))


@blueprint.post("/groups/order")
@manages
def groups_order() -> Response:
    """Save the order of the whole list at once."""
    slugs = [row.group.slug for row in queries.list_groups(db.session())]
    places = {slug: read_number(request.form.get(f"place-{slug}", "")) for slug in slugs}
    wanted = {slug: place for slug, place in places.items() if place is not None}
    keeping.save_order(db.session(), wanted, by=current_actor(), now=now())
    flash("The order is saved.", "good")
    return go_to(url_for("organizer.groups"))


@blueprint.get("/groups/new")
@manages
def group_new() -> Response:
    """The form of a new group."""
    return _page(None, GroupForm.empty())


@blueprint.post("/groups")
@manages
def group_create() -> Response:
    """Begin a group; without JavaScript other buttons add and take away rows."""
    form = GroupForm.sent(request.form)
    if _changes_rows():
        return _page(None, _with_rows(form))
    try:
        group = keeping.add_group(db.session(), form.draft(), by=current_actor(), site=site(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return _page(None, form, error.errors)
    flash(f"{group.name} is on the page. Its chairs are asked by mail how they are named.", "good")
    return go_to(url_for("organizer.groups"))


@blueprint.get("/groups/<slug>/edit")
@manages
def group_edit(slug: str) -> Response:
    """The form of a group."""
    group = queries.find_group(db.session(), slug)
    return _page(group, GroupForm.of(group))


@blueprint.post("/groups/<slug>/edit")
@manages
def group_save(slug: str) -> Response:
    """Change what a group says of itself. Where somebody else was faster, both states are shown."""
    group, form = queries.find_group(db.session(), slug), GroupForm.sent(request.form)
    if _changes_rows():
        return _page(group, _with_rows(form))
    try:
        keeping.save_group(
            db.session(), group, form.draft(), version=_version(), by=current_actor(), site=site(), now=now()
        )
    except InvalidInput as error:
        db.session.rollback()
        return _page(queries.find_group(db.session(), slug), form, error.errors)
    except Conflict as error:
        db.session.rollback()
        group = queries.find_group(db.session(), slug)
        beside = form.beside(GroupForm.of(group)) or {"name": f"{error} What you typed still stands here."}
        return _page(group, form, beside, stale=True)
    flash("Saved. The contributor space shows it from now on.", "good")
    return go_to(url_for("organizer.groups"))


@blueprint.post("/groups/<slug>/archive")
@manages
def group_archive(slug: str) -> Response:
    """Fold the group away."""
    group = queries.find_group(db.session(), slug)
    keeping.archive_group(db.session(), group, version=_version(), by=current_actor(), now=now())
    flash(f"{group.name} is archived: folded on the page, its updates stay.", "good")
    return go_to(url_for("organizer.groups"))


@blueprint.post("/groups/<slug>/restore")
@manages
def group_restore(slug: str) -> Response:
    """Let an archived group be active again."""
    group = queries.find_group(db.session(), slug)
    keeping.restore_group(db.session(), group, version=_version(), by=current_actor(), now=now())
    flash(f"{group.name} is active again.", "good")
    return go_to(url_for("organizer.groups"))


@blueprint.post("/groups/<slug>/chairs/<int(max=2147483647):chair_id>/ask")
@manages
def group_ask_chair(slug: str, chair_id: int) -> Response:
    """Mail the question to a chair once more."""
    chairs = queries.find_group(db.session(), slug).chairs
    chair = next((chair for chair in chairs if chair.id == chair_id), None)
    if chair is None:
        raise NotFound("This chair is gone already.")
    ask_chair_again(db.session(), chair, by=current_actor(), site=site(), now=now())
    flash("The mail is on its way.", "good")
    return go_to(url_for("organizer.groups"))


def _changes_rows() -> bool:
    return "add" in request.form or "remove" in request.form


def _with_rows(form: GroupForm) -> GroupForm:
    return form.with_row(request.form["add"]) if "add" in request.form else form.without_row(request.form["remove"])


def _version() -> int:
    return read_number(request.form.get("version", "")) or 0


def _page(
    group: WorkingGroup | None, form: GroupForm, errors: dict[str, str] | None = None, *, stale: bool = False
) -> Response:
    """A form that comes back keeps the version that it saw first, unless it shows the newer state beside it."""
    body = render_template(
        "pages/organizer/group_form.html",
        group=group,
        known={str(chair.id): chair for chair in group.chairs} if group else {},
        version=group.version if group and (stale or not _version()) else _version(),
        form=form,
        errors=errors or {},
        stale=stale,
        states=[(state.value, state.value.capitalize()) for state in WorkingGroupState],
    )
    return make_response(body, 409 if stale else 422 if errors else 200)
