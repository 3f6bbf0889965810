"""Organizers see what is still missing, say who brings it, keep its address, or say that there will be none."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup

from app.domain.people import Role
from app.domain.states import TalkState
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def talk(session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 10, 20, 14, 0))
    talk = make_talk(session, make_proposal(session, "Upstream first"), call, state=TalkState.CONFIRMED)
    session.commit()
    return talk


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def desk(sign_in, olu):
    return sign_in(olu)


def words(answer):
    return " ".join(BeautifulSoup(answer.text, "html.parser").main.get_text(" ").split())


def test_the_list_says_what_of_which_call_and_since_when(desk, talk):
    said = words(desk.get("/materials-missing"))
    assert "Recording: Upstream first Thursday 20 October 2026 · still missing, 33 days Nobody sees to it yet" in said
    assert "Slides: Upstream first" in said
    slides = words(desk.get("/materials-missing?kind=slides&owner=nobody"))
    assert ("Slides: Upstream first" in slides, "Recording: Upstream first" in slides) == (True, False)
    assert "Nothing is missing" in words(desk.get("/materials-missing?given_up=yes"))
    partial = desk.get("/materials-missing?kind=nonsense", headers={"HX-Request": "true"})
    assert partial.text.lstrip().startswith('<div id="materials-missing"')


def test_each_form_does_what_it_says(desk, talk, olu):
    one = f"/materials-missing/{talk.key}/recording"
    assert desk.post(f"{one}/owner", data={"owner": str(olu.id), "version": "0"}).status_code == 303
    assert "Olu Organizer sees to it" in words(desk.get("/materials-missing"))
    assert desk.post(f"{one}/none", data={"reason": "It failed", "version": "1"}).status_code == 303
    assert "There will be none: It failed" in words(desk.get(one))
    assert desk.post(f"{one}/await", data={"version": "2"}).status_code == 303
    assert desk.post(f"{one}/owner", data={"owner": "", "version": "3"}).status_code == 303
    brought = desk.post(f"{one}/bring", data={"url": "https://video.example/1", "version": "4"})
    assert brought.headers["Location"] == "/materials-missing"
    assert desk.get(one).status_code == 404


def test_what_cannot_be_kept_comes_back_with_what_was_typed(desk, talk):
    one = f"/materials-missing/{talk.key}/slides"
    answer = desk.post(f"{one}/bring", data={"url": "slides.example/1", "version": "0"})
    assert answer.status_code == 422
    assert 'value="slides.example/1"' in answer.text
    assert "Write the whole address" in words(answer)
    assert desk.post(f"{one}/none", data={"reason": "", "version": "0"}).status_code == 422
    assert desk.post(f"{one}/owner", data={"owner": "nonsense", "version": "0"}).status_code == 422


def test_whoever_is_late_sees_what_the_other_said_and_keeps_what_they_typed(desk, talk, olu):
    one = f"/materials-missing/{talk.key}/slides"

    def late(what, data):
        answer = desk.post(f"{one}/{what}", data=data | {"version": "0"})
        return answer.status_code, "still stands here" in answer.text, answer

    desk.post(f"{one}/owner", data={"owner": str(olu.id), "version": "0"})
    code, kept, answer = late("bring", {"url": "https://slides.example/1"})
    assert (code, kept, 'value="https://slides.example/1"' in answer.text) == (409, True, True)
    assert "meanwhile: Olu Organizer sees to it" in words(answer)
    desk.post(f"{one}/owner", data={"owner": "", "version": "1"})
    assert "meanwhile: nobody else sees to it" in words(late("owner", {"owner": str(olu.id)})[2])
    desk.post(f"{one}/none", data={"reason": "They were never made", "version": "2"})
    code, kept, answer = late("none", {"reason": "My reason"})
    assert (code, kept, 'value="My reason"' in answer.text) == (409, True, True)
    assert "meanwhile: there will be none, since “They were never made”" in words(answer)
    assert late("await", {})[:2] == (409, False)


def test_it_is_for_organizers_alone(sign_in, session, talk):
    client = sign_in(make_person(session, "Mira", role=Role.MEMBER))
    for path in ("/materials-missing", f"/materials-missing/{talk.key}/recording"):
        assert client.get(path).status_code == 404 or client.get(path).status_code == 403
