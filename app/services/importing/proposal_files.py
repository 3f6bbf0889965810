"""Files of proposals: read by their kind, planned as a dry run; a table waits for what its columns mean."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.errors import Conflict
from app.domain.imports.documents import decode
from app.domain.imports.issue_form import read_issue_form
from app.domain.imports.mapping import Columns, check_columns, guess_columns, offers_of
from app.domain.imports.offers import Decisions, Desk, Offer, items_of
from app.domain.imports.pretalx import read_pretalx
from app.domain.imports.sessionize import read_sessionize
from app.domain.imports.tables import Table, read_table
from app.domain.imports.values import ImportKind, Item
from app.domain.site import Site
from app.domain.states import ImportState, move_to
from app.models import ImportRun
from app.services.addresses import normal_address
from app.services.auditing import Actor, record
from app.services.importing.planning import Upload, expect_some, fill_run, new_run, plan_import
from app.services.locking import lock_row
from app.services.versions import expect_version

KINDS = (ImportKind.ISSUE_FORM, ImportKind.CSV, ImportKind.PRETALX, ImportKind.SESSIONIZE)


@dataclass(frozen=True)
class ProposalFile:
    """What an organizer gives: the file, the speakers' file beside it, the address of a pasted issue."""

    kind: ImportKind
    name: str
    data: bytes
    speakers: bytes = b""
    address: str = ""
    decisions: Decisions = Decisions.POOL


def plan_proposals(session: Session, file: ProposalFile, *, by: Actor, site: Site, now: datetime) -> ImportRun:
    """Plan the file; a table is kept until its columns are mapped (`map_columns`). Writes no proposal.

    Raises InvalidInput (file, speakers) for what cannot be read.
    """
    text = decode(file.data)
    upload = Upload(file.kind, file.name, file.data, settings={"decisions": file.decisions.value})
    if file.kind is ImportKind.CSV:
        return _keep_table(session, upload, text, by=by, now=now)
    desk = _desk(file.kind.value, file.decisions, site=site)
    return plan_import(session, upload, items_of(_read(file, text), desk), by=by, site=site, now=now)


def read_source(run: ImportRun) -> tuple[Table, Columns]:
    """The table that waits, and what its columns mean as far as that is chosen or can be guessed."""
    table = read_table(run.source)
    chosen = run.settings.get("columns")
    return table, Columns.from_json(chosen) if chosen else guess_columns(table.header)


def map_columns(
    session: Session, run: ImportRun, columns: Columns, *, version: int, by: Actor, site: Site, now: datetime
) -> None:
    """Plan the table whose columns mean this. Until it is applied, they can be mapped again.

    Raises InvalidInput for columns that cannot be so, Conflict when the table is applied or changed by somebody else.
    """
    lock_row(session, run)
    expect_version(run, version)
    if run.state not in {ImportState.MAPPING, ImportState.PREVIEWED} or not run.source:
        raise Conflict("This table is not waiting for its columns any more.")
    table = read_table(run.source)
    columns = check_columns(columns, table)
    items = items_of(offers_of(table, columns), _desk_of(run, columns.source, site=site))
    expect_some(items)
    move_to(run, ImportState.MAPPING)
    run.rows = []
    session.flush()
    run.settings = {**run.settings, "columns": columns.as_json()}
    fill_run(session, run, items, site=site)
    record(session, "import.previewed", run, by=by, now=now, kind=run.kind.value, rows=run.total)
    session.commit()


def preview_columns(run: ImportRun, table: Table, columns: Columns, *, site: Site) -> Sequence[Item]:
    """What the first rows of the table would be."""
    few = Table(table.header, table.rows[:3], table.delimiter)
    there = {key: place for key, place in columns.places.items() if 0 <= place < len(table.header)}
    columns = replace(columns, places=there)
    return items_of(offers_of(few, columns), _desk_of(run, columns.source, site=site))


def _keep_table(session: Session, upload: Upload, text: str, *, by: Actor, now: datetime) -> ImportRun:
    read_table(text)
    run = new_run(session, upload, by=by, now=now)
    run.source = text
    record(session, "import.uploaded", run, by=by, now=now, kind=run.kind.value)
    session.commit()
    return run


def _read(file: ProposalFile, text: str) -> list[Offer]:
    if file.kind is ImportKind.ISSUE_FORM:
        return read_issue_form(text, address=file.address)
    readers = {ImportKind.PRETALX: read_pretalx, ImportKind.SESSIONIZE: read_sessionize}
    return readers[file.kind](text, speakers=decode(file.speakers))


def _desk_of(run: ImportRun, source: str, *, site: Site) -> Desk:
    settings: Mapping[str, Any] = run.settings
    name = f"{run.kind.value}:{source.casefold()}" if source else run.kind.value
    return _desk(name, Decisions(settings["decisions"]), site=site)


def _desk(source: str, decisions: Decisions, *, site: Site) -> Desk:
    def keyed(words: str) -> str:
        """Keyed, so that nobody finds out whose address it was made of."""
        return hmac.new(site.secret_key.encode(), words.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:24]

    return Desk(source, decisions, normal_address, keyed)
