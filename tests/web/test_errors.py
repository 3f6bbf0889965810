"""Every error is a page in the house's words, and never more than it should say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask, abort, redirect
from jinja2 import TemplateError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import ServiceUnavailable

from app.domain.errors import Conflict, Gone, InvalidInput, NotAllowed, NotFound, RuleViolation, TooMany
from app.extensions import db
from app.web.errors import status_of
from app.web.guards import public
from tests.cast import make_person

HTMX = {"HX-Request": "true"}
AGAIN = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)

VERA = "vera@example.org"


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.fixture
def failing(app: Flask):
    """Makes the address /fail end in `error`."""

    def fail(error: Exception):
        @public
        def view():
            raise error

        app.add_url_rule("/fail", "fail", view)
        app.add_url_rule("/fail.ics", "fail_feed", view)
        return app.test_client()

    return fail


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuleViolation("Too late for that."), 422),
        (InvalidInput({"title": "Too late for that."}), 422),
        (Conflict("Too late for that."), 409),
        (NotFound("Too late for that."), 404),
        (Gone("Too late for that."), 410),
        (NotAllowed("Too late for that."), 403),
        (TooMany("Too late for that."), 429),
    ],
)
def test_a_refusal_is_shown_in_its_own_words(failing, error, status):
    client = failing(error)
    assert status_of(error) == status
    for answer in (client.get("/fail"), client.get("/fail", headers=HTMX), client.get("/fail.ics")):
        assert (answer.status_code, "Too late for that." in answer.text) == (status, True)
        assert answer.headers["Cache-Control"] == "no-store"
    assert "<h1>" in client.get("/fail").text
    assert "<html" not in client.get("/fail", headers=HTMX).text
    assert client.get("/fail.ics").content_type == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("zone", "words"), [("", "Try again after 10:30 UTC."), ("Asia/Kolkata", "Try again after 16:00 IST.")]
)
def test_who_asks_too_often_reads_when_to_try_again(failing, zone, words):
    client = failing(TooMany("Five mails are enough.", again_at=AGAIN))
    client.set_cookie("tz", zone)
    answer = client.get("/fail")
    assert f"Five mails are enough. {words}" in answer.text
    assert answer.headers["Retry-After"] == "Mon, 23 Nov 2026 10:30:00 GMT"


def test_a_row_that_somebody_else_changed_is_a_conflict(failing):
    answer = failing(StaleDataError("UPDATE on table 'person' expected 1")).get("/fail")
    assert (answer.status_code, "person" in answer.text) == (409, False)


def test_a_race_that_a_unique_rule_decided_is_a_conflict_and_logs_no_value(failing, caplog):
    cause = ValueError("DETAIL: Key (email)=(vera@example.org) already exists.")
    answer = failing(IntegrityError("INSERT", {"email": "vera@example.org"}, cause)).get("/fail")
    assert answer.status_code == 409
    assert "vera@example.org" not in answer.text + caplog.text


def test_a_database_that_does_not_answer_is_unavailable_for_a_while(failing, caplog):
    answer = failing(OperationalError("SELECT", {}, ValueError("database is locked"))).get("/fail")
    assert (answer.status_code, "locked" in answer.text) == (503, False)


def test_without_a_database_somebody_signed_in_reads_plain_words(app, session, sign_in):
    visitor = sign_in(make_person(session, "Vera"))
    session.execute(text("DROP TABLE sign_in"))
    session.commit()
    answer = visitor.get("/profile")
    assert (answer.status_code, answer.content_type) == (503, "text/plain; charset=utf-8")
    assert "sign_in" not in answer.text


def test_the_unexpected_says_nothing_and_is_logged(failing, caplog):
    answer = failing(RuntimeError("secret detail")).get("/fail")
    assert (answer.status_code, "secret detail" in answer.text) == (500, False)
    assert "RuntimeError" in caplog.text
    assert "secret detail" not in caplog.text
    assert "endpoint=fail" in caplog.text


def test_where_even_the_error_page_breaks_there_are_plain_words(app, failing):
    client = failing(RuntimeError())

    @app.context_processor
    def broken():
        raise TemplateError("the layout is broken")

    answer = client.get("/fail")
    assert (answer.status_code, answer.text) == (500, "Something broke on our side. Nothing was written.\n")


def test_the_log_holds_no_parameters_of_a_statement(app, caplog):
    @public
    def view():
        db.session.execute(text("SELECT no_such_column FROM person WHERE email = :email"), {"email": VERA})

    app.add_url_rule("/fail", "fail", view)
    app.test_client().get("/fail")
    assert "no_such_column" in caplog.text
    assert VERA not in caplog.text


def test_nothing_of_a_refused_request_is_written(app, session):
    @public
    def view():
        make_person(db.session(), "Eve")
        raise RuleViolation("No.")

    app.add_url_rule("/fail", "fail", view, methods=["POST"])
    visitor = app.test_client()
    page = visitor.get("/sign-in").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert visitor.post("/fail", data={"csrf_token": token}).status_code == 422
    assert session.execute(text("SELECT count(*) FROM person")).scalar_one() == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 415, 418, 429, 500, 503])
def test_every_status_has_a_page(app, status):
    @public
    def view():
        abort(status)

    app.add_url_rule("/fail", "fail", view)
    answer = app.test_client().get("/fail")
    assert (answer.status_code, "<h1>" in answer.text) == (status, True)


def test_a_redirect_is_no_error(app):
    @public
    def view():
        abort(redirect("/schedule"))

    app.add_url_rule("/fail", "fail", view)
    assert app.test_client().get("/fail").headers["Location"] == "/schedule"


def test_an_error_keeps_the_headers_that_it_came_with(app):
    @public
    def view():
        raise ServiceUnavailable(retry_after=60)

    app.add_url_rule("/fail", "fail", view)
    answer = app.test_client().get("/fail")
    assert (answer.headers["Retry-After"], answer.content_type) == ("60", "text/html; charset=utf-8")


def test_the_wrong_method_says_which_are_right(client):
    answer = client.post("/schedule")
    assert answer.status_code in {400, 405}
    assert sorted(client.get("/sign-out").headers["Allow"].split(", ")) == ["OPTIONS", "POST"]


def test_markup_in_a_refusal_is_text(failing):
    assert "<script>alert" not in failing(RuleViolation("<script>alert(1)</script>")).get("/fail").text
