"""Imports: upload or paste, say what columns mean, look at the dry run row by row, apply, undo."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, InvalidInput
from app.domain.imports.mapping import TARGETS, Columns
from app.domain.imports.offers import Decisions
from app.domain.imports.values import ImportKind, Outcome
from app.domain.permissions import Permission
from app.domain.states import ImportState
from app.domain.text import clean_line
from app.extensions import db
from app.models import ImportRun
from app.services.importing.applying import apply_import
from app.services.importing.proposal_files import (
    KINDS,
    ProposalFile,
    map_columns,
    plan_proposals,
    preview_columns,
    read_source,
)
from app.services.importing.running import discard_import
from app.services.importing.undoing import undo_import
from app.services.queries.imports import find_run, read_run, read_runs
from app.web.clock import now
from app.web.fields import read_number, read_word
from app.web.guards import allow
from app.web.htmx import go_to, respond
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.site import site

importing = allow(Permission.IMPORT)


@blueprint.get("/imports")
@importing
def imports() -> str:
    """The imports there were, the newest first."""
    page = max(1, read_number(request.args.get("page", "")) or 1)
    shown = read_runs(db.session(), page=page)
    return render_template(
        "pages/organizer/imports.html", shown=shown, url=lambda number: url_for("organizer.imports", page=number)
    )


@blueprint.get("/imports/new")
@importing
def import_new() -> Response:
    """What it is, the file or its text."""
    return _form()


@blueprint.post("/imports")
@importing
def import_plan() -> Response:
    """Read the file and keep its dry run; a table goes on to its columns."""
    try:
        run = plan_proposals(db.session(), _file(), by=current_actor(), site=site(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return _form(error.errors)
    return go_to(_home_of(run))


@blueprint.get("/imports/<key>")
@importing
def import_one(key: str) -> Response:
    """The report, row by row; a table whose columns have no meaning yet is asked for them."""
    run = find_run(db.session(), key)
    if run.state is ImportState.MAPPING:
        return redirect(_home_of(run), 303)
    return _report(key)


@blueprint.get("/imports/<key>/columns")
@importing
def import_columns(key: str) -> Response:
    """What the columns of the table mean, guessed, with the first rows."""
    run = _table(key)
    return _columns(run, read_source(run)[1])


@blueprint.post("/imports/<key>/columns")
@importing
def import_map(key: str) -> Response:
    """Plan the table as its columns are chosen; without its button, show what the first rows would be."""
    run, columns = _table(key), _chosen_columns()
    if request.form.get("action") != "plan":
        return _columns(run, columns)
    version = read_number(request.form.get("version", "")) or 0
    try:
        map_columns(db.session(), run, columns, version=version, by=current_actor(), site=site(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return _columns(_table(key), columns, errors=error.errors)
    except Conflict as error:
        db.session.rollback()
        run = _table(key)
        return _columns(run, columns, errors=_beside(run, columns, str(error)), status=409)
    return go_to(url_for("organizer.import_one", key=key))


@blueprint.post("/imports/<key>/apply")
@importing
def import_apply(key: str) -> Response:
    """Write what the dry run shows, or show what it would do by now."""
    run = find_run(db.session(), key)
    try:
        apply_import(db.session(), run, version=_version(), by=current_actor(), site=site(), now=now())
    except Conflict as error:
        db.session.rollback()
        return _report(key, conflict=str(error))
    return go_to(url_for("organizer.import_one", key=key))


@blueprint.post("/imports/<key>/undo")
@importing
def import_undo(key: str) -> Response:
    """Take back what the import wrote."""
    run = find_run(db.session(), key)
    try:
        undo_import(db.session(), run, version=_version(), by=current_actor(), site=site(), now=now())
    except Conflict as error:
        db.session.rollback()
        return _report(key, conflict=str(error))
    return go_to(url_for("organizer.import_one", key=key))


@blueprint.post("/imports/<key>/discard")
@importing
def import_discard(key: str) -> Response:
    """Forget a dry run."""
    run = find_run(db.session(), key)
    try:
        discard_import(db.session(), run, version=_version(), by=current_actor(), now=now())
    except Conflict as error:
        db.session.rollback()
        return _report(key, conflict=str(error))
    flash("The dry run is gone, with all that it said.", "good")
    return go_to(url_for("organizer.imports"))


def _version() -> int:
    return read_number(request.form.get("version", "")) or 0


def _file() -> ProposalFile:
    """What was sent: an uploaded file, or else the pasted text."""
    form, uploaded, speakers = request.form, request.files.get("file"), request.files.get("speakers")
    kind = read_word(ImportKind, form.get("kind", ""))
    if kind not in KINDS:
        raise InvalidInput({"kind": "Choose what it is."})
    data = uploaded.read() if uploaded is not None else b""
    return ProposalFile(
        kind=kind,
        name=(uploaded.filename or "") if uploaded is not None and data else "Pasted",
        data=data or form.get("text", "").encode("utf-8", "replace"),
        speakers=speakers.read() if speakers is not None else b"",
        address=form.get("address", "")[:500],
        decisions=read_word(Decisions, form.get("decisions", "")) or Decisions.POOL,
    )


def _chosen_columns() -> Columns:
    form = request.form
    places = {target.key: read_number(form.get(f"column-{target.key}", "")) for target in TARGETS}
    return Columns(
        {key: place for key, place in places.items() if place is not None},
        {target.key: form.get(f"constant-{target.key}", "") for target in TARGETS},
        form.get("source", ""),
    )


def _beside(run: ImportRun, mine: Columns, else_said: str) -> dict[str, str]:
    """What somebody else chose meanwhile, at each field in which this form says another thing."""
    table, theirs = read_source(run)
    names = {place: f"“{name}”" for place, name in enumerate(table.header)}
    found = {
        f"column-{target.key}": names.get(theirs.places.get(target.key, -1), "no column")
        for target in TARGETS
        if theirs.places.get(target.key) != mine.places.get(target.key)
    }
    found |= {
        f"constant-{target.key}": f"“{theirs.constants.get(target.key, '')}”"
        for target in TARGETS
        if theirs.constants.get(target.key, "") != clean_line(mine.constants.get(target.key, ""))
    }
    if theirs.source != clean_line(mine.source):
        found["source"] = f"“{theirs.source}”"
    said = {
        name: f"Somebody else chose {words} meanwhile. Choose again to keep yours." for name, words in found.items()
    }
    return said or {f"column-{TARGETS[1].key}": f"{else_said} What you chose still stands here."}


def _table(key: str) -> ImportRun:
    run = find_run(db.session(), key)
    if not run.source:
        raise Conflict("The columns of this import cannot be chosen any more.")
    return run


def _home_of(run: ImportRun) -> str:
    endpoint = "organizer.import_columns" if run.state is ImportState.MAPPING else "organizer.import_one"
    return url_for(endpoint, key=run.key)


def _form(errors: Mapping[str, str] | None = None) -> Response:
    body = render_template(
        "pages/organizer/import_new.html",
        typed=request.form,
        errors=errors or {},
        kinds=KINDS,
        kind=request.form.get("kind") or request.args.get("kind", ""),
    )
    return make_response(body, 422 if errors else 200)


def _columns(
    run: ImportRun, columns: Columns, *, errors: Mapping[str, str] | None = None, status: int = 422
) -> Response:
    table, _ = read_source(run)
    return respond(
        "pages/organizer/import_columns.html",
        "partials/imports/sample.html",
        status=status if errors else 200,
        run=run,
        table=table,
        columns=columns,
        targets=TARGETS,
        sample=preview_columns(run, table, columns, site=site()),
        errors=errors or {},
    )


def _report(key: str, *, conflict: str = "") -> Response:
    chosen = read_word(Outcome, request.args.get("show", ""))
    page = max(1, read_number(request.args.get("page", "")) or 1)
    shown = read_run(db.session(), key, outcome=chosen, page=page, now=now())
    show = chosen.value if chosen else None
    return respond(
        "pages/organizer/import_one.html",
        "partials/imports/report.html",
        status=409 if conflict else 200,
        shown=shown,
        run=shown.run,
        chosen=chosen,
        outcomes=tuple(Outcome),
        conflict=conflict,
        url=lambda number: url_for("organizer.import_one", key=key, show=show, page=number),
    )
