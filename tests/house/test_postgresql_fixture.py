"""The server of the suite gives every test a database of its own."""

from __future__ import annotations

import psycopg
import pytest


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_an_empty_database_answers_and_has_no_tables(empty_database_url, engine_name):
    with psycopg.connect(empty_database_url) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert found == (0,)


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_copy_holds_the_template_and_leaves_it_alone(postgresql_server, engine_name):
    postgresql_server.create("mould")
    with psycopg.connect(postgresql_server.url("mould")) as connection:
        connection.execute("CREATE TABLE person (name text)")
    postgresql_server.create("cast", template="mould")
    with psycopg.connect(postgresql_server.url("cast")) as connection:
        connection.execute("INSERT INTO person VALUES ('Vera')")
    postgresql_server.drop("cast")
    with psycopg.connect(postgresql_server.url("mould")) as connection:
        assert connection.execute("SELECT name FROM person").fetchall() == []
    postgresql_server.drop("mould")
