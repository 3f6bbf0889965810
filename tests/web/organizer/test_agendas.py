"""The page that checks agendas: upload or paste, findings by file and line, on to an import."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from app.domain.people import Role
from app.models import ImportRun, Topic
from tests.agendas import TABLE, agenda, call, row
from tests.cast import make_person


@pytest.fixture
def engine_name():
    """What the pages ask of the database is promised on both engines beside the services."""
    return "sqlite"


@pytest.fixture
def browser(session, sign_in):
    session.add(Topic(slug="wool", name="Wool"))
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


FILES = agenda(row("Friday, February 13", tag="`Wool`"), Feb_13=call(topic="Looms", more="Passcode: 4711"))


def uploaded(files):
    return [(io.BytesIO(text.encode()), path) for path, text in files.items()]


def kept(files, **more):
    return {"path": list(files), "kept": list(files.values())} | more


def test_only_organizers_check_agendas(session, sign_in, visitor):
    assert visitor.get("/agendas/lint").status_code == 303
    assert sign_in(make_person(session, "Mira Member", role=Role.MEMBER)).get("/agendas/lint").status_code == 404


def test_the_page_asks_for_files_or_a_text(browser):
    page = browser.get("/agendas/lint")
    assert (page.status_code, "findings" in page.text) == (200, False)


def test_findings_stand_by_file_and_line_and_nothing_is_kept(session, browser):
    page = browser.post("/agendas/lint", {"files": uploaded(FILES)})

    assert page.status_code == 200
    for said in (
        "5 findings in 2 files",
        "13 February 2025 is a Thursday, not a Friday.",
        "“Looms” here, “Looms for all” in Agenda_2025/README.md:5.",
        '<code class="small">Passcode: [hidden]</code>',
        '<code class="small">💡 **Topic**: Looms</code>',
    ):
        assert said in page.text
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_one_kind_is_shown_alone(browser):
    page = browser.post("/agendas/lint", kept(FILES, kind="TP302"))
    assert (page.text.count("<tr>"), "TP302 Table and file" in page.text, "is a Thursday" in page.text) == (
        2,
        True,
        False,
    )
    assert browser.post("/agendas/lint", kept(FILES, kind="error")).text.count("<tr>") == 4


def test_a_pasted_text_is_checked(browser):
    page = browser.post("/agendas/lint", {"text": "| Date | Topic |\r\n|---|---|\r\n| 2025-02-13 (Friday) | TBA |\r\n"})
    assert "13 February 2025 is a Thursday, not a Friday." in page.text
    assert "Nothing is wrong" in browser.post("/agendas/lint", {"text": "Hello"}).text


def test_many_findings_are_shown_to_a_point(browser, monkeypatch):
    monkeypatch.setattr("app.web.organizer.agendas.SHOWN", 2)
    page = browser.post("/agendas/lint", kept(FILES))
    assert "The first 2 of 5 are shown" in page.text


@pytest.mark.parametrize("path", ["/agendas/lint", "/agendas/import"])
def test_what_cannot_be_read_is_said_with_the_text_kept(browser, path):
    page = browser.post(path, {"files": [(io.BytesIO(b"\xff\xfe"), "a.md")], "text": "typed"})
    assert (page.status_code, "a.md is not written in UTF-8" in page.text, "typed" in page.text) == (422, True, True)


def test_an_import_begins_as_a_dry_run(session, browser):
    answer = browser.post("/agendas/import", kept(FILES, zone="Asia/Tokyo", clock="usual"))
    run = session.scalars(select(ImportRun)).one()
    assert (answer.status_code, answer.location) == (303, f"/imports/{run.key}")
    assert run.settings == {"zone": "Asia/Tokyo", "clock": "usual"}
    assert "is a Thursday, not a Friday. (TP101)" in browser.get(f"/imports/{run.key}").text


def test_an_import_of_nothing_is_refused_and_unknown_choices_are_the_usual(session, browser):
    page = browser.post("/agendas/import", {"text": "Hello"})
    assert (page.status_code, "There is no call in these files" in page.text) == (422, True)
    browser.post("/agendas/import", kept({TABLE: FILES[TABLE]}, zone="Nowhere", clock="x"))
    assert session.scalars(select(ImportRun)).one().settings == {"zone": "Europe/Madrid", "clock": "written"}
