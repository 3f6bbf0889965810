"""flask import proposals: a dry run unless told otherwise, a line for each row, and the way back."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from app.cli import importing
from app.models import ImportRun, Proposal, Topic
from tests.offered import numbered, offered, pretalx

TABLE = "Name of it,Who,Mail\nUpstream first,Sam Speaker,sam@example.org\nJoin,Kim,kim@@x\n"


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def command(app, session):
    session.add(Topic(slug="ospo-strategy", name="OSPO strategy"))

    def run(*arguments):
        session.commit()
        result = app.test_cli_runner().invoke(args=["import", *map(str, arguments)])
        session.expire_all()
        return result

    return run


@pytest.fixture
def file(tmp_path):
    def written(data, name="export.json"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return written


def proposals(session):
    return session.scalar(select(func.count()).select_from(Proposal))


def key_of(session):
    return session.scalars(select(ImportRun.key)).one()


def test_a_dry_run_shows_each_row_and_is_written_and_taken_back_by_its_key(session, command, file):
    data = pretalx(offered(), offered("Taken back", code="X", state="withdrawn"))
    said = command("proposals", file(data), "--kind", "pretalx").output
    key = key_of(session)
    assert said == (
        "  new     session AB12CD: Upstream first at a railway\n"
        "  refused session X: Taken back — It was withdrawn there.\n"
        f"Dry run {key}: 1 new, 0 changed, 0 same, 1 refused. Nothing is written. Write it: flask import apply {key}\n"
    )
    assert proposals(session) == 0
    assert command("apply", key).output.endswith(f"Take it back: flask import undo {key}\n")
    assert proposals(session) == 1
    assert command("undo", key).output == "Undone: 1 rows are taken back, 0 are kept.\n"
    assert (proposals(session), command("undo", key).exit_code) == (0, 1)


def test_a_long_one_is_written_to_its_end_and_says_how_far_it_is(session, command, file):
    applied = command("proposals", file(numbered(45)), "--kind", "pretalx", "--apply", "--keep-decisions")
    assert ("20 of 45 rows" in applied.stderr, proposals(session)) == (True, 45)
    undone = command("undo", key_of(session))
    assert ("40 of 45 rows" in undone.stderr, proposals(session)) == (True, 0)


def test_what_was_changed_here_is_kept_and_says_why(session, command, file):
    command("proposals", file(pretalx(offered())), "--kind", "pretalx", "--apply")
    session.scalars(select(Proposal)).one().abstract = "Better words."
    assert command("undo", key_of(session)).output == (
        "Undone: 0 rows are taken back, 1 are kept.\n"
        "  kept  session AB12CD: Upstream first at a railway — It stays: somebody changed or decided it here since.\n"
    )


def test_columns_of_a_table_are_named_where_they_cannot_be_guessed(session, command, file):
    table = file(TABLE.encode(), "t.csv")
    options = ("--kind", "csv", "--column", "title=Name of it", "--column", "speaker-0-name=Who", "--all", "minutes=15")
    said = command(
        "proposals", table, *options, "--column", "speaker-0-email=Mail", "--apply", "--source", "Survey"
    ).output
    assert ("1 new, 0 changed, 0 same, 1 refused" in said, proposals(session)) == (True, 1)
    for wrong, why in (("title=Nowhere", "There is no column"), ("colour=Who", "There is no field")):
        assert why in command("proposals", table, "--kind", "csv", "--column", wrong).output


def test_speakers_come_from_a_second_file(session, command, file):
    people = file(json.dumps([{"ID": "SAM234", "Name": "Sam", "Email": "sam@example.org"}]).encode(), "people.json")
    sessions = file(pretalx(offered(speakers=["SAM234"])))
    assert command("proposals", sessions, "--kind", "pretalx", "--speakers", people, "--apply").exit_code == 0
    assert session.scalars(select(Proposal.email)).one() == "sam@example.org"


def test_what_cannot_be_read_is_one_sentence(command, file, monkeypatch):
    assert "This is not JSON" in command("proposals", file(b"{"), "--kind", "pretalx").output
    assert "There is no such import." in command("apply", "nothing").output
    monkeypatch.setattr(importing, "_MOST", 3)
    assert "has more than 3 bytes" in command("proposals", file(b"12345"), "--kind", "csv").output
