"""The volunteer pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("volunteer", __name__)
