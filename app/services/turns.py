"""One at a time: rules that count rows before they add one hold only if nobody adds one meanwhile."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def wait_for_turn(session: Session, *key: str) -> None:
    """Wait until no other transaction has the turn for `key`, and keep it until this one ends.

    On SQLite each writing transaction has the only turn there is (`app/database.py`). PostgreSQL has advisory locks.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(":".join(key), 0))))
