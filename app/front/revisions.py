"""Looking at the mark of the feeds: a few microseconds on SQLite, at most once in a while on a database server."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from time import monotonic

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.database import read_only
from app.services.queries.feeds import read_mark

Revisions = Callable[[], int | None]
"""Gives the present mark; None when there is none yet. What was committed before a look may be newer, never older."""
_MARK = "SELECT mark FROM feed_revision WHERE id = 1"


def sqlite(engine: Engine) -> Revisions:
    """Looks each time, over connections of its own: the pool's begin and end a transaction, which costs far more.

    They end with the engine's.
    """
    idle: deque[sqlite3.Connection] = deque()

    def look() -> int | None:
        try:
            connection = idle.pop()
        except IndexError:
            connection = _connect(engine)
        try:
            rows = connection.execute(_MARK).fetchall()  # to the end: a statement half read would hold its snapshot
        except sqlite3.Error:
            connection.close()
            raise
        idle.append(connection)
        return rows[0][0] if rows else None

    @event.listens_for(engine, "engine_disposed")
    def close(_engine: Engine) -> None:
        while idle:
            idle.pop().close()

    return look


def polled(engine: Engine, *, every: float, timer: Callable[[], float] = monotonic) -> Revisions:
    """Looks at most once in `every` seconds; a change shows within that."""
    known: tuple[float, int | None] | None = None

    def look() -> int | None:
        nonlocal known
        now = timer()
        if known is None or now - known[0] >= every:
            with read_only(), Session(engine) as session:
                known = now, read_mark(session)
        return known[1]

    return look


def _connect(engine: Engine) -> sqlite3.Connection:
    connection = sqlite3.connect(
        engine.url.database or ":memory:", isolation_level=None, timeout=5, check_same_thread=False
    )
    connection.execute("PRAGMA query_only=ON")
    return connection
