"""How often one caller may ask; a forged address does not make another caller."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from flask import Flask

from app import create_app
from app.extensions import limiter
from tests.fixtures.application import dispose, settings_for


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.fixture
def proxies() -> str:
    """TRUSTED_PROXIES of the application."""
    return "0"


@pytest.fixture
def app(database_url, tmp_path, clock, proxies) -> Iterator[Flask]:
    """The application as it runs outside of tests, where limits of rate hold."""
    variables = {"TOUCHPOINTS_ENV": "development", "BASE_URL": "http://localhost", "TRUSTED_PROXIES": proxies}
    application = create_app(settings_for(database_url, tmp_path / "instance", **variables), clock=clock)
    limiter.reset()
    yield application
    limiter.enabled = False
    dispose(application)


def ask(visitor, number, **options):
    return visitor.post("/sign-in", {"email": f"person{number}@example.org"}, **options)


def test_one_caller_asks_for_twenty_mails_an_hour(visitor, new_visitor):
    assert [ask(visitor, number).status_code for number in range(20)] == [303] * 20
    refused = ask(new_visitor(), 21)
    assert refused.status_code == 429
    assert "There were many requests from you in a short time. Try again after" in refused.text
    assert refused.headers["Retry-After"].endswith(" GMT")
    assert refused.headers["Cache-Control"] == "no-store"


def test_one_caller_asks_for_twenty_subscriptions_an_hour(visitor):
    form = {"scope": "all", "rhythm": "once", "day_before": "yes"}
    answers = [
        visitor.post("/subscribe/by-mail", form | {"email": f"person{number}@example.org"}) for number in range(21)
    ]
    assert [answer.status_code for answer in answers] == [303] * 20 + [429]


def test_leaving_has_no_limit(client):
    answers = [client.post("/subscribe/off/forged", data={"List-Unsubscribe": "One-Click"}) for _ in range(100)]
    assert {answer.status_code for answer in answers} == {404}


def test_a_forged_address_does_not_evade_the_limit(visitor):
    numbers = count()
    forged = [
        {
            "X-Forwarded-For": f"203.0.113.{number}",
            "Forwarded": f"for=203.0.113.{number}",
            "X-Real-IP": f"203.0.113.{number}",
        }
        for number in range(40)
    ]
    answers = [ask(visitor, next(numbers), headers=headers).status_code for headers in forged]
    assert answers == [303] * 20 + [429] * 20


def test_other_callers_are_not_held_up(visitor, new_visitor):
    for number in range(21):
        ask(visitor, number)
    assert ask(new_visitor(), 22, environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 303


@pytest.mark.parametrize("proxies", ["1"])
def test_behind_a_trusted_proxy_each_visitor_counts_alone(visitor, proxies):
    # What the visitor sends stands first, what the proxy saw last.
    forged = [{"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7"} for number in range(21)]
    answers = [ask(visitor, number, headers=headers).status_code for number, headers in enumerate(forged)]
    assert answers == [303] * 20 + [429]
    assert ask(visitor, 22, headers={"X-Forwarded-For": "198.51.100.8"}).status_code == 303


def test_codes_cannot_be_tried_all_day(visitor):
    ask(visitor, 1)
    answers = [visitor.post("/sign-in/code", {"code": "x"}).status_code for _ in range(61)]
    assert answers[:6] == [422] * 5 + [410]
    assert (answers[59], answers[60]) == (410, 429)


def test_pages_and_their_checks_are_not_limited(visitor):
    assert {visitor.get("/healthz").status_code for _ in range(400)} == {200}
