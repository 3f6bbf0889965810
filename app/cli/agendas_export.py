"""flask agenda export: the public agenda as the community's Markdown files, for a job that commits the difference."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.agendas import agenda
from app.domain.errors import HouseError
from app.extensions import db
from app.services.agenda_folder import write_folder
from app.services.queries.agendas import agenda_files_of, all_agenda_files
from app.web.clock import now
from app.web.site import site

WOULD_CHANGE = 3


@agenda.command("export")
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--year", type=click.IntRange(1970, 9998), help="Only the folder of this year.")
@click.option("--check", is_flag=True, help="Write nothing; the exit code is 3 where something would change.")
@click.option("--take-over", is_flag=True, help="Overwrite files that were kept by hand until now.")
def export(directory: Path, year: int | None, *, check: bool, take_over: bool) -> None:
    """Write the agendas into DIR: a folder for each year, Newsletter.md and Next-Calls.md.

    The same data gives the same bytes on every machine; only what differs is written. Deleted is what an earlier run
    wrote and is no more, by the list in DIR/.touchpoints; nothing else is touched. The exit code is 0 when all is as it
    should be, 1 when something was refused and nothing was changed.

    \b
      flask --app wsgi agenda export ../ospology/meetings --year 2026
    """
    session = db.session()
    files = agenda_files_of(session, year, site=site()) if year else all_agenda_files(session, site=site(), today=now())
    below = f"Agenda_{year}" if year else None
    try:
        changes = write_folder(directory, files, below=below, take_over=take_over, only_look=check)
    except (HouseError, OSError) as error:
        raise click.ClickException(f"{directory}: {error}. Nothing more was changed.") from error
    said = ("would write", "would delete") if check else ("wrote", "deleted")
    told = zip(
        (*said, "left alone, since somebody changed it"), (changes.written, changes.deleted, changes.kept), strict=True
    )
    for verb, paths in told:
        for path in paths:
            click.echo(f"{verb}: {path}")
    if not changes:
        click.echo("Nothing to change.")
    elif check:
        raise click.exceptions.Exit(WOULD_CHANGE)
