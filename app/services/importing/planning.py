"""Planning an import: what each row would do is judged and kept as a dry run, and nothing else is touched."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput
from app.domain.imports.values import (
    MAX_KEY,
    MAX_REASON,
    MAX_ROWS,
    MAX_SUMMARY,
    WRITES,
    Earlier,
    ImportKind,
    Item,
    Made,
    Outcome,
    Verdict,
)
from app.domain.site import Site
from app.domain.states import ImportState, move_to
from app.domain.text import clean_line, clean_text
from app.models import ImportRow, ImportRun
from app.services.auditing import Actor, record
from app.services.importing.importers import Importer, importer_of


@dataclass(frozen=True)
class Upload:
    """A file that came in. `settings` say how it was read, as plain JSON."""

    kind: ImportKind
    name: str
    data: bytes
    settings: Mapping[str, Any]


def plan_import(
    session: Session, upload: Upload, items: Sequence[Item], *, by: Actor, site: Site, now: datetime
) -> ImportRun:
    """Keep the dry run of `items`, read from `upload`: a row each, with what applying it would do. No more changes.

    Raises InvalidInput (file) for a file with nothing in it, or too much.
    """
    expect_some(items)
    run = new_run(session, upload, by=by, now=now)
    fill_run(session, run, items, site=site)
    record(session, "import.previewed", run, by=by, now=now, kind=run.kind.value, rows=run.total)
    session.commit()
    return run


def expect_some(items: Sequence[Item]) -> None:
    """Raises InvalidInput (file) for a file with nothing in it, or too much."""
    if not items:
        raise InvalidInput({"file": "There is nothing in it to import."})
    if len(items) > MAX_ROWS:
        raise InvalidInput({"file": f"It has {len(items):,} rows; at most {MAX_ROWS:,} go in at once. Split it."})


def new_run(session: Session, upload: Upload, *, by: Actor, now: datetime) -> ImportRun:
    """A run without rows yet. Joins the caller's transaction."""
    run = ImportRun(
        kind=upload.kind,
        state=ImportState.MAPPING,
        file_name=clean_line(upload.name)[:120],
        digest=hashlib.sha256(upload.data).hexdigest(),
        settings=dict(upload.settings),
        started_by=by.person,
        created_at=now,
    )
    session.add(run)
    session.flush()
    return run


def fill_run(session: Session, run: ImportRun, items: Sequence[Item], *, site: Site) -> None:
    """Judge the items and keep them as the run's rows. Joins the caller's transaction."""
    verdicts = judge_items(session, items, kind=run.kind, site=site)
    run.rows = [
        ImportRow(
            position=position,
            key=item.key[:MAX_KEY],
            place=clean_line(item.place)[:120],
            summary=clean_line(item.summary)[:MAX_SUMMARY],
            outcome=verdict.outcome,
            reason=verdict.reason,
            fingerprint=fingerprint_of(item.payload, site=site),
            payload={} if why else {"item": dict(item.payload), "notes": item.notes},
        )
        for position, (item, verdict, why) in enumerate(zip(items, verdicts, _refusals(items), strict=True))
    ]
    run.total = len(items)
    move_to(run, ImportState.PREVIEWED)


def judge_items(session: Session, items: Sequence[Item], *, kind: ImportKind, site: Site) -> list[Verdict]:
    """What each item would do now. What cannot be read, and the second of two with one key, is refused."""
    refused = _refusals(items)
    readable = [item for item, why in zip(items, refused, strict=True) if not why]
    importer: Importer = importer_of(kind)
    judged = iter(importer.judge(session, readable, _earlier(session, readable, site=site)) if readable else ())
    return [
        Verdict(Outcome.REFUSED, _reason(why)) if why else _noted(next(judged), item)
        for item, why in zip(items, refused, strict=True)
    ]


def item_of(row: ImportRow) -> Item:
    """The row as it was read; one that could not be read, or whose payload is gone, is refused."""
    if not row.payload:
        return Item(row.key, row.summary, refused=row.reason or "It is not known any more what it said.")
    return Item(row.key, row.summary, row.payload["item"], notes=row.payload["notes"], place=row.place)


def made_of(row: ImportRow) -> tuple[Made, ...]:
    """The rows of ours that it made or changed."""
    return tuple(Made(**made) for made in row.made)


def fingerprint_of(payload: Mapping[str, Any], *, site: Site) -> str:
    """Knows a payload again when it is gone. Keyed: nobody can find out an address by trying them."""
    text = json.dumps(payload, sort_keys=True, default=str)
    return hmac.new(site.secret_key.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _refusals(items: Iterable[Item]) -> list[str]:
    first: dict[str, int] = {}
    reasons = []
    for number, item in enumerate(items, start=1):
        why = _unreadable(item)
        if not why and item.key in first:
            why = f"The file has it twice: this is row {first[item.key]} again."
        if not why:
            first[item.key] = number
        reasons.append(why)
    return reasons


def _unreadable(item: Item) -> str:
    too_long = f"Its number or name in the file is longer than {MAX_KEY} characters."
    return item.refused or (too_long if len(item.key) > MAX_KEY else "")


def _earlier(session: Session, items: Sequence[Item], *, site: Site) -> dict[str, Earlier]:
    """What was written last under the keys of `items`, where that was not undone."""
    applied = (ImportRow.applied_at.is_not(None), ImportRow.undone_at.is_(None), ImportRow.outcome.in_(WRITES))
    keys = ImportRow.key.in_([item.key for item in items])
    newest = select(func.max(ImportRow.id)).where(keys, *applied).group_by(ImportRow.key)
    rows = {row.key: row for row in session.scalars(select(ImportRow).where(ImportRow.id.in_(newest)))}
    return {
        item.key: Earlier(
            rows[item.key].fingerprint == fingerprint_of(item.payload, site=site), made_of(rows[item.key])
        )
        for item in items
        if item.key in rows
    }


def _noted(verdict: Verdict, item: Item) -> Verdict:
    says_notes = item.notes and verdict.outcome in {Outcome.NEW, Outcome.CHANGED}
    return Verdict(verdict.outcome, _reason(f"{verdict.reason} {item.notes}" if says_notes else verdict.reason))


def _reason(text: str) -> str:
    return clean_text(text)[:MAX_REASON]
