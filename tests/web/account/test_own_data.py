"""The pages of one's own data: for their holder alone, and erasing only on purpose."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.domain.personal_feeds import FeedKind
from app.models import Person, Speaker
from app.services import personal_feeds
from app.services.auditing import Actor
from app.services.own_data import SECTIONS
from app.web.account.own_data import LINES
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

ERASE = "/profile/data/erase"


@pytest.fixture
def sam(session) -> Person:
    return make_person(session, "Sam Speaker")


@pytest.fixture
def speaker(session) -> Speaker:
    return make_proposal(session, owner=None).speakers[0]


def test_a_stranger_is_asked_to_sign_in(visitor):
    for path in ("/profile/data", "/profile/data.json", ERASE):
        assert visitor.get(path).headers["Location"].startswith("/sign-in?next=")


def test_the_file_is_a_download_whose_name_tells_nothing(sign_in, sam):
    answer = sign_in(sam).get("/profile/data.json")
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data.json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.data)["data"]["profile"][0]["email"] == "sam@example.org"


def test_the_page_shows_words_and_the_way_to_correct_them(sign_in, sam, speaker, session, now):
    personal_feeds.make_feed(session, sam, kind=FeedKind.SPEAKER, label="", by=Actor.signed_in(sam), now=now)
    for number in range(21):
        make_proposal(session, f"Talk {number}", owner=sam, email="sam@example.org")
    make_talk(session, speaker.proposal, make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14, 0)))
    page = sign_in(sam).get("/profile/data").text
    assert 'href="/my/naming"' in page
    assert f"/profile/data/speaking/{speaker.id + 21}" in page
    assert "These are the newest 20 of 21; the download has all." in page
    assert "Name and affiliation" in page
    assert "23 Nov 2026, 09:00" in page


def test_a_record_among_several_is_one_line_until_it_is_opened(sign_in, sam, session):
    for number in range(2):
        make_proposal(session, f"Talk {number}", owner=sam, email="sam@example.org")
    page = sign_in(sam).get("/profile/data").text
    lines = [line.split("</span>")[0] for line in page.split('own-record"><summary>')[1:]]
    assert [line.rsplit(">", 1)[1] for line in lines][:2] == [
        "Talk 1 · submitted · 20 Nov 2026, 09:00",
        "Talk 0 · submitted · 20 Nov 2026, 09:00",
    ]
    assert page.count('<details class="panel" open>') == 1


def test_each_part_of_ones_data_has_a_line_for_a_record():
    assert {section.key for section in SECTIONS} == {"profile", *LINES}


def test_ones_own_row_is_corrected_and_nobody_elses(sign_in, sam, speaker, session):
    browser, path = sign_in(sam), f"/profile/data/speaking/{speaker.id}"
    fields = {"name": "Samuel", "affiliation": "Ours", "version": str(speaker.proposal.version)}
    assert "Samuel" not in browser.get(path).text
    assert browser.post(path, {**fields, "name": ""}).status_code == 422
    assert browser.post(path, {**fields, "version": "99"}).status_code == 409
    assert browser.post(path, fields).headers["Location"] == "/profile/data#speaking"
    session.refresh(speaker)
    assert (speaker.name, speaker.affiliation) == ("Samuel", "Ours")
    assert sign_in(make_person(session, "Nora")).get(path).status_code == 404


def test_erasing_wants_the_address_and_a_fresh_sign_in(sign_in, sam, session, clock):
    browser = sign_in(sam)
    wrong = browser.post(ERASE, {"email": "vera@example.org"})
    assert (wrong.status_code, "Type your address" in wrong.text) == (422, True)
    clock.advance(timedelta(hours=2))
    assert "Sign in again first" in browser.get(ERASE).text
    assert browser.post(ERASE, {"email": "sam@example.org"}).status_code == 422
    assert session.scalars(select(Person.name)).all() == ["Sam Speaker"]


def test_whoever_is_erased_is_signed_out(sign_in, sam, session):
    browser = sign_in(sam)
    answer = browser.post(ERASE, {"email": "sam@example.org"})
    assert (answer.headers["Location"], answer.headers["Clear-Site-Data"]) == ("/", '"cache", "storage"')
    assert "Everything that we had about you is deleted." in browser.get("/").text
    assert session.scalars(select(Person)).all() == []


def test_the_last_organizer_reads_why_not(sign_in, session):
    answer = sign_in(make_person(session, "Olu", role=Role.ORGANIZER)).post(ERASE, {"email": "olu@example.org"})
    assert (answer.status_code, "There must be an organizer." in answer.text) == (422, True)
