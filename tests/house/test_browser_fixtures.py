"""The browser of the suite is real, gives each visitor its own cookies, and does not overlook errors."""

from __future__ import annotations

import pytest


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


def test_visitors_do_not_share_cookies(new_page):
    first, second = new_page(), new_page()
    for page in (first, second):
        page.goto("/healthz")
    first.context.add_cookies([{"name": "who", "value": "vera", "url": first.url}])
    assert [cookie["name"] for cookie in second.context.cookies()] == []


def test_what_is_wrong_for_assistive_technology_is_found(page, violations):
    page.goto("/healthz")
    page.set_content("<title>Calls</title><main><h1>Calls</h1><img src='data:,'></main>")
    assert violations(page) == ["html-has-lang: ['html']", "image-alt: ['img']"]


def test_an_error_that_a_page_throws_is_noted(page, page_errors):
    page.goto("/healthz")
    with page.context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') }, 0)")
    assert page_errors == ["broken"]
    page_errors.clear()


@pytest.mark.allows_console_errors("broken by design")
def test_an_error_that_is_announced_does_not(page, page_errors):
    page.goto("/healthz")
    with page.context.expect_event("console"):
        page.evaluate("console.error('broken by design')")
    assert page_errors == []
