"""Calendar feeds and files over HTTP: validators, gzip when asked, no cookie, and no session touched."""

from __future__ import annotations

import gzip
import io
from functools import lru_cache
from typing import Literal

import segno
from flask import request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.extensions import db
from app.services.queries import feeds
from app.services.queries.feeds import CalendarFile
from app.web.clock import now
from app.web.guards import public
from app.web.limits import limit_feed
from app.web.public import blueprint
from app.web.site import site

MAX_AGE = 300  # seconds: no public copy of a name that was taken back is older than this


@blueprint.get("/calendar/<slug>.ics")
@limit_feed
@public
def feed(slug: str) -> Response:
    """A feed to subscribe to: of one series, or `all`."""
    return calendar_response(feeds.read_feed(db.session(), slug, site=site(), now=now()), "inline", f"{slug}.ics")


@blueprint.get("/touchpoints/<key>.ics")
@limit_feed
@public
def call_file(key: str) -> Response:
    """One call to import by hand."""
    return calendar_response(feeds.read_call_file(db.session(), key), "attachment", f"touchpoint-{key}.ics")


@blueprint.get("/calendar/<slug>.qr.svg")
@limit_feed
@public
def qr_code(slug: str) -> Response:
    """A QR code of this feed's subscribe page: what phones do with a feed's own address varies."""
    if feeds.feed_name(db.session(), slug) is None:
        raise NotFound("There is no such calendar.")
    response = Response(_qr_svg(site().url(url_for("public.subscribe", feed=slug))), content_type="image/svg+xml")
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE
    response.add_etag()
    return response.make_conditional(request)


def calendar_response(file: CalendarFile, disposition: Literal["inline", "attachment"], filename: str) -> Response:
    """`file` as text/calendar. Each encoding is a representation with a strong ETag of its own (RFC 9110 8.8.3)."""
    zipped = request.accept_encodings["gzip"] > 0
    response = Response(_gzipped(file.body) if zipped else file.body, content_type="text/calendar; charset=utf-8")
    response.set_etag(f"{file.etag}-gzip" if zipped else file.etag)
    if file.last_modified:
        response.last_modified = file.last_modified
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE
    response.access_control_allow_origin = "*"  # calendars in browsers
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.add("Accept-Encoding")
    if zipped:
        response.content_encoding = "gzip"
    response.headers.set("Content-Disposition", disposition, filename=filename)
    return response.make_conditional(request)


@lru_cache(maxsize=8)
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


@lru_cache(maxsize=32)
def _qr_svg(address: str) -> bytes:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, border=3, light="#fff", omitsize=True
    )
    return out.getvalue()
