"""No public copy of ours is older than five minutes: what a speaker takes back is gone by then, whoever kept it."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from app.domain.receipts import CLEAN_WITHIN
from app.domain.states import ProposalState, TalkState
from app.models import Topic
from app.services.publishing import publish_touchpoint
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def call(session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14))
    session.add(Topic(slug="funding", name="Funding"))
    make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return call


def addresses(app, call):
    """Each address that answers a GET, with what its placeholders may be; files of the design hold nobody's words."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.endpoint.endswith("static"):
            topic = "funding" if "topics" in rule.rule else "all"
            yield re.sub(r"<[^>]*key>", call.key, re.sub(r"<[^>]*slug>", topic, rule.rule)).replace("<token>", "x")


def test_nobody_may_keep_an_answer_for_longer_than_the_receipt_says(app, visitor, call):
    kept = {}
    for address in addresses(app, call):
        answer = visitor.get(re.sub(r"<[^>]*>", "1", address))
        if not answer.cache_control.no_store and not answer.cache_control.no_cache:
            kept[address] = answer.cache_control.max_age
            assert answer.cache_control.s_maxage is None
    assert kept[f"/touchpoints/{call.key}.ics"] == kept["/calendar/all.ics"] == 300
    assert {address: age for address, age in kept.items() if age is None or age > CLEAN_WITHIN.seconds} == {}
