"""Has a calendar read by a child process, so that a bomb takes nothing with it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.sister_calendars import Expansion, LeftOut, Noted, Occurrence
from app.fetching.failures import FetchFailed

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-E", "-s", "-B", "-m", "app.fetching.child")
PATIENCE = 20.0
"""Seconds on the clock for ten of CPU, on a machine that has other work."""


def expand_apart(data: bytes, *, start: datetime, end: datetime, patience: float = PATIENCE) -> Expansion:
    """What is on between `start` and `end` in the calendar `data`. Raises FetchFailed."""
    question = json.dumps([start.isoformat(), end.isoformat()]).encode() + b"\n" + data
    try:
        done = subprocess.run(  # noqa: S603 (our own module, no word of it from outside)
            _COMMAND,
            input=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={},
            timeout=patience,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise FetchFailed("Reading it took more time or memory than a calendar may take, and was stopped.") from error
    return _read(json.loads(done.stdout))


def _read(answer: dict[str, Any]) -> Expansion:
    if "refused" in answer:
        raise FetchFailed(answer["refused"])
    return Expansion(
        tuple(_occurrence(row) for row in answer["occurrences"]),
        {LeftOut(word): count for word, count in answer["left_out"].items() if count},
        {Noted(word): count for word, count in answer["noted"].items() if count},
    )


def _occurrence(row: dict[str, Any]) -> Occurrence:
    instants = {name: datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at")}
    return Occurrence(**row | instants)
