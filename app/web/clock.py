"""The only reader of the clock; everything below is handed `now`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from flask import current_app


def system_clock() -> datetime:
    """This instant, aware, in UTC, to the second: what tables and calendars can hold."""
    return datetime.now(UTC).replace(microsecond=0)


def now() -> datetime:
    """This instant by the app's clock, which tests replace."""
    return cast(datetime, current_app.extensions["touchpoints.clock"]())
