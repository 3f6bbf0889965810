"""Insights: for organizers alone, with what needs somebody marked in words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from app.domain.people import Role
from app.domain.states import ProposalState, TalkState
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def read(session, sign_in):
    def read():
        olu = make_person(session, "Olu", role=Role.ORGANIZER)
        session.commit()
        return BeautifulSoup(sign_in(olu).get("/insights").text, "html.parser").main

    return read


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def panel(page, heading) -> str:
    return words(page.find(id=heading).parent)


def test_only_organizers_see_insights(session, client, sign_in):
    mira = make_person(session, "Mira", role=Role.MEMBER)
    session.commit()
    assert client.get("/insights").status_code == 303
    assert sign_in(mira).get("/insights").status_code == 404


def test_an_empty_installation_has_a_page(read):
    page = read()
    assert "No talk of the last two years is confirmed yet." in panel(page, "lead-h")
    assert "No call is planned." in panel(page, "ahead-h")


def test_what_needs_somebody_is_listed_and_marked(session, read, now):
    series = make_series(session)
    for day in (3, 10, 17):
        call = make_touchpoint(session, series, datetime(2026, 12, day, 14))
        make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), call, state=TalkState.CONFIRMED)
    asked = make_touchpoint(session, series, datetime(2026, 12, 24, 14))
    late = make_talk(session, make_proposal(session, "Unanswered"), asked, state=TalkState.INVITED)
    late.answer_by = now - timedelta(days=1)
    held = make_touchpoint(session, series, datetime(2026, 11, 5, 14))
    make_talk(session, make_proposal(session, "Given"), held, state=TalkState.CONFIRMED)
    empty = make_touchpoint(session, series, datetime(2027, 1, 7, 14))
    page = read()
    assert "Thursday, Thu 7 Jan 2027" in panel(page, "ahead-h")
    assert page.find("a", href=f"/touchpoints/{empty.key}/manage")
    assert "1 talk waits for a speaker, 1 too long" in panel(page, "outstanding-h")
    assert "Unanswered , Thursday, Thu 24 Dec 2026 was due 22 Nov" in panel(page, "outstanding-h")
    assert "Kestrel Works 5, over 2" in panel(page, "who-h")
    assert "Given , Thursday, Thu 5 Nov 2026 , 17 days" in panel(page, "recordings-h")
    assert "20 days (median)" in panel(page, "lead-h")
    assert not page.find(style=True)


def test_each_chart_has_a_name_and_a_table(read):
    for chart in read().find_all("figure"):
        assert chart.svg["aria-label"].startswith(words(chart.figcaption))
        assert words(chart.table.caption) == words(chart.figcaption)
