"""Rules for routes: every view says who may call it, and none may be called from somebody else's page."""

from __future__ import annotations

import pytest

from app.domain.permissions import Permission


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


def test_every_view_says_who_may_call_it(app):
    known = {"public", *(permission.value for permission in Permission)}
    silent = {
        endpoint for endpoint, view in app.view_functions.items() if getattr(view, "__access__", None) not in known
    }
    assert silent == set()


def test_one_view_is_exempt_from_the_protection_against_forged_requests(app):
    """The one click of mail programs (RFC 8058), whose signed address is the permission for all that it can do."""
    csrf = app.extensions["csrf"]
    assert (csrf._exempt_views, csrf._exempt_blueprints) == ({"app.web.public.subscribing.leave_at_once"}, set())


def test_views_answer_to_what_a_form_without_javascript_can_send(app):
    # HEAD and OPTIONS come by themselves with GET.
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods}
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}
