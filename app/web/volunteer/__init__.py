"""The volunteer pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("volunteer", __name__)

from app.web.volunteer import confirming, materials, proposals, proposing  # noqa: E402, F401 (they add their routes)
