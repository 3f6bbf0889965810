"""Public pages are made of public values: a model, or text of whatever origin, is no argument of theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from flask import make_response, render_template
from werkzeug.wrappers import Response

from app.domain.attribution import PublicText
from app.domain.notes import PublicNotes
from app.domain.publication import PublicTouchpoint
from app.services.queries.public import Page, SeriesCard
from app.web.htmx import respond
from app.web.public.call_times import CallTimes
from app.web.public.feed_choice import Feed
from app.web.public.grouping import Group
from app.web.public.listing import Listing
from app.web.public.month_days import CalendarMonth
from app.web.public.revalidation import revalidated
from app.web.public.sheets import Sheet

Made: TypeAlias = Group | Listing | CalendarMonth | CallTimes
"""What `web/public` makes of public values for its pages."""
One: TypeAlias = PublicTouchpoint | PublicNotes | SeriesCard | Page | Made | Feed | Sheet | PublicText | int | None
Shown: TypeAlias = (
    One
    | tuple[One, ...]
    | list[PublicTouchpoint]
    | list[Group]
    | Callable[[int], str]
    | Callable[[PublicTouchpoint], bool]
)
"""What a public page may be given (docs/adr/0076): mypy refuses a row of a table and a plain string."""


def show(page: str, partial: str = "", /, **values: Shown) -> Response:
    """The page with these values; for htmx its `partial`, if it has one. Browsers may keep it and ask again."""
    given: dict[str, Any] = {**values}
    answer = respond(page, partial, **given) if partial else make_response(render_template(page, **given))
    return revalidated(answer)
