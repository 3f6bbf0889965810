"""What a page says of itself to programs: previews of links, schema.org; and which pages say nothing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.publication import Audience, PublicDetail
from app.domain.states import TalkState
from app.models import Talk
from app.services import scheduling
from app.services.auditing import COMMAND
from app.services.publishing import publish_touchpoint
from tests.cast import make_series


@pytest.fixture
def head(client):
    def read(path):
        answer = client.get(path)
        assert answer.status_code == 200
        return BeautifulSoup(answer.text, "html.parser").head

    return read


def data(head):
    return [json.loads(script.string) for script in head.find_all("script", type="application/ld+json")]


def meta(head):
    return {tag["property"]: tag["content"] for tag in head.find_all("meta", property=True)}


def test_a_calls_page_is_an_event_whatever_its_title_says(head, publish):
    call = publish(title="</script><b>\"Quoted\" & 'more'</b>")
    [event] = data(head(f"/touchpoints/{call.key}"))
    assert event["name"] == "Thursday: </script><b>\"Quoted\" & 'more'</b>"
    assert event["url"] == event["location"]["url"] == f"http://localhost/touchpoints/{call.key}"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"


def test_a_move_is_told_once_its_speakers_said_yes_again(head, publish, session, site, now):
    call, now = publish(), now + timedelta(days=2)
    later = call.local_start + timedelta(days=1)
    scheduling.move_touchpoint(session, call, to=later, version=call.version, by=COMMAND, site=site, now=now)
    [event] = data(head(f"/touchpoints/{call.key}"))
    assert event["eventStatus"] == "https://schema.org/EventCancelled"
    assert "previousStartDate" not in event
    talk = session.scalars(select(Talk)).one()
    talk.state = TalkState.CONFIRMED
    publish_touchpoint(session, call, site=site, now=now + timedelta(hours=1))
    session.commit()
    [event] = data(head(f"/touchpoints/{call.key}"))
    assert event["startDate"] == "2026-12-11T14:00:00+01:00"
    assert event["previousStartDate"] == "2026-12-10T14:00:00+01:00"
    assert event["eventStatus"] == "https://schema.org/EventRescheduled"


def test_a_page_that_is_not_listed_says_nothing_to_programs(head, publish, session, site, now):
    call = publish()
    for segment in call.segments:
        segment.under_rule = True
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    found = head(f"/touchpoints/{call.key}")
    assert (data(found), meta(found)) == ([], {})
    assert (data(head("/sign-in")), meta(head("/sign-in"))) == ([], {})


def test_the_dates_of_a_series_are_a_series_of_events(head, publish):
    publish()
    [series] = data(head("/schedule?series=thursday"))
    assert (series["@type"], series["url"]) == ("EventSeries", "http://localhost/schedule?series=thursday")
    assert data(head("/schedule")) == []


def test_a_members_call_tells_programs_no_more_than_people(head, publish, session):
    hidden = make_series(session, "friday", audience=Audience.MEMBERS)
    hidden.public_detail = PublicDetail.TIME
    call = publish(datetime(2026, 12, 11, 17, 30), title="A secret title", of=hidden)
    found = head(f"/touchpoints/{call.key}")
    assert data(found)[0]["name"] == "Friday"
    assert "secret" not in str(found)


def test_a_link_to_a_page_has_a_preview(head, publish, client):
    call = publish(title='Say "why" & how')
    found = head(f"/touchpoints/{call.key}")
    said = meta(found)
    assert (said["og:title"], said["og:type"]) == ('Say "why" & how, 10 December 2026', "website")
    assert said["og:description"] == found.find("meta", attrs={"name": "description"})["content"]
    assert said["og:url"] == f"http://localhost/touchpoints/{call.key}"
    picture = client.get(said["og:image"].removeprefix("http://localhost"))
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert found.find("meta", attrs={"name": "twitter:card"})["content"] == "summary_large_image"


def test_the_address_of_a_page_is_without_what_its_visitor_chose(head, publish):
    publish()
    assert meta(head("/schedule?series=thursday&tz=Asia/Tokyo&page=1"))["og:url"] == (
        "http://localhost/schedule?series=thursday"
    )
