"""Small files at fixed addresses: what search engines may read, and where they find it."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.extensions import db
from app.feeds.sitemap import MOST, SitePage, sitemap, sitemap_index
from app.services.queries.sitemap import list_pages
from app.web.guards import public
from app.web.limits import limit_feed
from app.web.public import blueprint
from app.web.public.calendars import MAX_AGE
from app.web.site import site

# Google's calendar was seen to obey this file: /calendar/ must never be disallowed.
_NOT_FOR_SEARCH = ("/propose/", "/proposals/", "/confirm/", "/subscribe/", "/sign-in")


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Signed links are not for search engines; the list of pages is."""
    refused = (f"Disallow: {path}" for path in _NOT_FOR_SEARCH)
    lines = ["User-agent: *", *refused, "Allow: /", "", f"Sitemap: {site().url(url_for('public.site_pages'))}", ""]
    return for_everybody("\n".join(lines).encode(), "text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
@limit_feed
@public
def site_pages() -> Response:
    """Every page that search engines may list; beyond 50,000 the list of such files."""
    pages = list_pages(db.session(), site=site())
    if len(pages) <= MOST:
        return for_everybody(sitemap(pages), "application/xml")
    files = [url_for("public.some_site_pages", number=number) for number in range(1, -(-len(pages) // MOST) + 1)]
    return for_everybody(sitemap_index(SitePage(site().url(file)) for file in files), "application/xml")


@blueprint.get("/sitemap/<int:number>.xml")
@limit_feed
@public
def some_site_pages(number: int) -> Response:
    """One of several files, from 1."""
    pages = list_pages(db.session(), site=site())[(number - 1) * MOST : number * MOST]
    if number < 1 or not pages:
        raise NotFound("There is no such list of pages.")
    return for_everybody(sitemap(pages), "application/xml")


@blueprint.get("/favicon.ico")
@public
def favicon() -> Response:
    """Where browsers look that do not read the page's own link."""
    response = redirect("/static/favicon.svg", 302)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


def for_everybody(body: bytes, content_type: str) -> Response:
    """A file that any cache may keep for five minutes, and ask for again by its ETag."""
    response = Response(body, content_type=content_type)
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE
    response.add_etag()
    return response.make_conditional(request)
