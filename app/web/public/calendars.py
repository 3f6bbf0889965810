"""Calendars over HTTP: the addresses of feeds and files, and pictures of them for phones.

Their bytes come from the front (`app/front`); the views here are reached only where it has none, and say why.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import NoReturn

import segno
from flask import request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.extensions import db
from app.services.queries import feeds
from app.web.guards import public
from app.web.limits import limit_feed
from app.web.public import blueprint
from app.web.site import site

MAX_AGE = 300  # seconds: no public copy of a name that was taken back is older than this
REFUSAL = "touchpoints.refusal"
"""Where a request has the error that kept the front from answering it."""


@blueprint.get("/calendar/<slug>.ics")
@limit_feed
@public
def feed(slug: str) -> NoReturn:  # noqa: ARG001 (the address names it)
    """A feed to subscribe to: of one series, or `all`."""
    raise request.environ.get(REFUSAL) or NotFound("There is no such calendar.")


@blueprint.get("/calendar/topics/<slug>.ics")
@limit_feed
@public
def topic_feed(slug: str) -> NoReturn:  # noqa: ARG001
    """A feed to subscribe to: of the calls on one topic."""
    raise request.environ.get(REFUSAL) or NotFound("There is no such calendar.")


@blueprint.get("/calendar/<slug>.atom")
@limit_feed
@public
def changes(slug: str) -> NoReturn:  # noqa: ARG001
    """What became of calls, for feed readers: of one series, or `all`."""
    raise request.environ.get(REFUSAL) or NotFound("There is no such feed.")


@blueprint.get("/touchpoints/<key>.ics")
@limit_feed
@public
def call_file(key: str) -> NoReturn:  # noqa: ARG001
    """One call to import by hand."""
    raise request.environ.get(REFUSAL) or NotFound("There is no such call.")


@blueprint.get("/calendar/<slug>.qr.svg")
@limit_feed
@public
def qr_code(slug: str) -> Response:
    """A QR code of this feed's subscribe page: what phones do with a feed's own address varies."""
    if feeds.feed_name(db.session(), slug) is None:
        raise NotFound("There is no such calendar.")
    return _picture(url_for("public.subscribe", feed=slug))


@blueprint.get("/calendar/topics/<slug>.qr.svg")
@limit_feed
@public
def topic_qr_code(slug: str) -> Response:
    """The same for the feed of a topic."""
    if feeds.topic_name(db.session(), slug) is None:
        raise NotFound("There is no such calendar.")
    return _picture(url_for("public.subscribe", topic=slug))


def _picture(path: str) -> Response:
    response = Response(_qr_svg(site().url(path)), content_type="image/svg+xml")
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE
    response.add_etag()
    return response.make_conditional(request)


@lru_cache(maxsize=32)
def _qr_svg(address: str) -> bytes:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, border=3, light="#fff", omitsize=True
    )
    return out.getvalue()
