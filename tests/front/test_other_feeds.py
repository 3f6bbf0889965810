"""Feeds by topic and of changes over HTTP: as cheap, as public and as well revalidated as the calendars."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from app.domain.states import TalkState
from app.models import Topic
from app.services.publishing import publish_touchpoint
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint
from tests.front.test_front import selects

CHANGES, TOPIC = "/calendar/all.atom", "/calendar/topics/law.ics"


@pytest.fixture
def call(session, site, now):
    topic = Topic(slug="law", name="Law", position=9)
    proposal = make_proposal(session)
    proposal.topics = [topic]
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    make_talk(session, proposal, call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return call


@pytest.mark.usefixtures("call")
@pytest.mark.parametrize(
    ("path", "kind"), [(CHANGES, "application/atom+xml; charset=utf-8"), (TOPIC, "text/calendar; charset=utf-8")]
)
def test_each_is_answered_from_memory_with_tags_dates_and_a_gzip_twin(app, client, clock, path, kind):
    clock.advance(timedelta(seconds=1))
    first = client.get(path)
    assert (first.status_code, first.headers["Content-Type"]) == (200, kind)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Last-Modified"] == "Mon, 23 Nov 2026 09:00:00 GMT"
    assert "Set-Cookie" not in first.headers
    statements = selects(app)
    for tag in (first.headers["ETag"], f"W/{first.headers['ETag']}", f'"other", {first.headers["ETag"]}', "*"):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    zipped = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(zipped.data) == first.data
    assert zipped.headers["ETag"] != first.headers["ETag"]
    assert client.head(path).headers["Content-Length"] == str(len(first.data))
    assert [text for text in statements if "public_change" in text or "publication" in text] == []


def test_a_change_is_there_at_once(session, client, call, site, clock):
    before = client.get(CHANGES)
    call.starts_at += timedelta(days=7)
    publish_touchpoint(session, call, site=site, now=clock.advance(timedelta(hours=1)))
    session.commit()
    after = client.get(CHANGES, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    entries = ET.fromstring(after.data).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 2


def test_a_topic_with_a_new_name_says_it_at_once(session, client, call):
    client.get(TOPIC)
    session.query(Topic).filter_by(slug="law").one().name = "Licences"
    session.commit()
    assert b"NAME:Touchpoints: Licences" in client.get(TOPIC).data


@pytest.mark.parametrize(
    "path",
    ["/calendar/none.atom", "/calendar/topics/none.ics", "/touchpoints/x.atom", "/calendar/topics/law.atom", "/x.atom"],
)
def test_what_is_no_feed_is_a_plain_404(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (404, "text/plain; charset=utf-8")
