"""The list of coming calls as a piece of page, made once for all who would see the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app, render_template
from markupsafe import Markup

from app.extensions import db
from app.services.queries import public as queries
from app.web.clock import now
from app.web.context import visitor_zone
from app.web.identity import current_person
from app.web.public.grouping import by_month

_KEPT = "touchpoints.listings"
_MOST = 64  # lists of about 100 kB


@dataclass(frozen=True)
class Listing:
    """One page of the list; `number` and `pages` count from 1."""

    html: Markup
    number: int
    pages: int


def coming_calls(series: str | None, *, number: int) -> Listing:
    """The calls that are not over, by month, of one series if its slug is given, in the visitor's zone.

    It holds until what is public changes, and for the minute: calls end on full ones. Signed-in people, who may have
    changed it just now, are shown what the tables say.
    """
    mark = current_app.extensions["touchpoints.feed-mark"]()
    if mark is None or current_person() is not None:
        return _made(series, number)
    kept = cast("dict[object, Listing]", current_app.extensions.setdefault(_KEPT, {}))
    key = (mark, series, number, visitor_zone(), now().replace(second=0))
    if (found := kept.get(key)) is None:
        found = _made(series, number)
        if len(kept) >= _MOST:
            kept.clear()
        kept[key] = found
    return found


def _made(series: str | None, number: int) -> Listing:
    page = queries.coming_calls(db.session(), series=series, page=number, now=now())
    html = render_template("partials/public/months.html", months=by_month(page.calls, visitor_zone()))
    return Listing(Markup(html), page.number, page.pages)  # noqa: S704 (our own template made it)
