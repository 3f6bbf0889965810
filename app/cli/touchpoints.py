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
@click.option(
    "--series", "slug", metavar="SLUG", help="Only this series, by the last part of its page's address, like thursday."
)
def open_(until: datetime, slug: str | None) -> None:
    """Open the dates of every series, up to a day.

    The dates are those that the cadence of a series gives from today on. What is open already, moved or skipped, and
    dates with an exception stay as they are: run it as often as you like. Nobody is mailed.

    \b
      flask --app wsgi touchpoints open --until 2027-06-30
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
    click.echo(said if opened else "Nothing to open: no series gives a new date up to that day.")
