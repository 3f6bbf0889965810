"""Addresses that open a feed or a call in somebody's calendar."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from app.domain.attribution import PublicText
from app.feeds.addresses import call_addresses, feed_addresses
from tests.public_values import CALL


def test_a_feed_opens_in_each_calendar():
    to = feed_addresses("https://touchpoints.example/calendar/all.ics", name="Calls: all & more")
    assert to.plain == "https://touchpoints.example/calendar/all.ics"
    assert to.apple == "webcal://touchpoints.example/calendar/all.ics"
    assert parse_qs(urlsplit(to.google).query) == {"cid": [to.apple]}
    assert parse_qs(urlsplit(to.outlook).query) == {"url": [to.plain], "name": ["Calls: all & more"]}
    assert to.office.replace("office.com", "live.com") == to.outlook


def test_a_call_is_filled_in_with_its_utc_instants():
    to = call_addresses(CALL, url="https://touchpoints.example/touchpoints/k")
    google, outlook = parse_qs(urlsplit(to.google).query), parse_qs(urlsplit(to.outlook).query)
    assert to.file == "https://touchpoints.example/touchpoints/k.ics"
    assert (google["text"], google["dates"]) == (["S: Upstream first / Second"], ["20261210T130000Z/20261210T140000Z"])
    assert (outlook["startdt"], outlook["enddt"]) == (["2026-12-10T13:00:00Z"], ["2026-12-10T14:00:00Z"])
    assert google["details"] == outlook["body"]
    assert parse_qs(urlsplit(to.office).query) == {key: value for key, value in outlook.items() if key != "path"}


def test_a_long_title_keeps_the_address_short_enough():
    long = replace(CALL, talks=tuple(replace(talk, title=PublicText("a" * 400)) for talk in CALL.talks))
    to = call_addresses(long, url="https://touchpoints.example/touchpoints/k")
    assert max(len(to.google), len(to.outlook)) < 2000
