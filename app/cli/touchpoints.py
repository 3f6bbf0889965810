"""flask touchpoints: open the dated calls that the cadence rules give."""

from __future__ import annotations

from datetime import datetime

import click
from flask.cli import AppGroup

from app.domain.errors import HouseError
from app.domain.localtime import when_in_words
from app.extensions import db
from app.services import scheduling
from app.services.auditing import COMMAND
from app.services.queries.series import find_series
from app.web.clock import now
from app.web.site import site

touchpoints = AppGroup("touchpoints", help="Dated calls of the series.")


@touchpoints.command("open")
@click.option(
    "--until",
    required=True,
    metavar="YYYY-MM-DD",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day to open, at most 24 months away.",
)
@click.option("--series", "slug", metavar="SLUG", help="Only this series, by the end of its address, like thursday.")
def open_(until: datetime, slug: str | None) -> None:
    """Open every date that the cadence of a series gives, from today up to a day.

    Dates that are open already, moved or skipped, and those with an exception stay as they are: run it as often as you
    like. Nobody is mailed.
    """
    try:
        only = find_series(db.session(), slug) if slug else None
        opened = scheduling.open_touchpoints(
            db.session(), until=until.date(), only=only, by=COMMAND, site=site(), now=now()
        )
    except HouseError as error:
        raise click.ClickException(str(error)) from error
    for touchpoint in opened:
        words = when_in_words(touchpoint.starts_at, touchpoint.minutes, touchpoint.time_zone)
        click.echo(f"{touchpoint.series.short_name}: {words}")
    said = f"{len(opened)} touchpoint{'s' if len(opened) > 1 else ''} opened."
    click.echo(said if opened else "Nothing to open: every date stands already.")
