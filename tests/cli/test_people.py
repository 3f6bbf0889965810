"""The command line makes the first organizer, lets people in without mail, and says what it did."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.models import Person, Speaker
from tests.cast import make_person, make_proposal


@pytest.fixture
def run(app, session):
    def run_command(*arguments):
        session.commit()
        result = app.test_cli_runner().invoke(args=["people", *arguments])
        session.expire_all()
        return result.exit_code, result.output

    return run_command


def test_the_first_organizer_comes_from_the_command_line(run, session):
    assert run("add", "Olu@Example.org", "--name", "Olu Adeyemi", "--role", "organizer") == (
        0,
        "olu@example.org (Olu Adeyemi), organizer: added.\n",
    )
    olu = session.scalars(select(Person)).one()
    assert (olu.email, olu.name, olu.role) == ("olu@example.org", "Olu Adeyemi", Role.ORGANIZER)


def test_running_it_again_says_what_it_changed(run):
    run("add", "sam@example.org")
    assert run("add", "sam@example.org")[1] == "sam@example.org (no name yet), volunteer: nothing to change.\n"
    assert run("add", "sam@example.org", "--name", "Sam", "--role", "member")[1] == (
        "sam@example.org (Sam), member: new name, new role, signed out everywhere.\n"
    )


def test_adding_an_organizer_without_a_role_does_not_take_theirs(run, session):
    olu = make_person(session, "Olu", role=Role.ORGANIZER)
    assert run("add", "olu@example.org")[0] == 0
    assert olu.role is Role.ORGANIZER


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "nonsense"), "Error: Give an e-mail address"),
        (("add", "olu@example.org", "--role", "volunteer"), "Error: There must be an organizer."),
        (("add", "sam@example.org", "--role", "king"), "Invalid value for '--role'"),
        (("sign-in-link", "nora@example.org"), "Error: Nobody here has this address."),
        (("sign-in-link", "olu@example.org", "--hours", "25"), "Invalid value for '--hours'"),
        (("list", "--role", "king"), "Invalid value for '--role'"),
    ],
)
def test_a_refusal_is_a_sentence_and_no_trace(run, session, arguments, said):
    make_person(session, "Olu", role=Role.ORGANIZER)
    status, output = run(*arguments)
    assert status != 0
    assert said in output
    assert "Traceback" not in output


@pytest.mark.parametrize(("arguments", "lasts"), [((), timedelta(minutes=10)), (("--hours", "2"), timedelta(hours=2))])
def test_a_printed_link_lets_in_once_and_in_time(run, session, clock, new_visitor, arguments, lasts):
    make_person(session, "Olu", role=Role.ORGANIZER)
    links = [run("sign-in-link", "olu@example.org", *arguments)[1] for _ in range(2)]
    paths = [re.fullmatch(r"http://localhost(/sign-in/link/\S+)\n", link)[1] for link in links]
    visitor = new_visitor()
    clock.advance(lasts - timedelta(seconds=1))
    assert visitor.post(paths[0]).headers["Location"] == "/board"
    assert new_visitor().post(paths[0]).status_code == 410
    clock.advance(timedelta(seconds=1))
    assert new_visitor().post(paths[1]).status_code == 410


def test_everybody_is_listed_by_address(run, session):
    make_person(session, "Vera")
    make_person(session, "Olu", role=Role.ORGANIZER)
    assert run("list") == (0, "organizer\tolu@example.org\tOlu\nvolunteer\tvera@example.org\tVera\n")
    assert run("list", "--role", "volunteer") == (0, "volunteer\tvera@example.org\tVera\n")


@pytest.mark.parametrize("command", ["add", "sign-in-link", "list"])
def test_every_command_explains_itself(run, command):
    status, output = run(command, "--help")
    assert status == 0
    assert len(output) > 200


def test_what_is_held_about_somebody_is_printed_for_a_letter(run, session):
    make_proposal(session)  # Sam speaks, and never signed in
    code, said = run("export", "Sam@Example.org")
    file = json.loads(said)
    assert (code, file["addresses"], len(file["data"]["speaking"])) == (0, ["sam@example.org"], 1)


def test_somebody_who_writes_a_letter_is_erased(run, session):
    make_proposal(session)
    code, said = run("erase", "sam@example.org", "--yes")
    assert (code, said.splitlines()) == (
        0,
        [
            "Your profile, your sign-ins, your calendar addresses and your subscription are deleted.",
            "1 proposal that only you gave is withdrawn and deleted.",
        ],
    )
    assert session.scalars(select(Speaker)).all() == []


def test_nobody_is_erased_by_a_slip(run, session):
    make_proposal(session)
    assert run("erase", "sam@example.org")[0] == 1
    assert len(session.scalars(select(Speaker)).all()) == 1


def test_the_last_organizer_and_what_is_no_address_are_refused(run, session):
    make_person(session, "Olu", role=Role.ORGANIZER)
    assert "There must be an organizer" in run("erase", "olu@example.org", "--yes")[1]
    assert "Give an e-mail address" in run("export", "olu")[1]


def test_after_a_restore_somebody_is_erased_again_by_the_number_in_the_log(run, session, caplog):
    sam = make_person(session, "Sam")
    number = str(sam.id)
    assert run("erase", number, "--yes")[0] == 0
    assert [record.getMessage().split(";")[0] for record in caplog.records] == [f"erased: person={number}"]
    assert "Nobody here has this number." in run("erase", number, "--yes")[1]
