"""The pages of imports: upload or paste, columns, the dry run row by row, apply, undo; nothing breaks them."""

from __future__ import annotations

import io
import json
import re

import pytest
from sqlalchemy import event, func, select

from app.domain.people import Role
from app.domain.states import ImportState
from app.extensions import db
from app.models import ImportRun, Proposal, Topic
from app.services.importing.running import continue_imports
from tests.cast import make_person
from tests.offered import ISSUE, numbered, offered, pretalx

TABLE = "Titel;Speaker;E-mail\nUpstream first;Sam Speaker;sam@example.org\nJoin;Kim;kim@@x\n"


@pytest.fixture
def engine_name():
    """What the pages ask of the database is promised on both engines beside the services."""
    return "sqlite"


@pytest.fixture
def browser(session, sign_in):
    session.add(Topic(slug="ospo-strategy", name="OSPO strategy"))
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def upload(browser):
    def uploaded(data, kind="pretalx", **form):
        return browser.post("/imports", {"kind": kind, "file": (io.BytesIO(data), "export.json"), **form})

    return uploaded


def run_of(session):
    session.expire_all()
    return session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()


def proposals(session):
    return session.scalar(select(func.count()).select_from(Proposal))


def act(browser, run, what, version=None):
    return browser.post(f"/imports/{run.key}/{what}", {"version": run.version if version is None else version})


def test_only_organizers_import(session, sign_in, visitor):
    member = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))
    for path in ("/imports", "/imports/new"):
        assert (visitor.get(path).status_code, member.get(path).status_code) == (303, 404)
    assert member.post("/imports", {"kind": "csv", "text": TABLE}).status_code == 404


def test_a_file_is_shown_row_by_row_applied_and_undone(session, browser, upload):
    answer = upload(pretalx(offered(), offered("Without a code", code="", state="withdrawn")))
    run = run_of(session)
    assert (answer.status_code, answer.location) == (303, f"/imports/{run.key}")

    page = browser.get(answer.location).text
    assert ("1 of 2 rows would be written" in page, "It was withdrawn there." in page) == (True, True)
    assert act(browser, run, "apply").status_code == 303
    page = browser.get(f"/imports/{run.key}").text
    key = session.scalars(select(Proposal.key)).one()
    assert ("New, written" in page, f'href="/pool/{key}"' in page, "by Olu Organizer" in page) == (True, True, True)
    assert act(browser, run_of(session), "undo").status_code == 303
    assert ("New, undone" in browser.get(f"/imports/{run.key}").text, proposals(session)) == (True, 0)
    assert "export.json" in browser.get("/imports").text


def test_rows_are_filtered_and_paged(session, browser, upload):
    upload(numbered(60))
    key = run_of(session).key
    assert browser.get(f"/imports/{key}?show=new&page=2").text.count('<tr id="row-') == 10
    assert "No row here" in browser.get(f"/imports/{key}?show=same&page=9").text


def test_a_pasted_issue_comes_in_with_its_address(session, browser):
    form = {"kind": "issue-form", "text": ISSUE, "address": "https://github.com/todo/calls/issues/51"}
    assert browser.post("/imports", form).status_code == 303
    assert run_of(session).rows[0].key == "issue-form:todo/calls#51"


def test_speakers_come_from_a_second_file(session, upload):
    people = json.dumps([{"ID": "SAM234", "Name": "Sam", "Email": "sam@example.org"}]).encode()
    upload(pretalx(offered(speakers=["SAM234"])), speakers=(io.BytesIO(people), "speakers.json"))
    assert run_of(session).rows[0].payload["item"]["speakers"][0]["email"] == "sam@example.org"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Choose what it is."),
        ({"kind": "agenda", "text": "x"}, "Choose what it is."),
        ({"kind": "csv", "text": ""}, "There is nothing in it to import."),
        ({"kind": "pretalx", "text": "[" * 100_000}, "nested too deeply"),
        ({"kind": "sessionize", "text": "{"}, "This is not JSON"),
        ({"kind": "csv", "file": (io.BytesIO(b"PK\x03\x04" + bytes(900)), "x.zip")}, "ZIP archive or an Excel file"),
        ({"kind": "csv", "file": (io.BytesIO(bytes(range(256)) * 20), "x.bin")}, "This is no text file."),
    ],
)
def test_what_cannot_be_read_comes_back_with_what_was_typed(session, browser, form, said):
    answer = browser.post("/imports", {**form, "address": "https://example.org/kept"})

    assert (answer.status_code, said in answer.text, "https://example.org/kept" in answer.text) == (422, True, True)
    assert run_of(session) is None


def test_more_than_a_megabyte_is_refused(browser):
    assert browser.post("/imports", {"kind": "csv", "text": "x" * 1_100_000}).status_code == 413


def test_the_columns_of_a_table_are_chosen_with_the_first_rows_beside_them(session, browser, upload):
    answer = upload(TABLE.encode("utf-16"), "csv")
    path = f"/imports/{run_of(session).key}"
    assert (answer.location, browser.get(path).location) == (f"{path}/columns", f"{path}/columns")

    page = browser.get(f"{path}/columns").text
    assert ("Without a title" in page, "Sam Speaker &lt;sam@example.org&gt;" in page) == (True, True)
    form = {"column-speaker-0-name": "1", "column-speaker-0-email": "2", "constant-level": "Advanced"}
    missing = browser.post(f"{path}/columns", {**form, "action": "plan", "version": run_of(session).version})
    assert (missing.status_code, "Say which column has the title." in missing.text) == (422, True)
    assert 'value="Advanced"' in missing.text
    form["column-title"] = "0"
    look = browser.post(f"{path}/columns", form, headers={"HX-Request": "true"})
    assert re.match(r'\s*<section class="panel panel-soft" id="import-sample"', look.text)
    done = browser.post(f"{path}/columns", {**form, "action": "plan", "version": run_of(session).version})
    assert (done.status_code, done.location) == (303, path)
    page = browser.get(path).text
    assert ("line 2" in page, "“kim@@x” is no e-mail address." in page, "Choose other columns" in page) == (True,) * 3
    late = {**form, "column-speaker-0-email": "", "constant-speaker-1-bio": "Mine", "source": "x"}
    stale = browser.post(f"{path}/columns", {**late, "action": "plan", "version": "1"})
    assert (stale.status_code, 'value="Mine"' in stale.text, '<details class="panel" open>' in stale.text) == (
        409,
        True,
        True,
    )
    assert stale.text.count("Somebody else chose “E-mail” meanwhile. Choose again to keep yours.") == 2
    same = browser.post(f"{path}/columns", {**form, "action": "plan", "version": "1"})
    assert (same.status_code, "What you chose still stands here." in same.text) == (409, True)
    act(browser, run_of(session), "apply")
    assert browser.get(f"{path}/columns").status_code == 409


def test_two_organizers_who_apply_one_dry_run_are_told(session, browser, upload):
    upload(pretalx(offered()))
    run = run_of(session)
    seen = run.version
    assert act(browser, run, "apply").status_code == 303
    for what in ("apply", "undo", "discard"):
        late = act(browser, run, what, version=seen)
        assert (late.status_code, 'role="alert"' in late.text) == (409, True)
    assert proposals(session) == 1


def test_a_dry_run_that_is_not_true_any_more_shows_what_would_happen_now(session, browser, upload):
    upload(pretalx(offered()))
    first = run_of(session)
    upload(pretalx(offered()))
    second = run_of(session)
    act(browser, first, "apply")

    late = act(browser, second, "apply")
    assert (late.status_code, "has changed since this dry run" in late.text, "Same" in late.text) == (409, True, True)
    nothing = act(browser, run_of(session), "apply")
    assert nothing.status_code == 422


def test_a_long_import_shows_how_far_it_is_and_asks_again(app, session, browser, upload, site, clock):
    upload(numbered(41))
    run = run_of(session)
    act(browser, run, "apply")
    page = browser.get(f"/imports/{run.key}").text
    assert ("0 of 41 rows are done" in page, 'hx-trigger="every 2s"' in page) == (True, True)
    with app.app_context():
        continue_imports(db.session(), site=site, clock=clock)
    part = browser.get(f"/imports/{run.key}", headers={"HX-Request": "true"}).text
    assert (run_of(session).state, "every 2s" in part, "<html" in part) == (ImportState.APPLIED, False, False)


def test_a_dry_run_is_discarded(session, browser, upload):
    upload(pretalx(offered()))
    assert act(browser, run_of(session), "discard").location == "/imports"
    assert run_of(session) is None


def test_an_import_that_is_not_there_is_not_found(browser):
    assert [browser.get(f"/imports/nothing{end}").status_code for end in ("", "/columns")] == [404, 404]


@pytest.fixture
def asked(app, browser):
    """How many statements stand behind a page."""

    def count(path):
        statements = []
        with app.app_context():
            engine = db.engine

        def note(*given):
            statements.append(given[2])

        event.listen(engine, "before_cursor_execute", note)
        assert browser.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    return count


def test_neither_list_nor_report_asks_more_of_the_database_for_more_rows(session, browser, upload, asked):
    upload(numbered(1))
    act(browser, run_of(session), "apply")
    one, few = asked(f"/imports/{run_of(session).key}"), asked("/imports")
    upload(numbered(30))
    act(browser, run_of(session), "apply")
    upload(numbered(3))
    assert asked("/imports") == few
    assert asked(f"/imports/{session.scalars(select(ImportRun.key)).all()[1]}") == one
