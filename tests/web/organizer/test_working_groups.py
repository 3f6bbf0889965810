"""Organizers' pages of working groups: with buttons and forms alone, and nothing typed is lost."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from app.domain.attribution import Attribution
from app.domain.people import Role
from app.models import WorkingGroup
from app.services.queries.contributor_space import list_public_groups
from app.services.queries.working_groups import find_group, list_groups
from tests.cast import make_chair, make_group, make_person

FORM = {
    "name": "OSPO Book",
    "slug": "ospo-book",
    "scope": "Writes the handbook.",
    "state": "active",
    "channel": "0",
    "channel-0-label": "List",
    "channel-0-address": "mailto:book@example.org",
    "chair": "4",
    "chair-4-name": "Sam Speaker",
    "chair-4-email": "sam@example.org",
}


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def browser(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


def names(session):
    session.expire_all()
    return [row.group.name for row in list_groups(session)]


def test_only_organizers_keep_groups(session, sign_in, visitor):
    mira = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))
    assert (visitor.get("/groups").status_code, mira.get("/groups").status_code) == (303, 404)


def test_a_group_is_added(session, browser):
    assert "No working group yet" in browser.get("/groups").text
    assert browser.get("/groups/new").status_code == 200
    assert browser.post("/groups", FORM).location == "/groups"
    assert [group.chairs for group in list_public_groups(session)] == [("A chair",)]
    page = browser.get("/groups").text
    assert ("no answer yet" in page, "Ask again" in page) == (True, True)


def test_a_mistake_keeps_what_was_typed(session, browser):
    answer = browser.post("/groups", {**FORM, "name": "", "chair-4-email": "sam", "rhythm": "Tuesdays"})
    soup = BeautifulSoup(answer.text, "html.parser")
    assert (answer.status_code, soup.select_one("#rhythm")["value"]) == (422, "Tuesdays")
    assert [link["href"] for link in soup.select("#summary a")] == ["#name", "#chair-0-email"]
    assert soup.select_one("#chair-0-email")["value"] == "sam"
    assert names(session) == []


def test_rows_come_and_go_without_scripts(session, browser):
    longer = BeautifulSoup(browser.post("/groups", {**FORM, "add": "channel"}).text, "html.parser")
    assert [row["value"] for row in longer.select("form [name=channel]")] == ["0", "1"]
    both = browser.post("/groups", {**FORM, "add": "chair"}).text
    assert [row["value"] for row in BeautifulSoup(both, "html.parser").select("form [name=chair]")] == ["0", "1"]
    shorter = browser.post("/groups", {**FORM, "remove": "chair-0"}).text
    assert BeautifulSoup(shorter, "html.parser").select("form [name=chair]") == []
    assert names(session) == []


def test_a_group_is_changed_and_its_chair_keeps_their_word(session, browser):
    group = make_group(session, chairs=[make_chair(affiliation="", naming=Attribution.NAME)])
    session.commit()
    page = browser.get("/groups/ospo-book/edit").text
    assert ("Edit OSPO Book" in page, "Named" in page) == (True, True)
    form = {**FORM, "name": "The Book", "version": group.version, "chair-4-id": group.chairs[0].id}
    assert browser.post("/groups/ospo-book/edit", {**form, "add": "chair"}).status_code == 200
    assert browser.post("/groups/ospo-book/edit", form).status_code == 303
    assert [(each.name, each.chairs) for each in list_public_groups(session)] == [("The Book", ("Sam Speaker",))]
    assert browser.post("/groups/ospo-book/edit", {**form, "version": group.version, "scope": ""}).status_code == 422


def test_whoever_was_slower_sees_both_states(session, browser):
    group = make_group(session)
    session.commit()
    stale = {**FORM, "version": str(group.version), "scope": "Mine."}
    other = {**FORM, "version": str(group.version), "scope": "Theirs."}
    assert browser.post("/groups/ospo-book/edit", other).status_code == 303

    answer = browser.post("/groups/ospo-book/edit", stale)
    assert answer.status_code == 409
    assert "Somebody else saved meanwhile: “Theirs.”. Save again to keep yours." in answer.text
    version = BeautifulSoup(answer.text, "html.parser").select_one("form.form [name=version]")["value"]
    assert browser.post("/groups/ospo-book/edit", {**stale, "version": version}).status_code == 303
    session.expire_all()
    assert find_group(session, "ospo-book").scope == "Mine."

    same = browser.post("/groups/ospo-book/edit", {**stale, "chair-4-id": str(group.chairs[0].id)})
    assert (same.status_code, "What you typed still stands here." in same.text) == (409, True)


def test_groups_are_put_in_order(session, browser):
    for position, name in enumerate(("A", "B")):
        make_group(session, name, position=position)
    session.commit()
    assert browser.post("/groups/order", {"place-a": "2", "place-b": "1"}).status_code == 303
    assert names(session) == ["B", "A"]


def test_a_group_is_archived_and_active_again(session, browser):
    group = make_group(session)
    session.commit()
    for what, said in (("archive", True), ("restore", False)):
        session.refresh(group)
        assert browser.post(f"/groups/ospo-book/{what}", {"version": group.version}).status_code == 303
        session.expire_all()
        assert list_public_groups(session)[0].is_archived is said
    assert browser.post("/groups/ospo-book/archive", {"version": "1"}).status_code == 409
    assert browser.post("/groups/nowhere/archive").status_code == 404


def test_a_chair_is_asked_again(session, browser):
    group: WorkingGroup = make_group(session, chairs=[make_chair()])
    session.commit()
    path = f"/groups/ospo-book/chairs/{group.chairs[0].id}/ask"
    assert [browser.post(path).status_code for _ in range(2)] == [303, 422]
    assert browser.post("/groups/ospo-book/chairs/99/ask").status_code == 404
