"""The subscribe panel and the menu of one call: every feed has every way in, and an ended series says where it went."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from app.models import Topic


@pytest.fixture
def read(client):
    """A page, parsed."""
    return lambda path: BeautifulSoup(client.get(path).text, "html.parser")


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def test_a_topic_has_a_feed_to_choose_with_every_way_to_subscribe(read, session, settings):
    session.add(Topic(slug="licences", name="Licences & law", position=9))
    session.commit()
    panel = read("/subscribe?topic=licences").find(id="subscribe")
    assert words(panel.find("a", attrs={"aria-current": True})) == "Licences & law"
    assert panel.find("input")["value"] == f"{settings.base_url}/calendar/topics/licences.ics"
    assert panel.find("img")["src"] == "/calendar/topics/licences.qr.svg"
    outlook = panel.find("a", string="Outlook.com")["href"]
    assert parse_qs(urlsplit(outlook).query) == {
        "url": [f"{settings.base_url}/calendar/topics/licences.ics"],
        "name": [f"{settings.community_name}: Licences & law"],
    }
    assert words(read("/subscribe").find("a", href="/subscribe?topic=licences")) == "Licences & law"


def test_an_unknown_topic_is_not_found(client):
    assert client.get("/subscribe?topic=nothing").status_code == 404
    assert client.get("/calendar/topics/nothing.qr.svg").status_code == 404


def test_the_picture_of_a_topics_feed_opens_its_choice(client, session):
    session.add(Topic(slug="licences", name="Licences", position=9))
    session.commit()
    answer = client.get("/calendar/topics/licences.qr.svg")
    assert (answer.status_code, answer.content_type) == (200, "image/svg+xml")
    assert answer.data != client.get("/calendar/all.qr.svg").data


def test_a_series_that_ended_says_where_it_went_at_its_old_address(read, session, series):
    series.ended_on, series.moved_to = date(2026, 11, 20), "https://elsewhere.example/calls"
    session.commit()
    for path in ("/schedule?series=thursday", "/subscribe?feed=thursday"):
        said = read(path).find(id="farewell-thursday")
        assert "Thursday has ended. It meets here until 20 November 2026." in words(said)
        assert said.find("a")["href"] == "https://elsewhere.example/calls"


def test_a_series_that_will_end_says_so(read, session, series):
    series.ended_on = date(2026, 12, 20)
    session.commit()
    assert "Thursday ends." in words(read("/schedule?series=thursday").find(id="farewell-thursday"))
    assert "Thursday ends." in words(read("/").find(id="farewell-thursday"))


def test_a_page_names_the_feeds_for_readers_and_calendars(read):
    links = {link["type"]: link["href"] for link in read("/schedule").find_all("link", rel="alternate")}
    calendars = {kind: href for kind, href in links.items() if not kind.endswith("+oembed")}
    assert calendars == {"application/atom+xml": "/calendar/all.atom", "text/calendar": "/calendar/all.ics"}


def test_one_call_can_be_added_to_each_calendar(read, publish):
    call = publish(datetime(2026, 12, 10, 14, 0))
    menu = read(f"/touchpoints/{call.key}").find(class_="add")
    assert [(words(link), link["href"].split("?")[0]) for link in menu.find_all("a")] == [
        ("Google Calendar", "https://calendar.google.com/calendar/render"),
        ("Apple Calendar", f"/touchpoints/{call.key}.ics"),
        ("Outlook.com", "https://outlook.live.com/calendar/0/deeplink/compose"),
        ("Microsoft 365", "https://outlook.office.com/calendar/action/compose"),
        ("File for any calendar (.ics)", f"/touchpoints/{call.key}.ics"),
        ("Subscribe", "/subscribe"),
    ]
