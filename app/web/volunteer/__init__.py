"""The volunteer pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("volunteer", __name__)

from app.web.volunteer import confirming as confirming  # noqa: E402 (views register themselves on the blueprint above)
