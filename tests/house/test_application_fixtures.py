"""The fixtures of the application fit together on both engines."""

from __future__ import annotations

from sqlalchemy import text


def test_a_client_reaches_a_migrated_application(client):
    assert client.get("/readyz").status_code == 200


def test_a_request_commits_the_session_of_the_test_and_leaves_it_fresh(session, client):
    session.execute(text("UPDATE alembic_version SET version_num = version_num"))
    assert session.in_transaction()
    client.get("/readyz")
    assert not session.in_transaction()


def test_every_test_has_a_database_of_its_own(session, settings, now):
    tables = session.execute(text("SELECT count(*) FROM person")).scalar_one()
    session.execute(text("DROP TABLE alembic_version"))
    session.commit()
    assert tables == 0


def test_a_real_server_answers_at_the_address_that_links_have(live_server, settings, page):
    response = page.goto("/healthz")
    assert (live_server, response.status) == (settings.base_url, 200)
