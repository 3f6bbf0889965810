"""Looking at the mark of the feeds: microseconds on SQLite, a query on a database server, and not for each request."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from time import monotonic

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.database import read_only
from app.services.queries.feeds import read_mark

Revisions = Callable[[], int | None]
"""Gives the present mark; None when there is none yet. What was committed before a look may be newer, never older."""
_MARK = "SELECT mark FROM feed_revision WHERE id = 1"


def sqlite(engine: Engine) -> Revisions:
    """Looks over connections of its own: the pool's begin and end a transaction, which costs far more.

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
        except sqlite3.Error as error:
            connection.close()
            raise OperationalError(_MARK, None, error) from error  # what the pages know as a database that is away
        idle.append(connection)
        return rows[0][0] if rows else None

    @event.listens_for(engine, "engine_disposed")
    def close(_engine: Engine) -> None:
        while idle:
            idle.pop().close()

    return look


def server(engine: Engine) -> Revisions:
    """Looks by a query through the pool."""

    def look() -> int | None:
        with read_only(), Session(engine) as session:
            return read_mark(session)

    return look


def at_most_every(seconds: float, look: Revisions, *, timer: Callable[[], float] = monotonic) -> Revisions:
    """Looks at most once in so many seconds, and gives what it saw last between: a change shows within that."""
    seen: tuple[float, int | None] | None = None

    def recent() -> int | None:
        nonlocal seen
        now = timer()
        last = seen
        if last is None or now - last[0] >= seconds:
            seen = last = now, look()  # the time before the look, or else it would count as newer than it is
        return last[1]

    return recent


def _connect(engine: Engine) -> sqlite3.Connection:
    connection = sqlite3.connect(
        engine.url.database or ":memory:", isolation_level=None, timeout=5, check_same_thread=False
    )
    connection.execute("PRAGMA query_only=ON")
    return connection
