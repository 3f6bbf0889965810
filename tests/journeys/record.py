"""The community's own record of 2025, from the file that it was collected in: what was planned, and what came of it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.fixtures.needs import lacking

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(os.environ.get("TOUCHPOINTS_HISTORY") or ROOT.parent / "shared" / "data" / "touchpoints_history.json")


@dataclass(frozen=True)
class Row:
    """A row of the year's table. `speakers` are names with affiliations, as last published; empty ones were withheld.

    `moved_to` is the key of the row that a moved one became.
    """

    key: str
    series: str
    starts_at: datetime
    status: str
    title: str
    topic: str
    speakers: tuple[tuple[str, str], ...]
    recorded: bool
    moved_to: str

    @property
    def day(self) -> date:
        return self.starts_at.date()


def whole_record() -> dict[str, Any]:
    """The file as it is. Skips the test, or fails it, where it is missing."""
    if not RECORD.is_file():
        lacking("the community's record of past calls", install="set TOUCHPOINTS_HISTORY to its path")
    return json.loads(RECORD.read_text(encoding="utf-8"))


def rows_of_2025() -> list[Row]:
    """The calls of both series in 2025, in order of time. Skips the test, or fails it, where the file is missing."""
    entries = whole_record()["sessions"]
    calls = [entry for entry in entries if entry["kind"] != "in-person-talk" and entry["date"].startswith("2025-")]
    rows = [_row(entry) for entry in calls if entry["kind"] in {"session", "slot"}]
    return sorted(rows, key=lambda row: row.starts_at)


def _row(entry: dict[str, Any]) -> Row:
    return Row(
        key=entry["id"],
        series=entry["series"].removeprefix("touchpoint-"),
        starts_at=_instant(entry),
        status=entry["status"],
        title=entry["title"],
        topic=entry.get("tag", ""),
        speakers=tuple((person["name"], person["affiliation"] or "") for person in entry.get("speakers", ())),
        recorded="No recording" not in entry.get("recording_note", ""),
        moved_to=entry.get("moved_to", ""),
    )


def _instant(entry: dict[str, Any]) -> datetime:
    """The start as the table last had it. Every row says GMT, in summer too, and GMT is UTC all year."""
    assert entry["zone_as_written"] == "GMT"
    return datetime.strptime(f"{entry['date']} {entry['start_as_written']} +0000", "%Y-%m-%d %I:%M %p %z")
