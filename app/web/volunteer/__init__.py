"""The volunteer pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("volunteer", __name__)

from app.web.volunteer import chairing as chairing  # noqa: E402 (views register themselves on the blueprint above)
from app.web.volunteer import confirming as confirming  # noqa: E402
from app.web.volunteer import materials as materials  # noqa: E402
from app.web.volunteer import naming as naming  # noqa: E402
from app.web.volunteer import proposals as proposals  # noqa: E402
from app.web.volunteer import proposing as proposing  # noqa: E402
