"""The contributor space: groups side by side, and each with its updates."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup

from app.domain.attribution import Attribution
from app.domain.states import TalkState, WorkingGroupState
from app.services.publishing import publish_touchpoint
from app.services.working_groups.publishing import publish_groups
from tests.cast import make_chair, make_group, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def book(session, now):
    group = make_group(
        session,
        scope="Writes *the* handbook.",
        notes="https://notes.example.org/book",
        repository="https://git.example.org/book",
        rhythm="Every second Tuesday",
        calendar="https://calendar.example.org/book",
        channels=[{"label": "Mailing list", "address": "mailto:book@lists.example.org"}],
        chairs=[make_chair(naming=Attribution.NAME), make_chair("Kim Keeper", email=None)],
    )
    make_group(session, "Mind Map", state=WorkingGroupState.MAINTENANCE, position=1)
    make_group(session, "Apples", state=WorkingGroupState.ACTIVE, position=2)
    make_group(session, "Glossary", state=WorkingGroupState.ARCHIVED, position=3)
    publish_groups(session, now=now)
    session.commit()
    return group


def page(answer):
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def rows(soup):
    return [link.text for link in soup.select(".groups-table .group-name")]


def test_the_table_has_every_fact_of_a_group_side_by_side(book, visitor):
    soup = page(visitor.get("/working-groups"))
    heads = [head.text for head in soup.select(".groups-table thead th")]
    assert heads == ["Group", "State", "Meets", "Chairs", "Channels", "Repository", "Notes"]
    cells = soup.select_one("#group-ospo-book").select("td")
    assert [cell["data-label"] for cell in cells] == heads[1:]
    assert [link["href"] for cell in cells for link in cell.select("a")] == [
        "https://calendar.example.org/book",
        "mailto:book@lists.example.org",
        "https://git.example.org/book",
        "https://notes.example.org/book",
    ]
    assert [chair.text for chair in cells[2].select("li")] == ["Sam Speaker", "A chair"]
    assert "Kim" not in soup.text


@pytest.mark.parametrize(
    ("address", "order", "sorted_by"),
    [
        ("/working-groups", ["OSPO Book", "Mind Map", "Apples"], None),
        ("/working-groups?sort=name", ["Apples", "Mind Map", "OSPO Book"], "Group"),
        ("/working-groups?sort=state", ["Apples", "OSPO Book", "Mind Map"], "State"),
        ("/working-groups?sort=nonsense", ["OSPO Book", "Mind Map", "Apples"], None),
    ],
)
def test_the_table_is_in_the_order_that_is_asked_for(book, visitor, address, order, sorted_by):
    soup = page(visitor.get(address))
    marked = soup.select_one("th[aria-sort]")
    assert (rows(soup), marked.text if marked else None) == (order, sorted_by)


def test_archived_groups_are_folded_and_can_be_reached(book, visitor):
    soup = page(visitor.get("/working-groups"))
    folded = soup.select_one("details.groups-archived")
    assert not folded.has_attr("open")
    link = folded.select_one("a")
    assert (link.text, link["href"]) == ("Glossary", "/working-groups/glossary")
    archived = page(visitor.get("/working-groups/glossary"))
    assert "This group is archived" in archived.text
    assert archived.select_one("a[href^='/propose?']") is None


def test_a_community_without_groups_says_so(visitor):
    assert "No working group yet" in visitor.get("/working-groups").text
    assert visitor.get("/working-groups/nowhere").status_code == 404


def test_the_page_of_a_group_has_its_updates_and_leads_to_the_form(session, book, visitor, site, now):
    series = make_series(session)
    past, coming = (make_touchpoint(session, series, datetime(2026, *day, 14)) for day in ((11, 19), (12, 3)))
    proposal = make_proposal(session, "Upstream first")
    proposal.working_group = book
    make_talk(session, proposal, past, state=TalkState.CONFIRMED)
    coming.segments[2].working_group = book
    for call in (past, coming):
        publish_touchpoint(session, call, site=site, now=now)
    session.commit()

    soup = page(visitor.get("/working-groups/ospo-book"))

    updates = [[title.text for title in each.select("h3")] for each in soup.select(".updates")]
    assert updates == [["Working-group updates on 3 Dec 2026"], ["Upstream first"]]
    to_form = soup.select_one("a.btn-primary")["href"]
    chosen = page(visitor.get(to_form)).select_one("#working_group option[selected]")
    assert (to_form, chosen["value"]) == ("/propose?working_group=ospo-book", "ospo-book")

    call = page(visitor.get(f"/touchpoints/{coming.key}"))
    part = call.select(".parts > li")[2].select_one("a")
    assert (part["href"], part.parent.text) == ("/working-groups/ospo-book", "Working-group updates: OSPO Book")
    talk = page(visitor.get(f"/touchpoints/{past.key}")).select_one(".call-talk a[href='/working-groups/ospo-book']")
    assert talk.text == "OSPO Book"


@pytest.mark.parametrize("slug", ["glossary", "nowhere"])
def test_the_form_begins_with_no_group_that_takes_no_updates(book, visitor, slug):
    soup = page(visitor.get(f"/propose?working_group={slug}"))
    assert soup.select_one("#working_group option[selected]")["value"] == ""
