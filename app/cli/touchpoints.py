"""flask touchpoints: open the dated calls that the cadence rules give."""

from __future__ import annotations

from flask.cli import AppGroup

touchpoints = AppGroup("touchpoints", help="Dated calls of the series.")
