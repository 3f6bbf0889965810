"""flask import: take in what was kept elsewhere."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from app.domain.errors import HouseError
from app.domain.history import read_history
from app.extensions import db
from app.services.auditing import COMMAND
from app.services.importing.history import Report, import_history
from app.web.clock import now
from app.web.site import site

imports = AppGroup("import", help="Take in records that were kept elsewhere.")


@imports.command("history")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def history(file: Path) -> None:
    """Fill the archive with the past calls in FILE, a JSON record of them.

    Calls that are there already stay as they are, so it can be run again. Whatever cannot be taken in is named with the
    reason, and whatever the record does not say and was assumed. Nobody is mailed.
    """
    try:
        read = read_history(_parse(file))
        report = import_history(db.session(), read, by=COMMAND, site=site(), now=now())
    except HouseError as error:
        raise click.ClickException(f"{file}: {error} Nothing was imported.") from error
    for line in _lines(report):
        click.echo(line)


def _parse(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{file} is not JSON: {error}") from error


def _lines(report: Report) -> Iterator[str]:
    yield f"Imported {len(report.imported)} calls in {report.series} series; {report.present} were there already."
    if report.skipped:
        yield f"Skipped {len(report.skipped)} calls:"
        yield from (f"  {call.key}: {call.why} — {call.title}" for call in report.skipped)
    if report.others:
        yield "Not calls: " + ", ".join(f"{count} of kind {kind}" for kind, count in sorted(report.others.items()))
    assumed = _assumptions(report)
    if assumed:
        yield "What the record does not say:"
        yield from (f"  {note}: {', '.join(keys)}" for note, keys in assumed.items())


def _assumptions(report: Report) -> dict[str, list[str]]:
    """The keys of the calls for each note."""
    notes: dict[str, list[str]] = defaultdict(list)
    for call in report.imported:
        for note in call.notes:
            notes[note].append(call.key)
    return notes
