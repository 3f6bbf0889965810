"""What is no page and no mail: errors, headers, validators, files on disk, the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.errors import Conflict, Gone, TooMany
from app.services.queries.agendas import all_agenda_files
from app.web.guards import public
from tests.house.sources import ROOT
from tests.leaks.canaries import CANARIES, EVERYBODY, WAITING
from tests.leaks.community import NOTED

NAMED = WAITING.name
"""A name that an error holds in its hands."""
ERRORS = {
    409: Conflict("Somebody else was faster."),
    410: Gone("This is over."),
    429: TooMany("Later.", again_at=None),
    500: ValueError(f"cannot write {NAMED} of {WAITING.employer}"),
}


FORMS = {"page": {}, "htmx": {"HX-Request": "true"}, "calendar": {"Accept": "text/calendar"}}


@pytest.fixture
def published(community):
    community.publish()
    community.mark()
    return community


def test_an_error_names_nobody_whatever_broke(app, published, stranger, logged):
    @public
    def broken(status):
        raise ERRORS[status]

    app.add_url_rule("/broken/<int:status>", endpoint="broken", view_func=broken)
    for status in ERRORS:
        answers = {form: stranger.ask(f"/broken/{status}", **headers) for form, headers in FORMS.items()}
        assert {answer.status_code for answer in answers.values()} == {status}
        assert published.leaks({form: stranger.read_answer(answer) for form, answer in answers.items()}) == []
    lines = logged()
    assert any("request failed: endpoint=broken" in line for line in lines)
    assert published.leaks(lines) == []


def test_a_request_that_is_refused_learns_nothing(published, stranger, logged):
    asked = [
        (400, "/theme", "POST", {}),
        (400, "/schedule", "GET", {"Host": "elsewhere.example"}),
        (401, "/board", "GET", {"HX-Request": "true"}),
        (404, "/touchpoints/none", "GET", {}),
        (404, "/touchpoints/none.ics", "GET", {}),
        (405, "/schedule", "DELETE", {}),
        (405, "/calendar/all.ics", "PUT", {}),
    ]
    for status, path, method, headers in asked:
        answer = stranger.ask(path, method, **headers)
        assert (path, answer.status_code) == (path, status)
        assert published.leaks({path: stranger.read_answer(answer)}) == []
    large = stranger.app.test_client().post("/propose", data={"title": "x" * 1_000_001})
    assert (large.status_code, published.leaks({"large": stranger.read_answer(large)})) == (413, [])
    assert published.leaks(logged()) == []


def test_a_form_with_mistakes_shows_nobody_else(published, visitor, search):
    answer = visitor.post("/subscribe/by-mail", {"email": "no address"})
    assert answer.status_code == 422
    assert published.leaks({"/subscribe/by-mail": search.found_in_page(answer.data)}) == []


def test_whoever_holds_an_older_copy_is_given_a_clean_one_at_once(published, stranger):
    """A browser or calendar asks with what it has; no cache of ours is older than five minutes."""
    stranger.walk()
    addresses = [address for address, etag in stranger.seen.items() if etag]
    stranger.client = stranger.app.test_client()  # a browser: what a page is held by is its visitor's
    before = {address: stranger.read(address) for address in [addresses[0], *addresses]}
    held = {address: stranger.seen[address] for address in before}
    assert {stranger.ask(address, **{"If-None-Match": etag}).status_code for address, etag in held.items()} == {304}
    naming = [address for address, words in before.items() if CANARIES[0].first in words]
    assert {"/schedule", "/calendar/all.ics", f"/touchpoints/{published.calls[0].key}"} <= set(naming)
    assert {"/agendas/2027.md", "/agendas/newsletter.md", "/embed/next-calls"} <= set(naming)
    published.leave_everybody_unnamed()
    for address in naming:
        answer = stranger.ask(address, **{"If-None-Match": held[address], "If-Modified-Since": _long_after(published)})
        assert (address, answer.status_code) == (address, 200)
        assert published.leaks({address: stranger.read_answer(answer)}) == []
        assert "max-age=300" in answer.headers["Cache-Control"] or "no-cache" in answer.headers["Cache-Control"]


def test_no_file_that_is_served_holds_a_word_of_anybody(published, search):
    files = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    assert len(files) > 10
    words = [each.mark.encode() for each in EVERYBODY] + [NOTED.encode()]
    assert [path.name for path in files if any(word in path.read_bytes() for word in words)] == []


def test_the_queue_holds_no_word_of_anybody(published, app, tmp_path, search):
    """What is put into it is the name of a task: the work is in our own tables."""
    path = tmp_path / "queue.sqlite3"
    work = app.extensions["touchpoints.work"]
    work._url = f"sqlite:///{path}"
    work.ring()
    work.tasks.announce()
    held = b"".join(each.read_bytes() for each in tmp_path.glob("queue.sqlite3*"))
    assert b"deliver_outbox" in held
    assert published.leaks({"queue": search.found(held)}) == []


def test_what_is_written_into_a_repository_says_what_pages_say(published, search):
    """`agenda export`: what it writes stays in a history for ever."""

    def written():
        files = all_agenda_files(published.session, site=published.site, today=published.clock.now)
        return {file.file: search.found(file.file.encode() + b"\n" + file.body) for file in files}

    before = written()
    assert CANARIES[0].first in before["Agenda_2027/README.md"] & before["Newsletter.md"]
    assert published.leaks(before) == []
    published.leave_everybody_unnamed()
    assert published.leaks(written()) == []


@pytest.mark.parametrize("form", ["json", "xml"])
def test_programs_that_show_a_call_learn_what_its_page_says(published, stranger, form):
    calls = [*published.calls, published.closed]
    addresses = [f"/oembed?format={form}&url=http://localhost/touchpoints/{call.key}" for call in calls]
    answers = {address: stranger.ask(address) for address in addresses}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert published.leaks({address: stranger.read_answer(answer) for address, answer in answers.items()}) == []


def _long_after(community):
    return f"{community.clock.now + timedelta(days=1):%a, %d %b %Y %H:%M:%S GMT}"
