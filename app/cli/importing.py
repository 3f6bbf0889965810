"""flask import: take in what was kept elsewhere."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.domain.errors import HouseError
from app.domain.history import read_history
from app.domain.imports.mapping import TARGETS, Columns
from app.domain.imports.offers import Decisions
from app.domain.imports.values import Outcome
from app.extensions import db
from app.models import ImportRun
from app.services.auditing import COMMAND
from app.services.importing.applying import apply_import, apply_next
from app.services.importing.history import Report, import_history, plan_history
from app.services.importing.proposal_files import KINDS, ProposalFile, map_columns, plan_proposals, read_source
from app.services.importing.undoing import undo_import, undo_next
from app.services.queries.imports import find_run
from app.web.clock import now
from app.web.site import site

imports = AppGroup("import", help="Take in records that were kept elsewhere.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST = 20_000_000  # bytes: more than any export of a conference


@imports.command("proposals")
@click.argument("file", type=_FILE)
@click.option("--kind", type=click.Choice([kind.value for kind in KINDS]), required=True, help="What FILE is.")
@click.option("--apply", "is_applied", is_flag=True, help="Write it. Without this, only show what each row would do.")
@click.option(
    "--speakers", type=_FILE, help="A second file, with the speakers' e-mail addresses (pretalx, Sessionize)."
)
@click.option("--address", default="", help="The issue's address, for the text of one issue.")
@click.option(
    "--keep-decisions", is_flag=True, help="What was accepted or declined there is so here. Nobody is mailed."
)
@click.option("--column", "columns", multiple=True, metavar="FIELD=NAME", help="What a column of a CSV table means.")
@click.option("--all", "constants", multiple=True, metavar="FIELD=TEXT", help="One value for all rows of a CSV table.")
@click.option("--source", default="", help="The table's name: within it, numbers are known again.")
def proposals(file: Path, **typed: Any) -> None:
    """Take the proposals in FILE into the pool. Nobody is mailed, and nobody is named before they agree to it.

    Shows a line for each row: new, changed, same or refused, and why. Fields of a CSV table are guessed from the
    names of its columns: title, abstract, speaker-0-name, speaker-0-email and so on.
    """
    offered = ProposalFile(
        kind=next(each for each in KINDS if each.value == typed["kind"]),
        name=file.name,
        data=_read(file),
        speakers=_read(typed["speakers"]) if typed["speakers"] else b"",
        address=typed["address"],
        decisions=Decisions.KEEP if typed["keep_decisions"] else Decisions.POOL,
    )
    try:
        run = plan_proposals(db.session(), offered, by=COMMAND, site=site(), now=now())
        if run.source:
            chosen = _columns(run, typed["columns"], typed["constants"], source=typed["source"])
            map_columns(db.session(), run, chosen, version=run.version, by=COMMAND, site=site(), now=now())
        if typed["is_applied"]:
            apply_to_the_end(run)
    except HouseError as error:
        raise click.ClickException(f"{file}: {error}") from error
    report(run)


@imports.command("apply")
@click.argument("run")
def apply(run: str) -> None:
    """Write the dry run RUN, or the rest of one that stopped."""
    try:
        found = find_run(db.session(), run)
        apply_to_the_end(found)
    except HouseError as error:
        raise click.ClickException(str(error)) from error
    report(found)


@imports.command("undo")
@click.argument("run")
def undo(run: str) -> None:
    """Take back what the import RUN wrote. What was changed or used since stays, and says why."""
    session = db.session()
    try:
        found = find_run(session, run)
        undo_import(session, found, version=found.version, by=COMMAND, site=site(), now=now())
        while undo_next(session, found, by=COMMAND, site=site(), now=now()):
            click.echo(f"{found.done} of {found.total} rows", err=True)
    except HouseError as error:
        raise click.ClickException(str(error)) from error
    kept = [row for row in found.rows if row.kept]
    gone = sum(1 for row in found.rows if row.made and row.undone_at)
    click.echo(f"Undone: {gone} rows are taken back, {len(kept)} are kept.")
    for row in kept:
        click.echo(f"  kept  {row.place or row.position + 1}: {row.summary} — {row.kept}")


@imports.command("history")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Only show what each call would become.")
def history(file: Path, *, dry_run: bool) -> None:
    """Fill the archive with the past calls in FILE, a JSON record of them.

    Calls that are there already stay as they are, so it can be run again. Whatever cannot be taken in is named with the
    reason, and whatever the record does not say and was assumed. Nobody is mailed.
    """
    try:
        read = read_history(_parse(file))
        if dry_run:
            data = file.read_bytes()
            report(plan_history(db.session(), read, by=COMMAND, site=site(), now=now(), name=file.name, data=data))
            return
        done = import_history(db.session(), read, name=file.name, by=COMMAND, site=site(), now=now())
    except HouseError as error:
        raise click.ClickException(f"{file}: {error} Nothing was imported.") from error
    for line in _lines(done):
        click.echo(line)
    if done.run:
        click.echo(f"Take it back: flask import undo {done.run}")


def apply_to_the_end(run: ImportRun) -> None:
    """Apply a dry run here and now, however long it is, and say how far it is."""
    session = db.session()
    apply_import(session, run, version=run.version, by=COMMAND, site=site(), now=now())
    while apply_next(session, run, by=COMMAND, site=site(), now=now()):
        click.echo(f"{run.done} of {run.total} rows", err=True)


def report(run: ImportRun) -> None:
    """A line for each row, how many there are of each outcome, and what to do next."""
    for row in run.rows:
        why = f" — {row.reason}" if row.reason else ""
        click.echo(f"  {row.outcome.value:8}{row.place or f'row {row.position + 1}'}: {row.summary}{why}")
    counts = Counter(row.outcome for row in run.rows)
    counted = ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in Outcome)
    if run.applied_at is None:
        click.echo(f"Dry run {run.key}: {counted}. Nothing is written. Write it: flask import apply {run.key}")
    else:
        click.echo(f"Import {run.key}: {counted}. Take it back: flask import undo {run.key}")


def _read(file: Path) -> bytes:
    if file.stat().st_size > _MOST:
        raise click.ClickException(f"{file} has more than {_MOST:,} bytes.")
    return file.read_bytes()


def _columns(run: ImportRun, columns: tuple[str, ...], constants: tuple[str, ...], *, source: str) -> Columns:
    table, guessed = read_source(run)
    places = dict(guessed.places)
    for key, name in _pairs(columns):
        if name not in table.header:
            raise click.ClickException(f"There is no column “{name}”. There are: {', '.join(table.header)}")
        places[key] = table.header.index(name)
    return Columns(places, dict(_pairs(constants)), source)


def _pairs(options: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    fields = [target.key for target in TARGETS]
    for option in options:
        key, _, text = option.partition("=")
        if key not in fields:
            raise click.ClickException(f"There is no field “{key}”. There are: {', '.join(fields)}")
        yield key, text


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
