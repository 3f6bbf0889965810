"""The learning space: the archive of past talks with its search, and the page of one talk."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.domain.archive import Asked, read_asked
from app.domain.notice import RuleScope
from app.extensions import db
from app.services.queries.archive import find_talk, search_archive
from app.services.queries.published_notes import public_notes
from app.web.clock import now
from app.web.guards import public
from app.web.public import blueprint
from app.web.public.paging import page_number
from app.web.public.showing import show

NOINDEX = {"X-Robots-Tag": "noindex"}


@blueprint.get("/learning")
@public
def learning() -> Response:
    """Past talks, the newest first or the closest to a search; for htmx the list with its filters."""
    asked = read_asked(request.args)
    archive = search_archive(db.session(), asked, page=page_number(), now=now())
    response = show(
        "pages/public/learning.html",
        "partials/public/archive.html",
        archive=archive,
        url=lambda number: _address(asked, page=number if number > 1 else None),
    )
    if asked.search.typed:
        response.headers.update(NOINDEX)  # the talks are listed by themselves
    return response


@blueprint.get("/learning/<key>")
@public
def talk(key: str) -> Response:
    """One talk: what it was about, by whom, and what there is of it. On whatever call it stands, its address stays."""
    found = find_talk(db.session(), key)
    response = show(
        "pages/public/talk.html",
        found=found,
        over=found.call.ends_at <= now(),
        notes=public_notes(db.session(), found.call.key),
    )
    if found.call.rule_scope is RuleScope.WHOLE:
        response.headers.update(NOINDEX)
    return response


@blueprint.get("/past")
@public
def past() -> Response:
    """Where the archive was before it could be searched."""
    return redirect(_address(read_asked(request.args), page=request.args.get("page")), 301)


def _address(asked: Asked, *, page: int | str | None) -> str:
    arguments: dict[str, Any] = {**asked.arguments(), "page": page, "tz": request.args.get("tz")}
    return url_for("public.learning", **arguments)
