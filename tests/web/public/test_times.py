"""A call on the clocks of many places, and the weeks in which they differ."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from app.domain.states import TouchpointState


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def read(client):
    def read(call, asked="", status=200):
        answer = client.get(f"/touchpoints/{call.key}/times{asked}")
        assert answer.status_code == status
        return BeautifulSoup(answer.text, "html.parser").main

    return read


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def rows(page) -> list[str]:
    return [words(row) for row in page.table.tbody.find_all("tr")]


def test_a_call_is_told_in_the_citys_own_date_time_and_offset(read, publish):
    call = publish(datetime(2026, 12, 10, 17, 0))
    assert rows(read(call)) == [
        "Madrid the call’s own 17:00–18:00 Thu 10 Dec 2026 UTC+1",
        "New York 11:00–12:00 Thu 10 Dec 2026 UTC−5",
        "Bengaluru 21:30–22:30 Thu 10 Dec 2026 UTC+5:30",
        "Tokyo 01:00–02:00 at night Fri 11 Dec 2026 +1 day UTC+9",
    ]


def test_the_visitors_place_comes_first_and_each_zone_once(read, publish):
    call = publish()
    assert rows(read(call, "?tz=America/Los_Angeles"))[0].startswith("Los Angeles you 05:00–06:00 at night")
    at_home = rows(read(call, "?tz=Europe/Madrid"))
    assert at_home[0].startswith("Madrid you the call’s own 14:00")
    assert len(at_home) == 4


def test_other_places_are_added_and_taken_away_by_the_address(read, publish):
    call = publish()
    asked = "?zone=Australia/Sydney&zone=America/Sao_Paulo&zone=Mars/Base&zone=Asia/Tokyo&tz=UTC"
    page = read(call, asked)
    assert [row.split(" ")[0] for row in rows(page)[-2:]] == ["Sydney", "Sao"]
    removing = [link["href"] for link in page.table.find_all("a")]
    assert removing[0] == f"/touchpoints/{call.key}/times?zone=America/Sao_Paulo&zone=Asia/Tokyo&tz=UTC"
    assert [kept["value"] for kept in page.find_all("input", {"name": "zone"})] == [
        "Australia/Sydney",
        "America/Sao_Paulo",
    ]


def test_nobody_adds_more_places_than_a_page_can_bear(read, publish):
    places = (
        "Sydney",
        "Perth",
        "Darwin",
        "Hobart",
        "Adelaide",
        "Brisbane",
        "Eucla",
        "Melbourne",
        "Lord_Howe",
        "Lindeman",
    )
    asked = "&".join(f"zone=Australia/{place}" for place in places)
    assert len(rows(read(publish(), f"?{asked}&zone={'x' * 99}"))) == 4 + 8


def test_weeks_in_which_clocks_differ_are_marked_with_what_they_mean(read, publish):
    call = publish()
    other = publish(datetime(2027, 3, 18, 14, 0))
    page = read(call, "?zone=Australia/Sydney")
    marked = page.find(class_="times-differ")
    assert [words(line) for line in marked.find_all("li")] == [
        "14–27 March 2027: 09:00 in New York instead of 08:00. Call in these days: 18 March .",
        "28 March – 3 April 2027: 23:00 in Sydney instead of 00:00.",
        "3–30 October 2027: 23:00 in Sydney instead of 22:00.",
        "31 October – 6 November 2027: 09:00 in New York instead of 08:00.",
    ]
    assert marked.a["href"] == f"/touchpoints/{other.key}"


def test_what_lasts_for_half_a_year_is_told_by_place(read, publish):
    year = read(publish()).find(id="year-h").find_next("table")
    assert [words(row) for row in year.tbody.find_all("tr")] == [
        f"{place} {winter} 23 November 2026 – 27 March 2027 {summer} 28 March – 30 October 2027"
        f" {winter} 31 October – 23 November 2027"
        for place, winter, summer in (("Bengaluru", "18:30", "17:30"), ("Tokyo", "22:00", "21:00"))
    ]


def test_of_a_call_that_is_over_or_off_nothing_is_told_of_the_year(read, publish, clock):
    for page in (
        read(publish(datetime(2026, 11, 5, 14, 0))),
        read(publish(title="", state=TouchpointState.SKIPPED, reason="Holiday")),
    ):
        assert page.table
        assert not page.find(id="differ-h")
        assert not page.find(id="year-h")
    assert clock.advance(timedelta())


def test_a_first_visit_asks_again_once_the_browser_has_said_its_zone(read, client, publish):
    call = publish()
    again = read(call, "?zone=Australia/Sydney").find(attrs={"hx-trigger": "load delay:200ms"})
    assert again["hx-get"] == f"/touchpoints/{call.key}/times?zone=Australia/Sydney"
    partial = client.get(again["hx-get"], headers={"HX-Request": "true"}).text
    assert partial.lstrip().startswith('<div id="times"')


def test_an_unknown_call_is_not_found_and_no_table_is_for_search_engines(client, publish):
    assert client.get("/touchpoints/unknown/times").status_code == 404
    assert client.get(f"/touchpoints/{publish().key}/times").headers["X-Robots-Tag"] == "noindex"


def test_the_calls_page_and_the_home_page_lead_there(client, publish):
    call = publish()
    for path in ("/", f"/touchpoints/{call.key}"):
        assert f'href="/touchpoints/{call.key}/times"' in client.get(path).text
