"""The organizer pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("organizer", __name__)

from app.web.organizer import agendas as agendas  # noqa: E402
from app.web.organizer import board, mail, people, pool, proposals, received, series, talks, topics, touchpoints  # noqa: E402, F401 (routes)
from app.web.organizer import broken_calls as broken_calls  # noqa: E402
from app.web.organizer import imports as imports  # noqa: E402
from app.web.organizer import insights as insights  # noqa: E402
from app.web.organizer import missing_materials as missing_materials  # noqa: E402
from app.web.organizer import notes as notes  # noqa: E402
from app.web.organizer import sister_calendars as sister_calendars  # noqa: E402
from app.web.organizer import subscribers_view as subscribers_view  # noqa: E402
from app.web.organizer import waiting as waiting  # noqa: E402
from app.web.organizer import wording as wording  # noqa: E402
from app.web.organizer import working_groups as working_groups  # noqa: E402
