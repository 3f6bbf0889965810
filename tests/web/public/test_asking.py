"""Anyone asks before a call, and leaves nothing but the question."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.people import Role
from app.domain.publication import Audience, PublicDetail
from app.models import Question
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_series, make_touchpoint


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def call(session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14))
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return call


@pytest.fixture
def path(call):
    return f"/touchpoints/{call.key}/questions"


def questions(session):
    session.expire_all()
    return sorted(session.scalars(select(Question.text)))


def test_a_question_is_asked_from_the_page_of_the_call(session, call, path, visitor):
    page = BeautifulSoup(visitor.get(f"/touchpoints/{call.key}").text, "html.parser")
    assert page.select_one("a[href$='/questions']")["href"] == path
    answer = visitor.post(path, {"question": "Who pays?"})
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (303, [])
    assert "Your question is with the moderator" in visitor.get(answer.headers["Location"]).text
    assert questions(session) == ["Who pays?"]


def test_the_cookie_of_the_page_is_in_no_row(session, path, visitor):
    visitor.post(path, {"question": "Who pays?"})
    with visitor.client.session_transaction() as cookie:
        assert set(cookie) == {"csrf_token"}
        token = cookie["csrf_token"]
    [question] = session.scalars(select(Question))
    assert token not in str(vars(question))


def test_names_are_left_out_where_the_asker_says_so(session, path, visitor):
    typed = {"question": "Does lou@example.org agree?"}
    answer = visitor.post(path, typed)
    page = BeautifulSoup(answer.text, "html.parser")
    assert (answer.status_code, page.select_one("#question").text.strip()) == (422, typed["question"])
    assert "Your question names “lou@example.org”: shall it be left out?" in page.select_one("#summary").text
    for button in page.select("button[name=names]"):
        assert visitor.post(path, {**typed, "names": button["value"]}).status_code == 303
    assert questions(session) == ["Does a participant agree?", "Does lou@example.org agree?"]


def test_programs_that_fill_in_every_field_are_thanked_and_leave_nothing(session, path, visitor):
    assert visitor.post(path, {"question": "Buy!", "website": "https://spam.example"}).status_code == 303
    assert questions(session) == []


def test_the_box_closes_when_the_call_begins(session, call, path, visitor, clock):
    clock.now = call.starts_at
    assert "Questions for this call are closed." in visitor.get(path).text
    assert "Ask a question</a>" not in visitor.get(f"/touchpoints/{call.key}").text
    assert visitor.post(path, {"question": "Who pays?"}).status_code == 410
    assert questions(session) == []


def test_members_alone_ask_for_their_calls(session, call, site, now, path, visitor, sign_in):
    call.series.audience = Audience.MEMBERS
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    assert visitor.get(path).status_code == visitor.post(path, {"question": "Who pays?"}).status_code == 404
    mira = sign_in(make_person(session, "Mira Marsh", role=Role.MEMBER))
    assert mira.post(path, {"question": "Who pays?"}).status_code == 303
    assert questions(session) == ["Who pays?"]


def test_members_ask_for_calls_that_the_public_knows_nothing_of(session, call, site, now, path, visitor, sign_in):
    call.series.audience, call.series.public_detail = Audience.MEMBERS, PublicDetail.NOTHING
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    assert visitor.get(path).status_code == visitor.post(path, {"question": "Who pays?"}).status_code == 404
    mira = sign_in(make_person(session, "Mira Marsh", role=Role.MEMBER))
    page = BeautifulSoup(mira.get(path).text, "html.parser")
    assert page.select_one("a.crumb")["href"] == f"/members/calls/{call.key}"
    assert mira.post(path, {"question": "Who pays?"}).status_code == 303
    assert questions(session) == ["Who pays?"]


def test_moderators_decide_on_their_page(session, call, path, visitor, sign_in):
    visitor.post(path, {"question": "Does Lou Linden agree?"})
    make_person(session, "Lou Linden")
    olu = sign_in(make_person(session, "Olu Okafor", role=Role.ORGANIZER))
    waiting = BeautifulSoup(olu.get("/notes").text, "html.parser")
    assert "1 new question" in waiting.select_one(f"#call-{call.key}").text
    moderate = waiting.select_one("a[href$='/questions/moderate']")["href"]
    form = BeautifulSoup(olu.get(moderate).text, "html.parser").select_one("main form")
    fields = {each["name"]: each["value"] for each in form.select("input[type=hidden]") if each["name"] != "csrf_token"}
    fields["text"] = form.select_one("textarea").text.strip()
    assert olu.post(form["action"], fields).status_code == 422
    refused = olu.post(form["action"], {**fields, "text": "", "do": "accept"})
    assert (refused.status_code, "Write your question." in refused.text) == (422, True)
    wrong = BeautifulSoup(refused.text, "html.parser")
    assert wrong.select_one("#summary a")["href"] == f"#{wrong.select_one('[aria-invalid]')['id']}"
    assert olu.post(form["action"], {**fields, "do": "neutral"}).status_code == 303
    assert questions(session) == ["Does an OSPO member agree?"]
    assert "Accepted: it stands on the run sheet." in olu.get(moderate).text
    assert sign_in(make_person(session, "Nora Nobody")).get(moderate).status_code == 404


def test_a_moderator_who_was_slower_sees_both_texts_and_loses_nothing(session, path, visitor, sign_in):
    visitor.post(path, {"question": "Who pays?"})
    olu = sign_in(make_person(session, "Olu Okafor", role=Role.ORGANIZER))
    form = BeautifulSoup(olu.get(f"{path}/moderate").text, "html.parser").select_one("main form")
    stale = {"version": form.select_one("[name=version]")["value"], "do": "accept"}
    assert olu.post(form["action"], {**stale, "text": "Who pays for it?"}).status_code == 303
    answer = olu.post(form["action"], {**stale, "text": "Who pays whom?"})
    page = BeautifulSoup(answer.text, "html.parser")
    assert (answer.status_code, questions(session)) == (409, ["Who pays for it?"])
    assert page.select_one("textarea").text.strip() == "Who pays whom?"
    assert "What is saved now: “Who pays for it?”" in page.text
    fresh = {"version": page.select_one("main form [name=version]")["value"], "do": "accept"}
    assert olu.post(form["action"], {**fresh, "text": "Who pays whom?"}).status_code == 303
    assert questions(session) == ["Who pays whom?"]


def test_a_mistake_does_not_hide_that_somebody_else_was_faster(session, path, visitor, sign_in):
    visitor.post(path, {"question": "Who pays?"})
    olu = sign_in(make_person(session, "Olu Okafor", role=Role.ORGANIZER))
    form = BeautifulSoup(olu.get(f"{path}/moderate").text, "html.parser").select_one("main form")
    stale = {"version": form.select_one("[name=version]")["value"], "do": "accept"}
    assert olu.post(form["action"], {**stale, "text": "Who pays for it?"}).status_code == 303
    unclear = BeautifulSoup(olu.post(form["action"], {**stale, "do": ""}).text, "html.parser")
    assert unclear.select_one("main form [name=version]")["value"] == stale["version"]
