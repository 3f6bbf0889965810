"""The notice says which parts the Rule covers and what is recorded."""

from __future__ import annotations

from app.domain.agenda import Segment, SegmentKind
from app.domain.notice import RULE, RuleScope, notice, notice_of_scope, rule_scope

ASKS = "You may use what you hear, but not reveal who said it, who took part, or which organisations they belong to."


def part(*, under_rule: bool) -> Segment:
    return Segment(SegmentKind.FORUM, "Open forum", 20, recorded=False, under_rule=under_rule)


def test_a_call_is_under_the_rule_as_a_whole_in_part_or_not_at_all():
    assert rule_scope([part(under_rule=True), part(under_rule=True)]) is RuleScope.WHOLE
    assert rule_scope([part(under_rule=True), part(under_rule=False)]) is RuleScope.PARTS
    assert rule_scope([part(under_rule=False)]) is RuleScope.NONE


def test_a_call_without_an_agenda_is_under_the_rule_as_a_whole():
    assert rule_scope([]) is RuleScope.WHOLE


def test_the_notice_of_a_part_names_it_and_what_is_recorded():
    said = notice(RuleScope.PARTS, parts=["Open forum", "Q&A"], recorded=["Welcome", "Upstream first"])
    assert str(said) == (
        f"Held in part under the Chatham House Rule: Open forum; Q&A. {ASKS} "
        "Recorded: Welcome; Upstream first; nothing else."
    )


def test_a_title_that_occurs_twice_is_said_once():
    said = notice(RuleScope.PARTS, parts=["Forum", "Forum"], recorded=[])
    assert said.rule == f"Held in part under the Chatham House Rule: Forum. {ASKS}"


def test_the_notice_of_a_whole_call_names_no_parts():
    said = notice(RuleScope.WHOLE, parts=["Welcome", "Open forum"], recorded=[])
    assert str(said) == f"Held under the Chatham House Rule. {ASKS} Nothing is recorded."


def test_a_call_without_the_rule_says_so():
    assert str(notice_of_scope(RuleScope.NONE)) == "No part of this call is held under the Chatham House Rule."


def test_without_a_public_agenda_the_notice_is_of_the_rule_alone():
    assert str(notice_of_scope(RuleScope.PARTS)) == f"Held in part under the Chatham House Rule. {ASKS}"


def test_the_rule_is_singular():
    assert "Chatham House Rule," in RULE
    assert "Rules" not in RULE
