"""The page of notes: what each button does, and what comes back when it cannot."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from app.domain.join_links import WHY_NOT
from app.domain.notes import NotesAudience
from app.domain.people import Role
from app.domain.publication import Audience
from app.models import Notes, PublishedNotes
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_series, make_touchpoint


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def call(session, site, now):
    series = make_series(session, audience=Audience.MEMBERS)
    series.notes_audience = NotesAudience.MEMBERS
    call = make_touchpoint(session, series, datetime(2026, 11, 19, 14))
    call.scribe = make_person(session, "Vera Volunteer")
    call.moderator = make_person(session, "Mira Marsh", role=Role.MEMBER)
    make_person(session, "Lou Linden")
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return call


@pytest.fixture
def vera(call, sign_in):
    return sign_in(call.scribe)


@pytest.fixture
def press(call, vera):
    """Vera presses a button of the form; the page that she sees then."""

    def press(do, text, *, version, browser=vera, **options):
        data = {"do": do, "text": text, "version": str(version)}
        return browser.post(f"/touchpoints/{call.key}/notes", data, **options)

    return press


def page_of(answer):
    return BeautifulSoup(answer.text, "html.parser")


def test_a_stale_text_comes_back_beside_the_one_that_is_saved(session, call, vera, press):
    assert press("save", "Theirs.", version=0).status_code == 303
    answer = press("save", "Mine.", version=0)
    page = page_of(answer)
    assert answer.status_code == 409
    assert page.select_one("#text").text.strip() == "Mine."
    assert page.select_one(".notes-source").text == "Theirs."
    assert page.select_one("#summary")["role"] == "alert"
    again = press("save", "Both.", version=page.select_one("input[name=version]")["value"])
    assert again.status_code == 303
    assert session.get(Notes, call.id).text == "Both."


def test_text_saves_itself_and_says_what_went_wrong(session, call, press):
    htmx = {"HX-Request": "true"}
    saved = press("", "Linden helps.", version=0, headers=htmx)
    assert (saved.status_code, "1 name found" in saved.text) == (200, True)
    version = page_of(saved).select_one("#notes-saved input[name=version]")["value"]
    assert version == str(session.get(Notes, call.id).version)
    stale = press("", "Other.", version=0, headers=htmx)
    assert (stale.status_code, "Press Save to see both." in stale.text) == (409, True)
    secret = press("", "https://zoom.us/j/12345", version=version, headers=htmx)
    assert (secret.status_code, WHY_NOT.split(".")[0] in secret.text) == (422, True)
    assert page_of(secret).select_one("input[name=version]")["value"] == version


def test_a_text_that_is_refused_comes_back(press):
    answer = press("save", "Join: https://zoom.us/j/12345", version=0)
    assert answer.status_code == 422
    assert page_of(answer).select_one("#text").text.strip() == "Join: https://zoom.us/j/12345"
    assert page_of(answer).title.text.startswith("Error: ")


def test_a_preview_shows_what_readers_would_see_and_saves_nothing(session, call, press):
    answer = press("preview", "# Said\n<b onclick=x>bold</b> *so*", version=0)
    preview = page_of(answer).select_one("#preview .prose")
    assert (preview.em.text, preview.h3.text, preview.b) == ("so", "Said", None)
    assert session.get(Notes, call.id) is None


def test_a_name_is_decided_and_the_decision_taken_back(session, call, press, vera):
    press("save", "Linden helps.", version=0)
    place = page_of(vera.get(f"/touchpoints/{call.key}/notes")).select_one("button[value^=no-person]")["value"]
    press(place, "Linden helps.", version=session.get(Notes, call.id).version)
    page = page_of(vera.get(f"/touchpoints/{call.key}/notes"))
    assert "No person, said Vera Volunteer of version 2" in page.select_one("#names").text
    taken_back = press(place.replace("no-person", "person"), "Linden helps.", version=2)
    assert "#names" in taken_back.headers["Location"]
    assert press("replace-all", "Linden helps.", version=2).status_code == 303
    session.expire_all()
    assert session.get(Notes, call.id).text == "An OSPO member helps."
    assert press(place, "An OSPO member helps.", version=3).status_code == 422


def test_a_moderator_reads_and_publishes_for_members(session, call, press, sign_in, visitor, clock):
    press("save", "### Forum\n\nSaid.", version=0)
    press("hand-over", "### Forum\n\nSaid.", version=2)
    mira = sign_in(call.moderator)
    page = page_of(mira.get(f"/touchpoints/{call.key}/notes"))
    assert (page.select_one("#text"), page.select_one(".prose p").text) == (None, "Said.")
    version = page.select_one("form[action$=publish] input[name=version]")["value"]
    assert mira.post(f"/touchpoints/{call.key}/notes/publish", {"version": version}).status_code == 303
    assert mira.post(f"/touchpoints/{call.key}/notes/withdraw").status_code == 403
    listed = page_of(mira.get("/members/notes"))
    read = mira.get(listed.select_one(f"a[href='/members/notes/{call.key}']")["href"])
    assert (page_of(read).select_one("#notes .prose p").text, read.headers["Cache-Control"]) == (
        "Said.",
        "no-store",
    )
    nora = sign_in(make_person(session, "Nora Nobody"))
    assert nora.get(f"/members/notes/{call.key}").status_code == 404
    assert "Said." not in visitor.get(f"/touchpoints/{call.key}").text


def test_nobody_else_sees_the_page(call, press, sign_in, session, visitor):
    nora = sign_in(make_person(session, "Nora Nobody"))
    path = f"/touchpoints/{call.key}/notes"
    assert nora.get(path).status_code == 404
    assert nora.get("/touchpoints/nosuchcall/notes").status_code == 404
    assert press("save", "Mine.", version=0, browser=nora).status_code == 404
    assert press("preview", "Mine.", version=0, browser=nora).status_code == 404
    assert visitor.get(path).headers["Location"].startswith("/sign-in")


def test_organizers_take_notes_back_and_say_for_whom_they_are(session, call, sign_in, now):
    row = {"audience": NotesAudience.MEMBERS, "text": "Said.", "version": 1, "published_at": now}
    session.add(PublishedNotes(touchpoint_id=call.id, **row))
    browser = sign_in(make_person(session, "Olu Okafor", role=Role.ORGANIZER))
    path = f"/series/{call.series.slug}/notes-audience"
    refused = browser.post(path, {"notes_audience": "public", "version": str(call.series.version)})
    assert (refused.status_code, "for members, and so are their notes" in refused.text) == (422, True)
    saved = browser.post(path, {"notes_audience": "nobody", "version": str(call.series.version)})
    assert saved.status_code == 303
    browser.post(f"/touchpoints/{call.key}/notes/withdraw")
    assert "They were not published" not in browser.get(f"/touchpoints/{call.key}/notes").text
    browser.post(f"/touchpoints/{call.key}/notes/withdraw")
    assert "They were not published any more." in browser.get(f"/touchpoints/{call.key}/notes").text
    scribe = f"/touchpoints/{call.key}/scribe"
    refused = browser.post(scribe, {"scribe": "nobody@example.org", "version": str(call.version)})
    assert (refused.status_code, "Nobody with this address has signed in yet." in refused.text) == (422, True)
    browser.post(scribe, {"scribe": "", "version": str(call.version)})
    assert "Nobody is the scribe of this call." in browser.get(f"/touchpoints/{call.key}/manage").text
    assert "Nothing waits" in browser.get("/notes").text


def test_a_call_to_come_is_not_published(session, call, press, sign_in, clock, now):
    call.starts_at = now + timedelta(days=1)
    session.commit()
    press("save", "Said.", version=0)
    press("hand-over", "Said.", version=2)
    page = sign_in(call.moderator).get(f"/touchpoints/{call.key}/notes").text
    assert "It can be published once the call has begun." in page


def test_a_scribe_whose_time_was_over_gets_the_text_back(session, call, press):
    assert press("save", "Kept.", version=0).status_code == 303
    call.scribe = None
    session.commit()
    answer = press("save", "Late words.", version=1)
    assert (answer.status_code, page_of(answer).select_one("#text").text.strip()) == (404, "Late words.")
    assert "Kept." not in answer.text
    itself = press("", "Late words.", version=1, headers={"HX-Request": "true"})
    assert (itself.status_code, "Copy your text" in itself.text) == (404, True)
    assert session.get(Notes, call.id).text == "Kept."


def test_whoever_types_into_notes_of_no_call_learns_as_little(vera, press, call):
    nowhere = vera.post("/touchpoints/nowhere/notes", {"do": "save", "text": "Words.", "version": "0"})
    assert (nowhere.status_code, page_of(nowhere).select_one("#text").text.strip()) == (404, "Words.")
