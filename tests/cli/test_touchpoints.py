"""flask touchpoints: what a stranger types, and what they read."""

from __future__ import annotations

import pytest

from app.models import Touchpoint
from tests.cast import make_series


@pytest.fixture
def run(app, session):
    def typed(*arguments):
        session.commit()
        return app.test_cli_runner().invoke(args=["touchpoints", *arguments])

    return typed


def test_opening_names_each_date_and_a_second_time_finds_nothing(session, run):
    make_series(session)

    assert run("open", "--until", "2026-12-31").output == (
        "Thursday: Thursday 3 December 2026, 14:00–15:00 Madrid\n"
        "Thursday: Thursday 17 December 2026, 14:00–15:00 Madrid\n"
        "Thursday: Thursday 31 December 2026, 14:00–15:00 Madrid\n"
        "3 touchpoints opened.\n"
    )
    again = run("open", "--until", "2026-12-31")
    assert (again.output, again.exit_code) == ("Nothing to open: no series gives a new date up to that day.\n", 0)
    assert session.query(Touchpoint).count() == 3


def test_one_series_is_opened_by_its_address(session, run):
    make_series(session)
    make_series(session, "friday", rrule="FREQ=MONTHLY;BYDAY=1FR")

    assert run("open", "--until", "2026-12-31", "--series", "friday").output == (
        "Friday: Friday 4 December 2026, 14:00–15:00 Madrid\n1 touchpoint opened.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--until", "2029-01-01"), "Error: Choose a day from today to 24 months ahead.\n"),
        (("--until", "2026-12-31", "--series", "monday"), "Error: There is no such series.\n"),
        (("--until", "soon"), "Error: Invalid value for '--until': 'soon' does not match the format '%Y-%m-%d'.\n"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run, arguments, said):
    answer = run("open", *arguments)

    assert answer.output.endswith(said)
    assert answer.exit_code != 0
    assert "Traceback" not in answer.output


def test_help_says_what_it_does(run):
    assert "run it as often as you" in run("open", "--help").output
