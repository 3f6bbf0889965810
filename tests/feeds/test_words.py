"""A call in the words of a calendar entry."""

from __future__ import annotations

from dataclasses import replace

from app.domain.agenda import SegmentKind
from app.domain.attribution import PublicText
from app.domain.publication import PublicSegment, PublicStatus
from app.feeds.words import description, summary
from tests.public_values import CALL

URL = "https://touchpoints.example/touchpoints/k"


def test_the_summary_names_series_and_talks():
    assert summary(CALL) == "S: Upstream first / Second"


def test_the_summary_of_a_call_without_talks_is_its_series():
    assert summary(replace(CALL, talks=())) == "S"


def test_the_summary_of_a_cancelled_call_names_the_series_alone():
    assert summary(replace(CALL, status=PublicStatus.CANCELLED)) == "Cancelled: S"


def test_the_description_has_notice_time_agenda_talks_and_page():
    forum = PublicSegment(SegmentKind.FORUM, PublicText("Open forum"), 45, 15, recorded=False, under_rule=True)
    silent = replace(CALL.talks[1], recorded=False, abstract=PublicText(""), also=())
    call = replace(CALL, agenda=(*CALL.agenda, forum), talks=(CALL.talks[0], silent))
    assert description(call, url=URL) == (
        "Held in part under the Chatham House Rule. You may use what you hear, but not reveal who said it, who took "
        "part, or which organisations they belong to.\n"
        "Upstream first, 20 min: recorded, not under the Rule.\n"
        "Second, 20 min: not recorded, not under the Rule.\n"
        "Open forum, 15 min: under the Rule, not recorded.\n"
        "\n"
        "Thursday 10 December 2026, 14:00–15:00 Madrid\n"
        "\n"
        "Agenda\n"
        "14:05 Guest talk, 40 min (recorded)\n"
        "    14:05 Upstream first, 20 min\n"
        "    14:25 Second, 20 min\n"
        "14:45 Open forum, 15 min (Chatham House Rule)\n"
        "\n"
        "Upstream first\n"
        "Sam; A speaker\n"
        "This talk is recorded.\n"
        "Also: F, Friday 18 December 2026, 17:30–18:30 Madrid\n"
        "How.\n"
        "\n"
        "Second\n"
        "Sam; A speaker\n"
        "This talk is not recorded.\n"
        "\n"
        f"Details: {URL}"
    )


def test_a_members_only_call_has_time_and_notice_only():
    hidden = replace(CALL.talks[0], speakers=(), abstract=PublicText(""), starts=None, also=())
    assert description(replace(CALL, agenda=(), talks=(hidden,)), url=URL) == (
        "Held in part under the Chatham House Rule. You may use what you hear, but not reveal who said it, who took "
        "part, or which organisations they belong to.\n\nThursday 10 December 2026, 14:00–15:00 Madrid\n\n"
        f"Details: {URL}"
    )


def test_of_a_call_whose_day_is_not_known_no_time_is_said():
    text = description(replace(CALL, day_known=False), url="https://calls.example.org/x")
    assert "December 2026, day not known" in text
    assert "13:00" not in text
    assert "14:0" not in text
