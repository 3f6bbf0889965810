"""flask agenda export: what a job that commits the difference sees."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.states import ProposalState, TalkState
from app.services.publishing import publish_touchpoint
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def run(app, session):
    def typed(*arguments):
        session.commit()
        return app.test_cli_runner().invoke(args=["agenda", "export", *map(str, arguments)])

    return typed


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "agendas"
    made.mkdir()
    return made


@pytest.fixture
def calls(session, site, now):
    series = make_series(session)
    made = [make_touchpoint(session, series, at) for at in (datetime(2026, 12, 10, 14), datetime(2027, 1, 14, 14))]
    make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), made[0], state=TalkState.CONFIRMED)
    for call in made:
        publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return made


def test_every_year_and_what_comes_next_is_written_once(run, calls, folder):
    first = run(folder)
    assert first.output == (
        "wrote: Agenda_2026/Dec-10.md\nwrote: Agenda_2026/README.md\n"
        "wrote: Agenda_2027/Jan-14.md\nwrote: Agenda_2027/README.md\n"
        "wrote: Newsletter.md\nwrote: Next-Calls.md\n"
    )
    assert first.exit_code == 0
    again = run(folder)
    assert (again.exit_code, again.output) == (0, "Nothing to change.\n")


def test_the_time_of_the_day_changes_nothing(run, calls, folder, clock):
    run(folder)
    clock.now = clock.now.replace(hour=23, minute=59)
    assert run(folder).output == "Nothing to change.\n"


def test_one_year_alone(run, calls, folder):
    assert run(folder, "--year", 2027).output == "wrote: Agenda_2027/Jan-14.md\nwrote: Agenda_2027/README.md\n"
    assert sorted(path.name for path in folder.iterdir()) == [".touchpoints", "Agenda_2027"]


def test_a_check_says_by_its_exit_code_what_would_change(run, calls, folder):
    asked = run(folder, "--check", "--year", 2027)
    assert (asked.exit_code, asked.output) == (
        3,
        "would write: Agenda_2027/Jan-14.md\nwould write: Agenda_2027/README.md\n",
    )
    run(folder)
    assert run(folder, "--check").exit_code == 0


def test_what_was_kept_by_hand_is_taken_over_only_when_asked(run, calls, folder):
    (folder / "Next-Calls.md").write_text("by hand")
    refused = run(folder)
    assert (refused.exit_code, "not written by Touchpoints" in refused.output) == (1, True)
    assert run(folder, "--take-over").exit_code == 0
