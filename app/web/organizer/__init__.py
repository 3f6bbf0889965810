"""The organizer pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("organizer", __name__)

from app.web.organizer import board as board  # noqa: E402
from app.web.organizer import people as people  # noqa: E402
from app.web.organizer import pool as pool  # noqa: E402 (views register themselves on the blueprint above)
from app.web.organizer import series as series  # noqa: E402
from app.web.organizer import topics as topics  # noqa: E402
from app.web.organizer import touchpoints as touchpoints  # noqa: E402
