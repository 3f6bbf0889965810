"""The organizer pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("organizer", __name__)

from app.web.organizer import pool as pool  # noqa: E402 (views register themselves on the blueprint above)
