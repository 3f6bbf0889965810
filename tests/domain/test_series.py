"""A series' forms: every mistake is named beside its field, and what is right becomes a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from app.domain.agenda import Segment, SegmentKind
from app.domain.cadence import Cadence, Rule
from app.domain.errors import InvalidInput
from app.domain.join_links import WHY_NOT
from app.domain.publication import Audience, PublicDetail
from app.domain.secret import NO_WAY_IN, Secret, WayIn
from app.domain.series import (
    PartDraft,
    RuleDraft,
    SeriesDraft,
    read_agenda,
    read_rule,
    reason_problem,
    series_problems,
    way_in_problems,
)

TODAY = date(2026, 11, 23)
THURSDAY = SeriesDraft(
    name="Thursday: Europe chapter & OSPOlogy",
    short_name="Thursday",
    slug="thursday",
    audience=Audience.OPEN,
    hue="blue",
    shape="circle",
    role_address="thursday@example.org",
    description="Open to everyone.",
)
MONTHLY = RuleDraft("monthly", 4, None, (2,), time(14), 60, "Europe/Madrid", date(2026, 1, 1))
WEEKLY = RuleDraft("weekly", 5, 2, (), time(17, 30), 60, "Europe/Madrid", date(2026, 1, 1))


def is_address(address: str) -> bool:
    return "@" in address


def problems(**changes):
    return series_problems(replace(THURSDAY, **changes), is_address=is_address)


def test_a_whole_form_has_no_problems():
    assert problems() == {}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, {"name": "Give the series a name."}),
        ({"name": "x" * 121}, {"name": "At most 120 characters; these are 121."}),
        ({"name": "zoom.us/j/123"}, {"name": WHY_NOT}),
        ({"short_name": ""}, {"short_name": "Give it a short name, for chips and columns."}),
        ({"short_name": "x" * 41}, {"short_name": "At most 40 characters; these are 41."}),
        ({"slug": ""}, {"slug": "Use small letters, digits and single hyphens, like thursday."}),
        ({"slug": "Thurs day"}, {"slug": "Use small letters, digits and single hyphens, like thursday."}),
        ({"slug": "x" * 41}, {"slug": "Use small letters, digits and single hyphens, like thursday."}),
        ({"slug": "all"}, {"slug": "“all” is taken by the site itself: choose another."}),
        ({"audience": None}, {"audience": "Choose who it is for."}),
        ({"hue": "mauve"}, {"hue": "Choose a hue from the list."}),
        ({"shape": "star"}, {"shape": "Choose a shape from the list."}),
        (
            {"role_address": "nobody"},
            {"role_address": "Give a mailbox of the series, like thursday@example.org; never a person's own."},
        ),
        ({"description": "x" * 2001}, {"description": "At most 2000 characters; these are 2001."}),
        ({"description": "Passcode: 4711"}, {"description": WHY_NOT}),
    ],
)
def test_each_mistake_of_a_series_is_said_beside_its_field(changes, sentence):
    assert problems(**changes) == sentence


def test_an_empty_form_names_its_problems_in_the_form_s_order():
    assert list(series_problems(SeriesDraft(), is_address=is_address)) == [
        "name",
        "short_name",
        "slug",
        "audience",
        "role_address",
    ]


def test_a_way_in_is_empty_or_whole_addresses_and_short_words():
    whole = WayIn(*map(Secret, ("https://zoom.us/j/123?pwd=abc", "123456", "+49 69 1, 812 3456#", "https://zoom.us/x")))
    assert way_in_problems(NO_WAY_IN) == way_in_problems(whole) == {}
    wrong = WayIn(Secret("zoom"), Secret("x" * 121), Secret("x" * 501), Secret("there"))
    assert way_in_problems(wrong) == {
        "join_url": "Write the link whole, beginning with https://.",
        "registration": "Write the link whole, beginning with https://.",
        "passcode": "At most 120 characters; these are 121.",
        "dial_in": "At most 500 characters; these are 501.",
    }


def test_what_the_public_sees_is_chosen_from_three():
    for chosen in (None, PublicDetail.EVERYTHING):
        problems = series_problems(replace(THURSDAY, public_detail=chosen), is_address=lambda _: True)
        assert problems == {"public_detail": "Choose what the public sees of it."}


def test_a_public_reason_is_short_and_holds_no_secret():
    assert reason_problem("New Year's Day") is None
    assert reason_problem("") == "Say why, in a few words: subscribers read it."
    assert reason_problem("x" * 121) == "At most 120 characters; these are 121."
    assert reason_problem("see meet.google.com/abc") == WHY_NOT


def test_a_monthly_form_becomes_a_rule_with_its_weeks_in_order():
    assert read_rule(replace(MONTHLY, nths=(3, 1), weeks=2), today=TODAY) == Rule(
        date(2026, 1, 1), Cadence(4, nths=(1, 3)), time(14), 60, "Europe/Madrid"
    )


def test_a_weekly_form_becomes_a_rule_whatever_its_monthly_boxes_say():
    assert read_rule(replace(WEEKLY, nths=(1,)), today=TODAY) == Rule(
        date(2026, 1, 1), Cadence(5, weeks=2), time(17, 30), 60, "Europe/Madrid"
    )


def test_a_call_at_midnight_is_a_rule_too():
    assert read_rule(replace(WEEKLY, start=time(0)), today=TODAY).start == time(0)


@pytest.mark.parametrize(
    ("draft", "errors"),
    [
        (replace(WEEKLY, rhythm="hourly"), {"rhythm": "Choose weeks or months."}),
        (replace(WEEKLY, weeks=None), {"weeks": "Choose how many weeks apart."}),
        (replace(WEEKLY, weeks=5), {"weeks": "Choose how many weeks apart."}),
        (replace(MONTHLY, nths=()), {"nth": "Choose at least one week of the month."}),
        (replace(MONTHLY, nths=(1, 6)), {"nth": "Choose at least one week of the month."}),
        (replace(MONTHLY, weekday=8), {"weekday": "Choose a day of the week."}),
        (replace(MONTHLY, start=None), {"start": "Give the start as hours and minutes, like 14:00."}),
        (replace(MONTHLY, minutes=None), {"minutes": "A call takes 15 to 240 minutes."}),
        (replace(MONTHLY, minutes=241), {"minutes": "A call takes 15 to 240 minutes."}),
        (replace(MONTHLY, zone="CET"), {"zone": "Choose a place from the list."}),
        (replace(MONTHLY, valid_from=None), {"valid_from": "Give the first day on which the rule holds."}),
        (
            replace(MONTHLY, valid_from=date(1999, 12, 31)),
            {"valid_from": "Choose a day between 2000 and two years from now."},
        ),
        (
            replace(MONTHLY, valid_from=date(2029, 1, 1)),
            {"valid_from": "Choose a day between 2000 and two years from now."},
        ),
    ],
)
def test_each_mistake_of_a_rule_is_said_beside_its_field(draft, errors):
    with pytest.raises(InvalidInput) as refused:
        read_rule(draft, today=TODAY)

    assert refused.value.errors == errors


WELCOME = PartDraft(0, 1, SegmentKind.WELCOME, "", 5, recorded=False, under_rule=True)
TALK = PartDraft(1, 2, SegmentKind.TALK, "Two guest talks", 40, recorded=True, under_rule=False)
IN_CONFIDENCE = "What is under the Rule cannot be recorded. A talk can, if its speakers agree."
FORUM = PartDraft(2, 3, SegmentKind.FORUM, "", 15, recorded=False, under_rule=True)


def test_rows_become_an_agenda_in_order_of_their_positions():
    rows = [replace(FORUM, position=9), replace(TALK, position=None), WELCOME]

    assert read_agenda(rows, minutes=60) == [
        Segment(SegmentKind.WELCOME, "Welcome", 5, recorded=False, under_rule=True),
        Segment(SegmentKind.FORUM, "Open forum", 15, recorded=False, under_rule=True),
        Segment(SegmentKind.TALK, "Two guest talks", 40, recorded=True, under_rule=False),
    ]


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ([], {"parts": "An agenda needs at least one part."}),
        ([replace(WELCOME, kind=None)], {"part-0-kind": "Choose what this part is."}),
        ([replace(TALK, title="x" * 121)], {"part-1-title": "At most 120 characters; these are 121."}),
        ([replace(TALK, title="zoom.us/j/1")], {"part-1-title": WHY_NOT}),
        ([replace(WELCOME, minutes=0)], {"part-0-minutes": "Say how many minutes it takes, as a whole number."}),
        ([replace(WELCOME, minutes=None)], {"part-0-minutes": "Say how many minutes it takes, as a whole number."}),
        ([WELCOME] * 13, {"parts": "At most 12 parts; these are 13."}),
        ([WELCOME, TALK, replace(FORUM, minutes=16)], {"parts": "The parts take 61 minutes, the call only 60."}),
        ([replace(FORUM, recorded=True)], {"part-2-recorded": IN_CONFIDENCE}),
    ],
)
def test_each_mistake_of_an_agenda_is_said_beside_its_row(rows, errors):
    with pytest.raises(InvalidInput) as refused:
        read_agenda(rows, minutes=60)

    assert refused.value.errors == errors
