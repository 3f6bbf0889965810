"""Notes of a call: a scribe writes names and is told, a second person publishes, strangers read, a retraction masks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from app.domain.notes import NotesAudience
from app.domain.people import Role
from app.domain.states import TalkState
from app.services.auditing import SYSTEM
from app.services.identities import identity_of
from app.services.publishing import publish_touchpoint
from app.services.publishing_notes import mask_notes
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

BEGINS = datetime(2026, 12, 3, 14)
SAID = "### Guest talk and questions\n\nThe tool Linden marks fixes. Sam Speaker sends every fix upstream."


@pytest.fixture
def call(session, site, now):
    """A call that Mira moderates, with a talk by Sam Speaker, who is named in public."""
    series = make_series(session)
    series.notes_audience = NotesAudience.PUBLIC
    call = make_touchpoint(session, series, BEGINS)
    call.moderator = make_person(session, "Mira Marsh", role=Role.MEMBER)
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return call


class NotesDesk:
    """Somebody at the page of the notes of one call, without JavaScript."""

    def __init__(self, browser, call) -> None:
        self.browser, self.path = browser, f"/touchpoints/{call.key}/notes"

    def page(self) -> BeautifulSoup:
        answer = self.browser.get(self.path)
        assert answer.status_code == 200
        return BeautifulSoup(answer.text, "html.parser")

    def version(self) -> str:
        return str(self.page().select_one("input[name=version]")["value"])

    def text(self) -> str:
        return self.page().select_one("#text").text.removeprefix("\n")

    def names(self) -> list[str]:
        return [mark.text for mark in self.page().select(".notes-hits mark:not(.is-decided)")]

    def press(self, button: str, text: str | None = None):
        """Press the button whose words begin so, with what stands in the form; the answer."""
        found = next(each for each in self.page().select("button[name=do]") if each.text.startswith(button))
        data = {"do": found["value"], "text": self.text() if text is None else text, "version": self.version()}
        return self.browser.post(self.path, data)

    def publish(self):
        return self.browser.post(f"{self.path}/publish", {"version": self.version()})


def test_notes_are_written_by_one_and_published_by_another(session, clock, sign_in, visitor, call):
    olu = make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    vera = make_person(session, "Vera Volunteer")
    lou = make_person(session, "Lou Linden")
    session.commit()
    clock.now = call.starts_at + timedelta(hours=2)
    organizer, scribe = sign_in(olu), NotesDesk(sign_in(vera), call)
    assert scribe.browser.get(scribe.path).status_code == 404
    answer = organizer.post(f"/touchpoints/{call.key}/scribe", {"scribe": vera.email, "version": str(call.version)})
    assert answer.status_code == 303

    blank = scribe.text()
    assert blank.startswith("> ")
    assert "Chatham House Rule" in blank.splitlines()[0]
    assert "### Open forum" in blank
    assert scribe.names() == []
    assert scribe.press("Save", SAID).status_code == 303
    assert scribe.names() == ["Linden", "Sam Speaker"]
    assert "Announced in public for this call" in scribe.page().text

    refused = scribe.press("Finished")
    assert refused.status_code == 422
    assert "Decide about each name first: 2 left." in refused.text
    scribe.press("This is not a person: “Linden”")
    assert scribe.names() == ["Sam Speaker"]
    scribe.press("Write “an OSPO member” for “Sam Speaker”")
    assert scribe.names() == []
    assert scribe.press("Finished").status_code == 303
    assert scribe.text().endswith("The tool Linden marks fixes. An OSPO member sends every fix upstream.")

    assert scribe.publish().status_code == 404  # who only takes notes never publishes any
    writing_organizer = NotesDesk(organizer, call)
    writing_organizer.press("Save", f"{scribe.text()}\n\nFew had a process for this.")
    writing_organizer.press("Finished")
    refused = writing_organizer.publish()
    assert refused.status_code == 403
    assert "You wrote in these notes, so somebody else publishes them" in refused.text
    assert "upstream." not in visitor.get(f"/touchpoints/{call.key}").text

    mira = NotesDesk(sign_in(call.moderator), call)
    assert mira.publish().status_code == 303
    page = BeautifulSoup(visitor.get(f"/touchpoints/{call.key}").text, "html.parser")
    assert "An OSPO member sends every fix upstream." in page.select_one("#notes").text
    assert page.select_one("#notes h3").text == "Guest talk and questions"
    past = BeautifulSoup(visitor.get("/learning").text, "html.parser")
    assert past.select_one("article a[href$='#notes']").text.startswith("Notes")

    mask_notes(session, [identity_of(lou)], by=SYSTEM, now=clock.now)
    session.commit()
    masked = visitor.get(f"/touchpoints/{call.key}").text
    assert "The tool an OSPO member marks fixes." in masked
    assert "Linden" not in masked
    assert scribe.names() == ["Linden"]  # the draft waits for a new decision
    assert writing_organizer.press("Finished").status_code == 422

    assert organizer.post(f"{writing_organizer.path}/withdraw").status_code == 303
    assert BeautifulSoup(visitor.get(f"/touchpoints/{call.key}").text, "html.parser").select_one("#notes") is None
