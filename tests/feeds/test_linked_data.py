"""A call as schema.org knows it: every fact that is public, nobody as a person, nothing that ends its element."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attribution import PublicText
from app.domain.publication import Audience, PublicDetail, PublicStatus
from app.feeds.linked_data import Publisher, event, event_series, in_script
from tests.public_values import CALL

BY = Publisher(PublicText("OSPO calls"), "https://calls.example/", "https://calls.example/static/social.png")
URL, SERIES = "https://calls.example/touchpoints/k", "https://calls.example/schedule?series=s"


def said(call=CALL, **more):
    return event(call, url=URL, series_url=SERIES, by=BY, **more)


def test_an_open_call_is_an_online_event():
    call = replace(CALL, talks=CALL.talks[:1])
    assert said(call) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": URL,
        "url": URL,
        "name": "S: Upstream first",
        "description": f"Upstream first, with Sam; A speaker\nHow.\n\n{call.notice.rule}",
        "startDate": "2026-12-10T14:00:00+01:00",
        "endDate": "2026-12-10T15:00:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": URL},
        "organizer": {"@type": "Organization", "name": "OSPO calls", "url": "https://calls.example/"},
        "superEvent": {"@type": "EventSeries", "name": "Series", "url": SERIES},
        "image": ["https://calls.example/static/social.png"],
        "isAccessibleForFree": True,
    }


def test_a_moved_call_says_when_it_was():
    moved = said(was=CALL.starts_at - timedelta(days=7))
    assert moved["eventStatus"] == "https://schema.org/EventRescheduled"
    assert moved["previousStartDate"] == "2026-12-03T14:00:00+01:00"


@pytest.mark.parametrize("off", [{"status": PublicStatus.CANCELLED}, {"skipped": True}])
def test_a_call_that_does_not_take_place_is_cancelled_also_after_a_move(off):
    cancelled = said(replace(CALL, talks=(), agenda=(), **off), was=CALL.starts_at - timedelta(days=7))
    assert (cancelled["eventStatus"], cancelled["name"]) == ("https://schema.org/EventCancelled", "S")
    assert "previousStartDate" not in cancelled


def test_a_members_call_has_an_audience_and_no_speaker():
    series = replace(CALL.series, audience=Audience.MEMBERS, detail=PublicDetail.TITLE_AND_TIME)
    talk = replace(CALL.talks[0], speakers=(), abstract=PublicText(""))
    members = said(replace(CALL, series=series, talks=(talk,), agenda=()))
    assert members["audience"] == {"@type": "Audience", "audienceType": "Members"}
    assert "isAccessibleForFree" not in members
    assert members["description"].startswith("Upstream first\n\n")


def test_nobody_is_a_person_of_their_own():
    written = json.dumps(said())
    assert ("Person" in written, "performer" in written) == (False, False)


def test_a_series_is_described_where_it_is():
    found = event_series(CALL.series, PublicText("For everyone."), url=SERIES, by=BY)
    assert {key: found[key] for key in ("@type", "name", "description", "url")} == {
        "@type": "EventSeries",
        "name": "Series",
        "description": "For everyone.",
        "url": SERIES,
    }
    assert "description" not in event_series(CALL.series, PublicText(""), url=SERIES, by=BY)


@given(st.one_of(st.text(), st.sampled_from(["</script><script>alert(1)</script>", "<!--", "]]>", "&lt;", "\u2028"])))
def test_whatever_was_typed_stays_within_its_element_and_is_read_again(typed):
    written = in_script({"name": typed})
    assert {"<", ">", "&", "\u2028", "\u2029"}.isdisjoint(written)
    assert json.loads(written) == {"name": typed}


def test_a_call_whose_day_is_not_known_is_dated_by_its_month():
    found = said(replace(CALL, day_known=False))
    assert (found["startDate"], "endDate" in found) == ("2026-12", False)
