"""The present app's `Site` and settings."""

from __future__ import annotations

from typing import cast

from flask import current_app

from app.config import Settings
from app.domain.site import Site


def site() -> Site:
    return cast(Site, current_app.extensions["touchpoints.site"])


def settings() -> Settings:
    return cast(Settings, current_app.extensions["touchpoints.settings"])
