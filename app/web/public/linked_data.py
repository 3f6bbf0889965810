"""What pages say of themselves to programs: schema.org, and the addresses that previews of links need."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from markupsafe import Markup

from app.domain.disclosure import organizers_words
from app.domain.publication import PublicTouchpoint
from app.extensions import db
from app.feeds.linked_data import LinkedData, Publisher, event, event_series, in_script
from app.services.queries.moves import moved_from
from app.services.queries.public import SeriesCard
from app.web.public import blueprint
from app.web.site import site

PICTURE = "/static/social.png"
"""By its plain name: previews of links are kept elsewhere for years."""


@blueprint.app_context_processor
def _for_programs() -> dict[str, Any]:
    return {
        "data_of_call": data_of_call,
        "data_of_series": data_of_series,
        "own_address": own_address,
        "oembed_address": oembed_address,
        "social_picture": site().url(PICTURE),
    }


def data_of_call(call: PublicTouchpoint) -> Markup:
    """For the head of a call's page."""
    return _script(
        event(
            call,
            url=site().url(url_for("public.touchpoint", key=call.key)),
            series_url=site().url(url_for("public.schedule", series=call.series.slug)),
            by=_publisher(),
            was=moved_from(db.session(), [call.key]).get(call.key),
        )
    )


def data_of_series(card: SeriesCard) -> Markup:
    """For the head of the page with a series' dates."""
    url = site().url(url_for("public.schedule", series=card.series.slug))
    return _script(event_series(card.series, card.description, url=url, by=_publisher()))


def own_address() -> str:
    """The absolute address of this page, without what only its visitor chose."""
    series = request.args.get("series") if request.endpoint == "public.schedule" else None
    return site().url(url_for(request.endpoint or "public.home", **(request.view_args or {}), series=series))


def oembed_address(form: str) -> str:
    """Where programs ask how to show this page within theirs."""
    return site().url(url_for("public.oembed", url=own_address(), format=form))


def _script(value: LinkedData) -> Markup:
    """A block of data: browsers run nothing in it, whatever it holds, and so no policy has to allow it."""
    return Markup(f'<script type="application/ld+json">{in_script(value)}</script>')  # noqa: S704 (in_script escapes)


def _publisher() -> Publisher:
    return Publisher(organizers_words(site().community), site().url("/"), site().url(PICTURE))
