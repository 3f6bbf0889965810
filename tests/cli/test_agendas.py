"""flask agenda lint and import: what is said, in which form, with which exit code, of files of any kind."""

from __future__ import annotations

import json
import os

import pytest
from sqlalchemy import func, select

from app.models import Touchpoint
from tests.agendas import TABLE, agenda, call, row


@pytest.fixture
def engine_name():
    """What these commands ask of the database is promised on both engines beside the services."""
    return "sqlite"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with an agenda in it that has one error, one warning and one notice."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, agenda(row(day="Friday, February 13"), Feb_13=call(region="APAC & EMEA", more="- Meeting ID:")))
    return tmp_path


@pytest.fixture
def run(app, session):
    def typed(*words):
        session.commit()
        return app.test_cli_runner().invoke(args=["agenda", *words])

    return typed


def write(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())


def test_findings_are_said_with_their_line_and_counted(run, folder):
    said = run("lint", ".", "--today", "2025-01-01")
    assert said.exit_code == 1
    assert said.output == (
        "Agenda_2025/Feb-13.md:1:4: TP304 notice: APAC & EMEA here, EMEA & APAC in Agenda_2025/README.md:5.\n"
        "    ## APAC & EMEA Touchpoint\n"
        "Agenda_2025/Feb-13.md:19:14: TP603 warning: Nothing stands behind the label “meeting id”.\n"
        "    - Meeting ID:\n"
        "Agenda_2025/README.md:5:3: TP101 error: 13 February 2025 is a Thursday, not a Friday.\n"
        "    | Friday, February 13 | EMEA & APAC | 12:00 PM | Ada Miller, Weavers | [Looms for all](./Feb-13.md)"
        " | `Strategy` | TBA |\n"
        "    1  TP101 The weekday does not match the date (error)\n"
        "    1  TP304 Table and file name the regions in another order (notice)\n"
        "    1  TP603 Something is missing (warning)\n"
        "2 files, 1 error, 1 warning and 1 notice.\n"
    )


def test_github_shows_findings_at_their_lines(run, folder):
    write(folder, {"Agenda_2025/Feb-13.md": call(topic="100%")})
    said = run("lint", "Agenda_2025", "missing.md", "--today", "2025-01-01", "--format", "github").output.splitlines()
    assert said[0] == "::error file=missing.md,title=TP100::missing.md is not there."
    assert said[1] == (
        "::warning file=Agenda_2025/Feb-13.md,line=6,col=14,title=TP302 Table and file give different titles::“100%25” "
        "here, “Looms for all” in Agenda_2025/README.md:5."
    )


def test_programs_read_json(run, folder):
    said = run(
        "lint", "Agenda_2025/README.md", "missing.md", "--format", "json", "--tag", "Strategy", "--today", "2025-01-01"
    )
    whole = json.loads(said.output)
    assert (said.exit_code, whole["files"], whole["counts"]) == (2, 1, {"TP101": 1})
    assert whole["unreadable"] == [{"file": "missing.md", "why": "is not there"}]
    assert whole["findings"][0] | {"source": ""} == {
        "file": "Agenda_2025/README.md",
        "line": 5,
        "column": 3,
        "code": "TP101",
        "severity": "error",
        "title": "The weekday does not match the date",
        "message": "13 February 2025 is a Thursday, not a Friday.",
        "source": "",
    }


def test_an_agenda_without_an_error_ends_well(run, folder):
    write(folder, agenda(row(), Feb_13=call(topic="Looms")))
    assert run("lint", ".", "--today", "2025-01-01").exit_code == 0
    assert run("lint", ".").exit_code == 0


def test_lint_needs_no_database(app, folder, monkeypatch):
    monkeypatch.setattr("app.extensions.db.session", None)
    assert app.test_cli_runner().invoke(args=["agenda", "lint", "."]).exit_code == 1


def test_whatever_cannot_be_read_is_said(run, folder):
    write(
        folder,
        {
            "a/latin.md": b"M\xfcller",
            "a/nul.md": b"\0",
            "a/large.md": b"a" * 300_000,
            "a/note.txt": b"\0",
            "a/.git/x.md": b"\0",
        },
    )
    (folder / "a" / "nowhere.md").symlink_to("gone.md")
    (folder / "outside.md").write_bytes(b"\0")
    (folder / "a" / "outside.md").symlink_to(folder / "outside.md")
    os.mkfifo(folder / "a" / "pipe.md")
    said = run("lint", "a")
    assert (said.exit_code, said.output.splitlines()) == (
        2,
        [
            "a/large.md has more than 150,000 bytes, which no agenda has.",
            "a/latin.md is not written in UTF-8: line 1 has a byte that is none. Save it as UTF-8.",
            "a/nowhere.md is a link that leads nowhere.",
            "a/nul.md is not text: it has zero bytes in it.",
            "a/pipe.md is no file.",
            "0 files, 0 errors, 0 warnings and 0 notices.",
        ],
    )


@pytest.fixture
def as_somebody_else():
    """Be nobody where the test runs as root, to whom nothing is closed."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


def test_what_this_user_may_not_read_is_said(run, folder, request):
    write(folder, {"a/closed.md": "x", "b/x.md": "y"})
    run("lint", "a", "b")  # whatever is imported for it may lie where nobody else may read
    folder.chmod(0o755)
    (folder / "a" / "closed.md").chmod(0)
    (folder / "b").chmod(0)
    request.getfixturevalue("as_somebody_else")
    said = run("lint", "a", "b").output
    assert "a/closed.md is a file that this user may not read." in said
    assert "b is a folder that this user may not read." in said


def test_a_folder_of_everything_is_too_much(run, folder, monkeypatch):
    monkeypatch.setattr("app.cli.agenda_files.MAX_FILES", 1)
    assert run("lint", ".").output.splitlines()[0] == ". has more than 1 files of Markdown: name a folder below it."


def test_a_dry_run_of_an_import_writes_no_call(run, session, folder):
    said = run("import", ".")
    assert (said.exit_code, said.output) == (
        0,
        (
            " refused  13 Feb 2025, Touchpoint EMEA & APAC: Looms for all (Agenda_2025/README.md, line 5)\n"
            "          13 February 2025 is a Thursday, not a Friday. (TP101)\n"
            "0 new, 0 changed, 0 same, 1 refused.\n"
            "A dry run: nothing was written. Add --apply.\n"
        ),
    )
    assert run("import", ".", "--apply").output.endswith("There was nothing to write.\n")


def test_an_import_is_written_when_that_is_asked_for(run, session, folder):
    write(folder, {TABLE: agenda(row(), *(row(f"March {day}", topic="TBA") for day in range(1, 31)))[TABLE]})
    said = run("import", ".", "--apply", "--clock", "usual", "--zone", "Europe/Berlin")
    assert "31 new, 0 changed, 0 same, 0 refused.\nWritten. To undo it, open /imports/" in said.output
    assert session.scalar(select(func.count()).select_from(Touchpoint)) == 31


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--zone", "Nowhere", "."], "Nowhere is no time zone, like Europe/Madrid."),
        (["missing.md"], "missing.md is not there."),
        (["empty.md"], "There is nothing in it to import."),
    ],
)
def test_an_import_that_cannot_be_says_why(run, folder, words, said):
    write(folder, {"empty.md": ""})
    answer = run("import", *words)
    assert (answer.exit_code > 0, said in answer.output) == (True, True)
