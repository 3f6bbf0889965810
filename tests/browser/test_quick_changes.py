"""Whoever changes a filter faster than the server answers sees what they chose last."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.people import Role
from tests.cast import make_person, make_series, make_touchpoint


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def desk(session, sign_in, page, live_server):
    """The browser of Olu the organizer."""
    series = make_series(session)
    make_touchpoint(session, series, datetime(2026, 12, 10, 14))
    visitor = sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))
    cookie = visitor.client.get_cookie("touchpoints")
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server}])
    return page


@pytest.mark.parametrize(
    ("path", "field", "values"),
    [
        ("/pool", "select[name=state]", ("accepted", "declined", "withdrawn")),
        ("/people", "select[name=role]", ("member", "volunteer", "organizer")),
        ("/mail", "select[name=box]", ("waiting", "sent", "parked")),
        ("/board", "input[name=q]", ("up", "upst", "upstream")),
        ("/series/thursday/rules/new", "input[name=minutes]", ("45", "60", "90")),
        ("/touchpoints/new", "input[name=until]", ("2027-01-31", "2027-02-28", "2027-03-31")),
    ],
)
def test_the_last_choice_wins_before_the_first_answer_is_there(desk, path, field, values):
    desk.goto(path)
    asked = []
    desk.route("**/*", lambda route: asked.append(route))  # noqa: PLW0108  Playwright marks its handlers
    control = desk.locator(field).first

    for value in values:
        if control.evaluate("field => field.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
            control.dispatch_event("change")
        desk.wait_for_timeout(400)

    last = asked[-1].request
    assert values[-1] in (last.post_data or last.url)
    with desk.expect_response(lambda answer: answer.url == last.url):
        asked[-1].continue_()
