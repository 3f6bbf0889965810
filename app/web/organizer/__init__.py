"""The organizer pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("organizer", __name__)
