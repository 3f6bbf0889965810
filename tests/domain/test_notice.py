"""The notice says what the Rule asks, and of each part whether it is recorded and whether the Rule holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.agenda import Segment, SegmentKind
from app.domain.notice import RULE, Part, RuleScope, notice, notice_of_scope, rule_scope
from app.domain.wording import FIRST, STANDARD

ASKS = "You may use what you hear, but not reveal who said it, who took part, or which organisations they belong to."
WELCOME = Segment(SegmentKind.WELCOME, "Welcome", 5, recorded=False, under_rule=False)
SLOT = Segment(SegmentKind.TALK, "Guest talk", 20, recorded=True, under_rule=False)
FORUM = Segment(SegmentKind.FORUM, "Open forum", 20, recorded=False, under_rule=True)


def talk(title: str, *, recorded: bool, under_rule: bool = False) -> Segment:
    return Segment(SegmentKind.TALK, title, 10, recorded, under_rule)


def test_a_call_is_under_the_rule_as_a_whole_in_part_or_not_at_all():
    assert rule_scope([FORUM, FORUM]) is RuleScope.WHOLE
    assert rule_scope([FORUM, WELCOME]) is RuleScope.PARTS
    assert rule_scope([WELCOME]) is RuleScope.NONE


def test_a_call_without_an_agenda_is_under_the_rule_as_a_whole():
    assert rule_scope([]) is RuleScope.WHOLE


def test_the_notice_has_a_plain_sentence_for_each_part():
    said = notice(RuleScope.PARTS, [Part(WELCOME), Part(SLOT), Part(FORUM)], wording=STANDARD)
    assert said.lines == (
        f"Held in part under the Chatham House Rule. {ASKS}",
        "Welcome, 5 min: not recorded, not under the Rule.",
        "Guest talk, 20 min: recorded, not under the Rule.",
        "Open forum, 20 min: under the Rule, not recorded.",
    )
    assert str(said) == " ".join(said.lines)


@pytest.mark.parametrize("kind", SegmentKind)
def test_each_kind_of_part_has_a_sentence_of_its_own(kind: SegmentKind):
    worded = replace(STANDARD, **{kind.value: "{part}: {recording}; {rule}; really {minutes}, {recording}."})
    part = Segment(kind, "A {rule} title", 7, recorded=True, under_rule=True)
    assert worded.part(part) == "A {rule} title: recorded; under the Rule; really 7, recorded."


def test_talks_of_one_part_are_named_where_one_is_recorded_and_another_is_not():
    mixed = Part(replace(SLOT, recorded=False), (talk("First", recorded=True), talk("Second", recorded=False)))
    assert notice(RuleScope.NONE, [mixed], wording=STANDARD).parts == (
        "First, 10 min: recorded, not under the Rule.",
        "Second, 10 min: not recorded, not under the Rule.",
    )


def test_talks_of_one_part_that_are_all_recorded_are_one_part():
    both = Part(SLOT, (talk("First", recorded=True), talk("Second", recorded=True)))
    assert notice(RuleScope.NONE, [both], wording=STANDARD).parts == (
        "Guest talk, 20 min: recorded, not under the Rule.",
    )


def test_a_call_without_the_rule_says_so():
    assert (
        str(notice_of_scope(RuleScope.NONE, wording=STANDARD))
        == "No part of this call is held under the Chatham House Rule."
    )


def test_without_a_public_agenda_the_notice_is_of_the_rule_alone():
    assert notice_of_scope(RuleScope.PARTS, wording=STANDARD).lines == (
        f"Held in part under the Chatham House Rule. {ASKS}",
    )
    assert notice_of_scope(RuleScope.WHOLE, wording=STANDARD).lines == (f"Held under the Chatham House Rule. {ASKS}",)


def test_our_first_words_list_the_parts_and_what_is_recorded():
    parts = [Part(replace(WELCOME, recorded=True)), Part(SLOT, (talk("Upstream first", recorded=True),)), Part(FORUM)]
    assert str(notice(RuleScope.PARTS, [*parts, Part(FORUM)], wording=FIRST)) == (
        f"Held in part under the Chatham House Rule: Open forum. {ASKS} "
        "Recorded: Welcome; Upstream first; nothing else."
    )


def test_our_first_words_name_no_parts_of_a_whole_call():
    said = notice(RuleScope.WHOLE, [Part(FORUM), Part(FORUM)], wording=FIRST)
    assert str(said) == f"Held under the Chatham House Rule. {ASKS} Nothing is recorded."


def test_the_rule_is_singular():
    assert "Chatham House Rule," in RULE
    assert "Rules" not in RULE
