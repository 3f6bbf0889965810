"""flask agenda import: the community's Markdown agendas into series, touchpoints and talks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from app.cli.agenda_files import read_files
from app.cli.agendas import agenda
from app.domain.agendas.taking import Assumptions, Clock
from app.domain.errors import HouseError
from app.domain.imports.values import WRITES, Outcome
from app.domain.localtime import known_zone
from app.extensions import db
from app.models import ImportRun
from app.services.auditing import COMMAND
from app.services.importing.agendas import plan_agendas
from app.services.importing.applying import apply_import, apply_next
from app.web.clock import now
from app.web.site import site


@agenda.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--zone", default="Europe/Madrid", show_default=True, help="Where series in GMT have their wall clock.")
@click.option(
    "--clock",
    type=click.Choice([each.value for each in Clock]),
    default=Clock.WRITTEN.value,
    show_default=True,
    help="GMT over a change of clocks: at the instant written, or at the usual local time.",
)
@click.option("--apply", "applies", is_flag=True, help="Write what the dry run shows.")
def import_paths(paths: tuple[Path, ...], zone: str, clock: str, applies: bool) -> None:  # noqa: FBT001 (an option)
    """Show what the agendas at PATH would become here, call by call, and with --apply write it.

    Rows whose day or time is doubtful are refused; run `agenda lint` to see why. What was imported before stays as it
    is. Nobody is mailed. The page Imports shows the run, and undoes it for 30 days.
    """
    if not known_zone(zone):
        raise click.BadParameter(f"{zone} is no time zone, like Europe/Madrid.", param_hint="--zone")
    sources, unreadable = read_files(paths)
    if unreadable:
        raise click.ClickException(" ".join(str(each) for each in unreadable))
    try:
        session, assumed = db.session(), Assumptions(zone, Clock(clock))
        run = plan_agendas(session, sources, assumed=assumed, by=COMMAND, site=site(), now=now())
        if applies and any(row.outcome in WRITES for row in run.rows):
            apply_import(session, run, version=run.version, by=COMMAND, site=site(), now=now())
            while apply_next(session, run, by=COMMAND, site=site(), now=now()):
                pass
    except HouseError as error:
        raise click.ClickException(str(error)) from error
    for line in _lines(run, is_applied=applies):
        click.echo(line)


def _lines(run: ImportRun, *, is_applied: bool) -> Iterator[str]:
    for row in run.rows:
        yield f"{row.outcome.value:>8}  {row.summary} ({row.place})"
        if row.reason:
            yield f"          {row.reason}"
    counts = [f"{sum(row.outcome is outcome for row in run.rows)} {outcome.value}" for outcome in Outcome]
    yield f"{', '.join(counts)}."
    if not is_applied:
        yield "A dry run: nothing was written. Add --apply."
    elif any(row.outcome in WRITES for row in run.rows):
        yield f"Written. To undo it, open /imports/{run.key}."
    else:
        yield "There was nothing to write."
