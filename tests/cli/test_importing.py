"""flask import history: a report that a stranger can act on, and one sentence for a file that is none."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select

from app.models import Proposal, Series, Touchpoint
from tests.past_calls import RECORD


@pytest.fixture
def run(app, session, tmp_path):
    def typed(text):
        session.commit()
        file = tmp_path / "record.json"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return app.test_cli_runner().invoke(args=["import", "history", str(file)])

    return typed


def test_the_report_names_what_was_skipped_and_what_was_assumed(run):
    said, _, key = run(json.dumps(RECORD)).output.partition("Take it back: flask import undo ")
    assert re.fullmatch(r"\w{10}\n", key)
    assert said == (
        "Imported 7 calls in 4 series; 0 were there already.\n"
        "Skipped 2 calls:\n"
        "  web-year: no month is known: 2023 — Sometime\n"
        "  thu-3: it was not held: dropped — Never\n"
        "Not calls: 1 of kind in-person-event, 2 of kind slot\n"
        "What the record does not say:\n"
        "  start 15:00 UTC from the series' rule as written: web-1, web-2, web-month\n"
        "  no length is known: 60 minutes: web-1, web-2, web-month, thu-1, thu-2\n"
        "  no day is known, and pages say none: 2023-02: web-month\n"
        "  day inferred (last-Monday rule): apac-1\n"
        "  held (assumed: no notes seen): apac-1\n"
        "  no start is known: midday UTC: apac-1, thu-2\n"
        "  2 talks kept as one under the call's title: thu-1\n"
        "  GMT read as UTC: thu-1\n"
        "  no title is known: named after its series and day: thu-2\n"
    )


def test_an_empty_record_has_little_to_report(run):
    assert run('{"sessions": []}').output == "Imported 0 calls in 0 series; 0 were there already.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "record.json: The file is not an object. Nothing was imported.\n"),
        ("{", "record.json is not JSON: "),
        ("[" * 100_000, "record.json is not JSON: "),
        (b"\xff\xfe", "record.json is not JSON: "),
    ],
    ids=["other shape", "broken", "too deep", "not UTF-8"],
)
def test_a_file_that_is_no_record_is_one_sentence_and_changes_nothing(session, run, text, said):
    answer = run(text)

    assert answer.exit_code == 1
    assert said in answer.output
    assert "Traceback" not in answer.output
    assert session.query(Touchpoint).count() == 0


def test_a_file_that_is_not_there_is_said(app):
    answer = app.test_cli_runner().invoke(args=["import", "history", "nowhere.json"])

    assert "'nowhere.json' does not exist" in answer.output


def test_help_says_what_it_does(app):
    assert "so it can be run again" in app.test_cli_runner().invoke(args=["import", "history", "--help"]).output


def test_a_dry_run_says_of_each_call_what_it_would_become_and_an_import_is_taken_back(app, session, run, tmp_path):
    file = tmp_path / "again.json"
    file.write_text(json.dumps(RECORD))
    runner = app.test_cli_runner()
    said = runner.invoke(args=["import", "history", str(file), "--dry-run"]).output
    assert "Never — It was not held: dropped.\n" in said
    assert "Nothing is written." in said
    session.commit()
    assert session.scalars(select(Touchpoint)).all() == []
    key = run(json.dumps(RECORD)).output.split()[-1]
    session.commit()
    assert runner.invoke(args=["import", "undo", key]).output.endswith("rows are taken back, 0 are kept.\n")
    session.commit()
    assert [session.scalars(select(table)).all() for table in (Touchpoint, Series, Proposal)] == [[], [], []]
