"""Our calls within pages of others: a frame for the hosts that the operator lists, and oEmbed for programs.

The frames are the only pages of ours that may be framed at all. They set no cookie and read none: whoever looks at
somebody's page is nobody we know.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from flask import abort, request, url_for
from werkzeug.wrappers import Response

from app.domain.attribution import PublicText
from app.domain.disclosure import organizers_words
from app.domain.errors import NotFound
from app.extensions import db
from app.feeds.oembed import Embedded, as_json, as_xml, size_within
from app.feeds.words import feed_title, summary
from app.services.queries import public as queries
from app.services.queries.public import SeriesCard
from app.web.clock import now
from app.web.fields import read_number
from app.web.guards import public
from app.web.limits import limit_feed
from app.web.public import blueprint
from app.web.public.calendars import MAX_AGE
from app.web.public.sheets import Frame
from app.web.public.showing import show, show_in_frame
from app.web.public.well_known import for_everybody
from app.web.security_headers import CSP
from app.web.site import settings, site

USUAL, MOST = 5, 12
_CALL = re.compile(r"/touchpoints/([A-Za-z0-9-]{1,64})")


@blueprint.get("/embed")
@public
def embedding() -> Response:
    """How to show the next calls on a page of one's own."""
    series = queries.list_series(db.session(), now=now())
    slug = request.args.get("series", "")
    chosen = next((card for card in series if card.series.slug == slug), None)
    address = site().url(url_for("public.embedded_calls", series=chosen.series.slug if chosen else None))
    frame = Frame(
        feed_title(_community(), chosen.series.name if chosen else None), address, bool(settings().embed_hosts)
    )
    return show("pages/public/embedding.html", series=series, chosen=chosen, frame=frame)


@blueprint.get("/embed/next-calls")
@limit_feed
@public
def embedded_calls() -> Response:
    """The next calls, of all series or of one, to be shown in a frame."""
    chosen = _series(request.args.get("series", ""))
    size = min(MOST, max(1, read_number(request.args.get("count", "")) or USUAL))
    page = queries.coming_calls(db.session(), series=chosen.series.slug if chosen else None, size=size, now=now())
    return _framed(show_in_frame("pages/public/embedded.html", calls=page.calls, chosen=chosen))


@blueprint.get("/embed/calls/<key>")
@limit_feed
@public
def embedded_call(key: str) -> Response:
    """One call, to be shown in a frame."""
    call = queries.find_call(db.session(), key)
    return _framed(show_in_frame("pages/public/embedded.html", calls=(call,), chosen=None))


@blueprint.get("/oembed")
@limit_feed
@public
def oembed() -> Response:
    """What a program shows for the address of a page of ours: 404 for any other, 501 for a format that is none."""
    form = request.args.get("format", "json")
    if form not in ("json", "xml"):
        abort(501)
    embedded = _embedded(request.args.get("url", ""))
    width, height = size_within(*(read_number(request.args.get(name, "")) for name in ("maxwidth", "maxheight")))
    written = as_json if form == "json" else as_xml
    types = {"json": "application/json", "xml": "text/xml; charset=utf-8"}
    response = for_everybody(written(embedded, width=width, height=height), types[form])
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _embedded(address: str) -> Embedded:
    """What may be shown of the page at this address. Raises NotFound for what is no page of ours with calls."""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if f"{parts.scheme}://{parts.netloc}".lower() != site().base_url:
        raise NotFound("There is no such page here.")
    if found := _CALL.fullmatch(parts.path):
        call = queries.find_call(db.session(), found[1])
        return _shown(summary(call), url_for("public.embedded_call", key=call.key))
    if parts.path not in ("/", "", "/schedule"):
        raise NotFound("There is no such page here.")
    chosen = _series(parse_qs(parts.query).get("series", [""])[0])
    title = feed_title(_community(), chosen.series.name if chosen else None)
    return _shown(title, url_for("public.embedded_calls", series=chosen.series.slug if chosen else None))


def _shown(title: PublicText, path: str) -> Embedded:
    frame = site().url(path) if settings().embed_hosts else ""
    return Embedded(title, _community(), site().url("/"), frame, MAX_AGE)


def _series(slug: str) -> SeriesCard | None:
    """The series of this slug, None for all. Raises NotFound."""
    if not slug:
        return None
    for card in queries.list_series(db.session(), now=now()):
        if card.series.slug == slug:
            return card
    raise NotFound("There is no such series.")


def _framed(response: Response) -> Response:
    """Let the listed hosts frame this answer; without any nobody can, as everywhere."""
    hosts = " ".join(settings().embed_hosts)
    if hosts:
        response.headers["Content-Security-Policy"] = CSP.replace("frame-ancestors 'none'", f"frame-ancestors {hosts}")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _community() -> PublicText:
    return organizers_words(site().community)
