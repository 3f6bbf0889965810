"""The community's Markdown: a page that shows each file, to copy it, and the file as `agenda export` writes it."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from app.extensions import db
from app.feeds.markdown import MarkdownFile
from app.feeds.markdown.files import COMING, NEWSLETTER
from app.services.queries import agendas as queries
from app.web.clock import now
from app.web.guards import public
from app.web.limits import limit_feed
from app.web.public import blueprint
from app.web.public.sheets import Sheet
from app.web.public.showing import show
from app.web.public.well_known import for_everybody
from app.web.site import site

MARKDOWN = "text/markdown; charset=utf-8; variant=GFM"


@blueprint.get("/agendas")
@limit_feed
@public
def agendas() -> Response:
    """The table of this year, or of the last one that has a call; before any call, what comes next."""
    years = queries.list_years(db.session())
    if not years:
        return _coming_page(COMING, at=url_for("public.next_calls_markdown"))
    return _year_page(now().year if now().year in years else years[0])


@blueprint.get("/agendas/<int:year>")
@limit_feed
@public
def agenda_of_year(year: int) -> Response:
    """The table of a year, and its calls, each with a file."""
    return _year_page(year)


@blueprint.get("/agendas/<int:year>.md")
@limit_feed
@public
def year_markdown(year: int) -> Response:
    return _file(queries.read_year_file(db.session(), year, site=site()))


@blueprint.get("/agendas/calls/<key>")
@limit_feed
@public
def agenda_of_call(key: str) -> Response:
    """The file of one call."""
    file = queries.read_call_file(db.session(), key, site=site())
    return _page(Sheet(file, url_for("public.call_markdown", key=key)))


@blueprint.get("/agendas/calls/<key>.md")
@limit_feed
@public
def call_markdown(key: str) -> Response:
    return _file(queries.read_call_file(db.session(), key, site=site()))


@blueprint.get("/agendas/newsletter")
@limit_feed
@public
def newsletter() -> Response:
    """A paragraph and a list for a newsletter."""
    return _coming_page(NEWSLETTER, at=url_for("public.newsletter_markdown"))


@blueprint.get("/agendas/newsletter.md")
@limit_feed
@public
def newsletter_markdown() -> Response:
    return _file(_coming(NEWSLETTER))


@blueprint.get("/agendas/next-calls")
@limit_feed
@public
def next_calls() -> Response:
    """The table of the next calls."""
    return _coming_page(COMING, at=url_for("public.next_calls_markdown"))


@blueprint.get("/agendas/next-calls.md")
@limit_feed
@public
def next_calls_markdown() -> Response:
    return _file(_coming(COMING))


def _coming(name: str) -> MarkdownFile:
    files = queries.coming_files_from(db.session(), site=site(), today=now())
    return next(file for file in files if file.file == name)


def _year_page(year: int) -> Response:
    file = queries.read_year_file(db.session(), year, site=site())
    return _page(Sheet(file, url_for("public.year_markdown", year=year), year))


def _coming_page(name: str, *, at: str) -> Response:
    return _page(Sheet(_coming(name), at))


def _page(sheet: Sheet) -> Response:
    session = db.session()
    return show(
        "pages/public/agendas.html",
        sheet=sheet,
        years=queries.list_years(session),
        calls=queries.calls_of_year(session, sheet.year) if sheet.year else (),
    )


def _file(file: MarkdownFile) -> Response:
    response = for_everybody(file.body, MARKDOWN)
    response.headers["Content-Disposition"] = f"attachment; filename={file.file.replace('/', '-')}"
    return response
