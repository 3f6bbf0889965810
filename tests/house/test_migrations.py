"""Rules for migrations: they make exactly what the models say, step by step, forwards and back, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, inspect, text

from app import create_app
from app.extensions import db
from tests.fixtures.application import dispose, settings_for


@pytest.fixture
def unmigrated(empty_database_url: str, tmp_path) -> Iterator[Flask]:
    """An application whose database has no table yet; its context is open."""
    application = create_app(settings_for(empty_database_url, tmp_path / "instance"))
    with application.app_context():
        yield application
    dispose(application)


def revisions() -> list[str]:
    scripts = ScriptDirectory("migrations")
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def checks_of(connection: Connection) -> dict[str, set[str]]:
    """The named rules of each table, which Alembic does not compare."""
    inspector = inspect(connection)
    return {
        table: {str(check["name"]) for check in inspector.get_check_constraints(table)}
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_migrations_are_one_line_of_numbers():
    scripts = ScriptDirectory("migrations")
    assert len(scripts.get_heads()) == 1
    numbers = [int(script.path.rpartition("/")[2][:4]) for script in reversed(list(scripts.walk_revisions()))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_migrated_database_is_what_the_models_say(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_the_migrated_database_has_the_rules_of_the_models(app, unmigrated):
    db.create_all()
    with db.engine.connect() as connection:
        said = checks_of(connection)
    with app.app_context(), db.engine.connect() as connection:
        assert checks_of(connection) == said


def test_each_migration_can_be_taken_back_and_made_again(unmigrated):
    flask_migrate.upgrade(revision="head")
    for _ in revisions():
        flask_migrate.downgrade(revision="-1")
    with db.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    for revision in revisions():
        flask_migrate.upgrade(revision=revision)
        flask_migrate.downgrade(revision="-1")
        flask_migrate.upgrade(revision=revision)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
