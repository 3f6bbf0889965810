"""A public value survives its stored form, also an earlier release's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.notice import RuleScope
from app.domain.publication import PublicTouchpoint
from tests.public_values import CALL


def test_the_stored_form_is_json_and_gives_the_value_back():
    assert PublicTouchpoint.from_json(json.loads(json.dumps(CALL.to_json()))) == CALL


def test_a_value_of_an_earlier_release_is_read_and_a_later_ones_extra_words_are_ignored():
    stored = json.loads(json.dumps(CALL.to_json()))
    del stored["form"], stored["rule_scope"], stored["talks"][1]["also"]
    del stored["talks"][1]["key"], stored["talks"][1]["roles"]
    stored["more"] = stored["series"]["more"] = stored["talks"][0]["more"] = stored["agenda"][0]["more"] = 1
    older = replace(
        CALL, rule_scope=RuleScope.WHOLE, talks=(CALL.talks[0], replace(CALL.talks[1], also=(), key="", roles=()))
    )
    assert PublicTouchpoint.from_json(stored) == older


@pytest.mark.parametrize(
    "broken", [{}, {"series": None}, {**CALL.to_json(), "status": "?"}, {**CALL.to_json(), "talks": 1}]
)
def test_what_is_no_public_value_is_refused(broken):
    with pytest.raises((KeyError, TypeError, AttributeError, ValueError)):
        PublicTouchpoint.from_json(broken)


def test_a_call_ends_after_its_minutes_and_is_titled_by_its_talks():
    assert CALL.ends_at - CALL.starts_at == timedelta(minutes=60)
    assert CALL.title == "Upstream first / Second"
