"""Lint of the community's Markdown agendas for organizers: upload or paste, read what is wrong. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.agendas.bundles import read_bundle
from app.domain.agendas.findings import KINDS, Finding, Severity
from app.domain.agendas.linting import KNOWN_TAGS, count_by_code, lint
from app.domain.agendas.taking import Assumptions, Clock
from app.domain.agendas.values import Source
from app.domain.cities import COMMUNITY_CITIES
from app.domain.errors import InvalidInput
from app.domain.localtime import known_zone
from app.domain.permissions import Permission
from app.extensions import db
from app.services.importing.agendas import plan_agendas
from app.services.topics import list_topics
from app.web.clock import now
from app.web.fields import read_word
from app.web.guards import allow
from app.web.htmx import go_to
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.site import site

SHOWN = 400
checks_agendas = allow(Permission.IMPORT)


@blueprint.get("/agendas/lint")
@checks_agendas
def agenda_lint() -> Response:
    """The files, or a text."""
    return _page()


@blueprint.post("/agendas/lint")
@checks_agendas
def agenda_findings() -> Response:
    """What is wrong in them, of one kind if that is asked for: the page keeps the files to be asked again."""
    try:
        sources = _sent_agendas()
    except InvalidInput as error:
        return _page(errors=error.errors)
    findings = lint(sources, today=now().date(), tags=_tags())
    return _page(sources=sources, findings=findings)


@blueprint.post("/agendas/import")
@checks_agendas
def agenda_import() -> Response:
    """Plan them as an import, whose dry run is the next page."""
    try:
        sources = _sent_agendas()
    except InvalidInput as error:
        return _page(errors=error.errors)
    zone = request.form.get("zone", "")
    clock = read_word(Clock, request.form.get("clock", "")) or Clock.WRITTEN
    assumed = Assumptions(zone if known_zone(zone) else Assumptions.zone, clock)
    try:
        run = plan_agendas(db.session(), sources, assumed=assumed, by=current_actor(), site=site(), now=now())
    except InvalidInput:
        db.session.rollback()
        return _page(errors={"files": "There is no call in these files: neither a table nor the file of a call."})
    return go_to(url_for("organizer.import_one", key=run.key))


def _sent_agendas() -> list[Source]:
    """The agendas of this request: uploaded, pasted, or those that the page before had. Raises InvalidInput."""
    files = [(file.filename or "", file.read()) for file in request.files.getlist("files")]
    kept = zip(request.form.getlist("path"), request.form.getlist("kept"), strict=False)
    files += [(path, text.encode("utf-8", "replace")) for path, text in kept]
    return read_bundle(files, pasted=request.form.get("text", ""))


def _tags() -> frozenset[str]:
    return KNOWN_TAGS | {name for topic in list_topics(db.session()) for name in (topic.name, topic.slug)}


def _page(
    *, sources: Sequence[Source] = (), findings: Sequence[Finding] = (), errors: Mapping[str, str] | None = None
) -> Response:
    chosen = request.form.get("kind", "")
    matching = [each for each in findings if chosen in {"", each.code, each.severity.value}]
    body = render_template(
        "pages/organizer/agenda_lint.html",
        errors=errors or {},
        typed=request.form,
        sources=sources,
        total=len(findings),
        counts=[(KINDS[code], count) for code, count in count_by_code(findings).items()],
        severities=[(each, sum(finding.severity is each for finding in findings)) for each in Severity],
        chosen=chosen,
        matching=len(matching),
        by_file=[(file, list(group)) for file, group in groupby(matching[:SHOWN], key=lambda each: each.place.file)],
        shown=SHOWN,
        zones=[*((each.zone, each.name) for each in COMMUNITY_CITIES), ("UTC", "UTC")],
        clocks=[(each.value, each.label) for each in Clock],
    )
    return Response(body, 422 if errors else 200, mimetype="text/html")
