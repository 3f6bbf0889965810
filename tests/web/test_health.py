"""Whoever watches the installation learns when it cannot do its work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.extensions import db
from app.mail.values import Mail
from app.services import outbox
from tests.fixtures.application import dispose


@pytest.fixture
def mail(session, site, now):
    outbox.queue_mail(session, Mail("received", "sam@example.org", "Hi", "Hi", "Hi"), dedup="one", site=site, now=now)


def answer(client, path="/readyz"):
    response = client.get(path)
    return response.status_code, response.text


def test_a_quiet_installation_is_ready(client):
    assert answer(client) == (200, "database: ok\nmail: ok\n")
    assert answer(client, "/healthz") == (200, "ok\n")


def test_mail_that_waits_for_a_quarter_of_an_hour_is_still_in_time(client, mail, clock):
    clock.advance(timedelta(minutes=15))
    assert answer(client) == (200, "database: ok\nmail: ok, the oldest has waited for 15 minutes\n")


def test_mail_that_waits_longer_is_an_alarm(client, mail, clock):
    clock.advance(timedelta(minutes=15, seconds=1))
    status, said = answer(client)
    assert status == 503
    assert said.startswith("database: ok\nmail: the oldest has waited for 15 minutes; is a worker running")


def test_mail_that_has_left_is_no_alarm(app, client, mail, session, clock):
    session.execute(text("UPDATE outbox SET state = 'sent'"))
    clock.advance(timedelta(hours=2))
    assert answer(client) == (200, "database: ok\nmail: ok\n")


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_without_its_database_it_lives_but_is_not_ready(app, client, tmp_path):
    dispose(app)
    with app.app_context():
        (tmp_path / "test.sqlite3").unlink()
        (tmp_path / "test.sqlite3").mkdir()
        assert db.engine.url.database == str(tmp_path / "test.sqlite3")
    assert answer(client) == (503, "database: no answer\n")
    assert answer(client, "/healthz") == (200, "ok\n")
