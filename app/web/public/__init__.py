"""The public pages and feeds: for attendees, made of publications."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("public", __name__)

from app.web.public import asking, calendars, embedding, exports, pages, subscribing, visitor, well_known  # noqa: E402, F401 (they add their routes)
from app.web.public import calendar_view as calendar_view  # noqa: E402
from app.web.public import learning as learning  # noqa: E402
from app.web.public import linked_data as linked_data  # noqa: E402
from app.web.public import numbers as numbers  # noqa: E402
from app.web.public import privacy as privacy  # noqa: E402 (it adds its route)
from app.web.public import times as times  # noqa: E402
from app.web.public import working_groups as working_groups  # noqa: E402
