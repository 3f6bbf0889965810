"""Public pages are made of public values: a model, or text of whatever origin, is no argument of theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from app.domain.attribution import PublicText
from app.domain.notes import PublicNotes
from app.domain.publication import PublicTouchpoint
from app.domain.working_groups import PublicWorkingGroup
from app.services.queries.archive import ArchivePage, TalkPage
from app.services.queries.contributor_space import GroupUpdates
from app.services.queries.numbers import Numbers
from app.services.queries.public import Page, SeriesCard
from app.web.htmx import respond
from app.web.public.calendars import MAX_AGE
from app.web.public.call_times import CallTimes
from app.web.public.feed_choice import Feed
from app.web.public.group_table import GroupTable
from app.web.public.grouping import Group
from app.web.public.listing import Listing
from app.web.public.month_days import CalendarMonth
from app.web.public.revalidation import revalidated
from app.web.public.sheets import Frame, Sheet

Made: TypeAlias = Group | GroupTable | Listing | CalendarMonth | CallTimes | Numbers
"""What `web/public` makes of public values for its pages."""
Known: TypeAlias = (
    PublicTouchpoint | PublicNotes | PublicWorkingGroup | GroupUpdates | SeriesCard | Page | ArchivePage | TalkPage
)
One: TypeAlias = Known | Made | Feed | Sheet | Frame | PublicText | int | None
Shown: TypeAlias = (
    One
    | tuple[One, ...]
    | list[PublicTouchpoint]
    | list[Group]
    | Callable[[int], str]
    | Callable[[PublicTouchpoint], bool]
)
"""What a public page may be given (docs/adr/0076): mypy refuses a row of a table and a plain string."""


def show(page: str, partial: str = "", /, also: tuple[str, ...] = (), **values: Shown) -> Response:
    """The page with these values; for htmx its `partial`, if it has one, and `also` what it swaps beside that.

    Browsers may keep it and ask again.
    """
    given: dict[str, Any] = {**values}
    answer = respond(page, partial, also=also, **given) if partial else make_response(render_template(page, **given))
    return revalidated(answer)


def show_in_frame(page: str, /, **values: Shown) -> Response:
    """The page with these values, the same for whoever looks, within a page of somebody else: it has no form."""
    given: dict[str, Any] = {**values}
    response = make_response(render_template(page, **given))
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE
    response.add_etag(weak=True)
    return response.make_conditional(request)
