"""Rules for every address there is: no write without a form of ours, nothing for whoever may not, no foreign host.

They walk over the routes themselves, so that one written tomorrow is held to them.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from app.domain.people import Role
from app.domain.permissions import Permission, may
from app.extensions import db
from tests.cast import make_person

HTMX = {"HX-Request": "true"}


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


def paths(app: Flask, method: str) -> dict[str, str]:
    """One path for each endpoint that answers to `method`, its parameters filled with what fits."""
    adapter = app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if method in rule.methods]
    return {rule.endpoint: adapter.build(rule.endpoint, _filled(rule), method=method) for rule in rules}


def forms(app: Flask) -> dict[str, str]:
    """What is sent by forms: all that answers to POST, without the one click of mail programs (RFC 8058)."""
    return {endpoint: path for endpoint, path in paths(app, "POST").items() if endpoint != "public.leave_at_once"}


def _filled(rule: Rule) -> dict[str, object]:
    return {name: _fitting(rule._converters[name]) for name in rule.arguments}


def _fitting(converter: BaseConverter) -> object:
    match converter:
        case IntegerConverter():
            return 1
        case AnyConverter():
            return min(converter.items)
    return "2026-12-03"  # a day for those that are, a key that nobody has for the others


def access_of(app: Flask, endpoint: str) -> str:
    return app.view_functions[endpoint].__access__


def every_row(session):
    session.rollback()
    return {
        table.name: session.execute(text(f"SELECT * FROM {table.name} ORDER BY id")).all()
        for table in db.metadata.sorted_tables
        if "id" in table.columns
    }


@pytest.fixture
def olu(session, sign_in):
    return sign_in(make_person(session, "Olu", role=Role.ORGANIZER))


@pytest.mark.parametrize("visitors", ["olu", "visitor"])
@pytest.mark.parametrize(
    "forged",
    [
        {"data": {}},
        {"data": {"csrf_token": ""}},
        {"data": {"csrf_token": "forged"}},
        {"data": "csrf_token=x", "content_type": "text/plain"},
        {"json": {"csrf_token": "x"}},
        {"data": {}, "headers": {**HTMX, "X-CSRFToken": "forged"}},
    ],
    ids=["none", "empty", "forged", "text/plain", "JSON", "htmx"],
)
def test_no_view_writes_without_the_token_of_its_own_page(app, session, request, visitors, forged):
    visitor = request.getfixturevalue(visitors)
    visitor.token()
    before = every_row(session)
    statuses = {path: visitor.client.post(path, **forged).status_code for path in forms(app).values()}
    assert {path: status for path, status in statuses.items() if status != 400} == {}
    assert every_row(session) == before


def test_no_view_takes_the_token_of_somebody_else(app, olu, new_visitor):
    token = new_visitor().token()
    statuses = {olu.client.post(path, data={"csrf_token": token}).status_code for path in forms(app).values()}
    assert statuses == {400}


def test_a_stranger_is_asked_to_sign_in_wherever_a_permission_is_needed(app, visitor):
    token = visitor.token()
    for method, send in (("GET", visitor.get), ("POST", visitor.client.post)):
        options = {"data": {"csrf_token": token}} if method == "POST" else {}
        for endpoint, path in paths(app, method).items():
            if access_of(app, endpoint) == "public":
                continue
            plain, swapped = send(path, **options), send(path, **options, headers=HTMX)
            assert (plain.status_code, plain.headers["Location"].partition("?")[0]) == (303, "/sign-in"), endpoint
            assert (swapped.status_code, swapped.headers["HX-Redirect"].partition("?")[0]) == (401, "/sign-in"), (
                endpoint
            )
            assert (plain.headers["Cache-Control"], swapped.text) == ("no-store", ""), endpoint


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MEMBER])
def test_whoever_lacks_the_permission_finds_nothing(app, session, sign_in, role):
    visitor = sign_in(make_person(session, "Vera", role=role))
    token = visitor.token()
    tried = 0
    for method, send in (("GET", visitor.get), ("POST", visitor.client.post)):
        options = {"data": {"csrf_token": token}} if method == "POST" else {}
        for endpoint, path in paths(app, method).items():
            access = access_of(app, endpoint)
            if access == "public" or may(role, Permission(access)):
                continue
            tried += 1
            for headers in ({}, HTMX):
                assert send(path, **options, headers=headers).status_code == 404, endpoint
    assert tried > 20


def test_no_page_of_ours_breaks_on_what_is_not_there(app, olu):
    answers = {path: olu.get(path).status_code for path in paths(app, "GET").values()}
    assert {path: status for path, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "NONSENSE"])
def test_other_methods_are_refused(client, method):
    for path in ("/", "/sign-in", "/calendar/all.ics"):
        answer = client.open(path, method=method)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


def test_head_and_options_answer_without_a_body(client):
    for path in ("/", "/sign-in", "/calendar/all.ics", "/healthz"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.data, head.content_type) == (200, b"", get.content_type)
        options = client.options(path)
        assert (options.status_code, "GET" in options.headers["Allow"]) == (200, True)
