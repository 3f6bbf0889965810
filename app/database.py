"""How transactions begin on each engine: who may write, who waits, and that reading requests write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert

_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def read_only() -> Iterator[None]:
    """Transactions begun inside cannot write: the database itself refuses (docs/adr/0011)."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def insert_into(session: Session, table: type[Any]) -> Insert:
    """The INSERT of the session's own engine, with ON CONFLICT; the other engine's dialect stays unloaded."""
    dialect = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}")
    return cast("Insert", dialect.insert(table))


def listen() -> None:
    """Prepare every engine made from now on."""
    event.listen(Engine, "connect", _prepare_sqlite)
    event.listen(Engine, "begin", _begin)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not _is_sqlite(connection):
        return
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin` does
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    reading = _reading.get()
    if connection.dialect.name == "sqlite":
        # A deferred transaction that reads and then writes fails at once when another wrote meanwhile, whatever the
        # busy timeout: whoever may write takes the lock first.
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
    elif reading:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _is_sqlite(connection: Any) -> bool:
    return type(connection).__module__.startswith("sqlite3")
