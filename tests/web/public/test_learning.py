"""The learning space in a browser: search, filters and addresses to share, with and without htmx; one talk's page."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.models import Talk, Topic
from app.services.publishing import publish_touchpoint
from tests.cast import make_speaker, make_touchpoint

HELD = datetime(2026, 11, 5, 14, 0)


@pytest.fixture
def read(client):
    def read(path, status=200, **headers):
        answer = client.get(path, headers=headers)
        assert answer.status_code == status
        return BeautifulSoup(answer.text, "html.parser")

    return read


@pytest.fixture
def talk(session, publish, site, now):
    """A held talk with all that there can be of it; its key."""
    call = publish(HELD, title="Licences <b>first</b>")
    talk = session.scalars(select(Talk)).one()
    talk.recording_url, talk.slides_url = "https://video.example/1", "https://slides.example/1"
    talk.confirmations[0].slides_consent = True
    talk.proposal.abstract = "How <i>we</i> read **licences**."
    talk.proposal.topics = [Topic(slug="law", name="Law & order")]
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return talk


def words(element):
    return " ".join(element.get_text(" ").split())


def titles(page):
    return [words(each) for each in page.select(".event-title")]


def test_a_talk_stands_with_its_date_its_speakers_and_what_there_is_of_it(read, talk):
    [entry] = read("/learning").select("article")
    assert words(entry).startswith("5 Nov 5 Nov 2026 Thursday Licences <b>first</b> Sam Speaker, Kestrel Works")
    hrefs = [link["href"] for link in entry.select("a")]
    assert hrefs == [f"/learning/{talk.key}", "https://video.example/1", "https://slides.example/1"]


def test_what_is_found_is_marked_and_escaped(read, talk):
    page = read("/learning?q=licen")
    assert [mark.text for mark in page.select("mark")] == ["Licences", "licences"]
    assert page.select_one(".event-found").text == "How <i>we</i> read licences."
    assert page.select(".event-title b, .event-found i") == []
    assert words(page.select_one(".archive-said")) == "1 talk with “licen”, of 1 in all"


def test_filters_are_selects_that_say_how_many(read, talk, publish):
    publish(datetime(2025, 11, 6, 14, 0), title="Older")
    page = read("/learning?topic=Law+%26+order")
    assert titles(page) == ["Licences <b>first</b>"]
    assert page.select_one("select[name=role]") is None  # where there is nothing to choose
    assert words(read("/learning").select_one("select[name=year]")) == "Any year 2026 (1) 2025 (1)"
    topic = page.select_one("select[name=topic]")
    assert [words(option) for option in topic.select("option")] == ["Any topic", "Law & order (1)"]
    assert topic.select_one("option[selected]")["value"] == "Law & order"
    assert [link["href"] for link in page.select(".archive-chosen a")] == ["/learning", "/learning"]


def test_a_choice_that_narrows_is_offered_though_it_is_the_only_one(read, talk, publish):
    publish(datetime(2026, 10, 8, 14, 0), title="On dates")
    filters = {each["name"]: words(each) for each in read("/learning").select("select[id^=archive-]")}
    assert filters["topic"] == "Any topic Law & order (1)"


def test_an_address_can_be_shared_and_its_pages_keep_what_it_asks(read, publish):
    for day in range(21):
        publish(HELD - timedelta(days=day), title=f"Licence {day:02}")
    first = read("/learning?q=licence&series=thursday")
    assert first.select_one("a[rel=next]")["href"] == "/learning?q=licence&series=thursday&page=2"
    assert titles(read("/learning?q=licence&series=thursday&page=2")) == ["Licence 20"]
    assert len(read("/learning?page=nonsense").select("article")) == 20


def test_nothing_found_says_what_to_try(read, talk):
    page = read("/learning?q=nothing&year=2026")
    assert "Try fewer words" in words(page.select_one(".blank"))
    assert page.select_one(".blank a")["href"] == "/learning?q=nothing"
    assert read("/learning?year=1999").select_one(".blank a")["href"] == "/learning"
    assert "No call has been held yet" not in words(page)


def test_before_the_first_call_the_archive_says_so(read):
    assert "No call has been held yet" in words(read("/learning"))


def test_htmx_gets_the_list_with_its_filters_alone(client, talk):
    answer = client.get("/learning?q=licen", headers={"HX-Request": "true"})
    assert "HX-Request" in answer.headers["Vary"]
    page = BeautifulSoup(answer.text, "html.parser")
    assert (page.select_one("#archive") is not None, page.h1) == (True, None)


def test_a_search_is_not_for_search_engines_and_the_archive_is(client, talk):
    assert "X-Robots-Tag" not in client.get("/learning?year=2026").headers
    found = client.get("/learning?q=licen")
    assert (found.headers["X-Robots-Tag"], 'content="noindex"' in found.text) == ("noindex", True)


def test_the_former_address_leads_here(client):
    answer = client.get("/past?page=2&tz=Asia/Tokyo&_external=1&q=two+words")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/learning?q=two+words&page=2&tz=Asia/Tokyo")


def test_a_talk_has_a_page_of_its_own(read, talk):
    page = read(f"/learning/{talk.key}").main
    assert page.h1.text == "Licences <b>first</b>"
    assert words(page.select_one(".call-who")) == "Sam Speaker, Kestrel Works"
    hrefs = [link["href"] for link in page.select("a[href]")]
    for expected in (
        "/learning",
        "https://video.example/1",
        "https://slides.example/1",
        "/learning?topic=Law+%26+order",
        f"/touchpoints/{talk.touchpoint.key}",
    ):
        assert expected in hrefs
    assert f"/learning/{talk.key}" in [link["href"] for link in read(hrefs[-1]).select("h2 a")]


def test_a_talk_to_come_has_its_page_and_leads_to_the_schedule(read, session, publish):
    publish(title="Later")
    key = session.scalars(select(Talk.key)).one()
    assert read(f"/learning/{key}").main.select_one(".crumb")["href"] == "/schedule"


def test_a_talk_that_moves_to_another_call_keeps_its_address(read, session, series, talk, site, now):
    left = talk.touchpoint
    talk.touchpoint = make_touchpoint(session, series, HELD - timedelta(days=7))
    for call in (left, talk.touchpoint):
        publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    assert "29 October 2026" in words(read(f"/learning/{talk.key}").main)


def test_a_talk_that_is_public_no_more_is_not_found(read, session, talk, site, now):
    call = talk.touchpoint
    talk.touchpoint = None
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    assert "Licences" not in read(f"/learning/{talk.key}", status=404).text
    assert titles(read("/learning?q=licences")) == []


def test_a_talk_of_a_call_wholly_under_the_rule_is_not_for_search_engines(client, session, talk, site, now):
    assert "X-Robots-Tag" not in client.get(f"/learning/{talk.key}").headers
    for segment in talk.touchpoint.segments:
        segment.under_rule = True
    publish_touchpoint(session, talk.touchpoint, site=site, now=now)
    session.commit()
    answer = client.get(f"/learning/{talk.key}")
    assert (answer.headers["X-Robots-Tag"], 'content="noindex"' in answer.text) == ("noindex", True)


def test_nobody_is_found_by_what_they_withhold(read, publish):
    shy = make_speaker("Quillon Canary", affiliation="Canary Corp", attribution=Attribution.ROLE)
    publish(HELD, title="What Quillon Canary learned", speakers=(shy,))
    for path in ("/learning?q=quillon", "/learning?q=canary", "/learning?q=corp"):
        assert titles(read(path)) == []
    assert "Quillon" not in read("/learning?role=ospo").text
