"""Alembic's entry: runs the numbered migrations on the app's engine."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app.models.archive import is_of_the_models

config = context.config
migrate = current_app.extensions["migrate"]
metadata = migrate.db.metadata


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # A batch rebuild drops the old table: with foreign keys on, that would delete the children (docs/adr/0012).
        _raw(connection, "PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=sqlite,
        compare_type=True,
        include_name=is_of_the_models,
    )
    with context.begin_transaction():
        if not sqlite:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"the migration leaves {len(broken)} rows without their parent: {broken[:3]}")
    connection.commit()
    if sqlite:
        _raw(connection, "PRAGMA foreign_keys=ON")


def _raw(connection: Connection, statement: str) -> None:
    """Outside any transaction, where SQLite listens to this pragma."""
    connection.connection.cursor().execute(statement)


with migrate.db.engine.connect() as connection:
    run(connection)
