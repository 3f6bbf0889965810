"""The choices of what the public sees of a members-only series, with what its calendars would say."""

from app.services.queries.public_details import detail_choices


def test_each_choice_shows_what_public_calendars_would_say(now):
    examples = {each.value: each.example for each in detail_choices(short_name="Monday", now=now)}
    assert examples == {
        "title_and_time": "Monday: How we answer an audit, Monday 30 November 2026, 16:30–17:30 UTC",
        "time": "Monday, Monday 30 November 2026, 16:30–17:30 UTC",
        "nothing": "Not found",
    }


def test_a_new_series_has_an_example_of_a_name(now):
    assert detail_choices(short_name="", now=now)[1].example.startswith("Friday, ")
