"""The series pages: for organizers alone, every control a plain form, every mistake beside its field."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.notes import NotesAudience
from app.domain.people import Role
from app.domain.publication import Audience
from app.models import CadenceException, JoinLink, Series
from tests.cast import make_group, make_person, make_series, make_touchpoint

MONDAY = {
    "name": "Monday: research",
    "short_name": "Monday",
    "slug": "monday",
    "audience": "members",
    "hue": "teal",
    "shape": "diamond",
    "role_address": "monday@example.org",
    "description": "For **those** who study it.",
    "ended_on": "",
}
SECOND_THURSDAY = {
    "rhythm": "monthly",
    "weekday": "4",
    "nth": ["2"],
    "weeks": "2",
    "start": "14:00",
    "minutes": "60",
    "zone": "Europe/Madrid",
    "valid_from": "2027-01-01",
    "version": "1",
}
AGENDA = {
    "part": ["0", "1"],
    "part-0-position": "2",
    "part-0-kind": "forum",
    "part-0-minutes": "20",
    "part-0-title": "",
    "part-0-under_rule": "1",
    "part-1-position": "1",
    "part-1-kind": "talk",
    "part-1-minutes": "40",
    "part-1-title": "Two talks",
    "part-1-recorded": "1",
    "version": "1",
}


@pytest.fixture
def engine_name():
    """What the pages ask of the database is promised on both engines beside the services."""
    return "sqlite"


@pytest.fixture
def browser(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def thursday(session):
    return make_series(session)


def kept(session):
    session.expire_all()
    return session.scalars(select(Series).order_by(Series.id)).all()


PATHS = ["/series", "/series/new", "/series/thursday", "/series/thursday/edit", "/series/thursday/rules/new"]


@pytest.mark.parametrize("path", [*PATHS, "/series/thursday/agenda"])
@pytest.mark.usefixtures("thursday")
def test_only_organizers_see_series(session, sign_in, visitor, path):
    member = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))

    assert visitor.get(path).status_code == 303
    assert member.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/series",
        "/series/thursday/edit",
        "/series/thursday/rules",
        "/series/thursday/rules/1/remove",
        "/series/thursday/exceptions",
        "/series/thursday/exceptions/2026-12-03/remove",
        "/series/thursday/agenda",
        "/series/thursday/join-link",
    ],
)
def test_a_member_changes_nothing(session, thursday, sign_in, path):
    member = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))

    assert member.post(path, {**MONDAY, **SECOND_THURSDAY, "join_url": "https://x.example"}).status_code == 404
    assert kept(session) == [thursday]
    assert thursday.version == 1


def test_a_series_is_begun_and_led_on_to_its_cadence(session, browser):
    answer = browser.post("/series", MONDAY)

    assert (answer.status_code, answer.location) == (303, "/series/monday/rules/new")
    (series,) = kept(session)
    assert (series.name, series.audience, series.description) == (
        "Monday: research",
        Audience.MEMBERS,
        "For **those** who study it.",
    )
    assert "Cadence of Monday" in browser.get(answer.location).text


def test_an_empty_form_offers_every_colour_and_shape(browser):
    page = browser.get("/series/new").text

    assert [word in page for word in ("Teal", "Plum", "Triangle", "Diamond")] == [True] * 4


def test_a_form_with_mistakes_comes_back_whole(session, browser):
    answer = browser.post("/series", {**MONDAY, "name": "", "slug": "Über"})

    assert answer.status_code == 422
    assert "<title>Error: New series" in answer.text
    assert "2 things to fix" in answer.text
    assert 'value="Über"' in answer.text
    assert 'value="monday@example.org"' in answer.text
    assert kept(session) == []


def test_control_characters_and_what_would_be_markup_do_no_harm(session, browser):
    browser.post("/series", {**MONDAY, "name": "Mon\x00day\u202e <b>", "description": "<script>alert(1)</script>"})

    (series,) = kept(session)
    assert series.name == "Monday <b>"
    page = browser.get("/series/monday").text
    assert "Monday &lt;b&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.usefixtures("thursday")
def test_the_list_names_each_cadence_and_the_next_call(session, thursday, browser):
    make_touchpoint(session, thursday, datetime(2026, 12, 3, 14, 0))

    page = browser.get("/series").text

    assert "Every 2nd Thursday, 14:00 Madrid" in page
    assert "Thu 3 Dec, 14:00" in page


def test_a_series_is_edited_against_the_version_that_was_seen(session, thursday, browser):
    form = {**MONDAY, "slug": "thursday", "name": "OSPOlogy", "version": "1"}

    assert browser.get("/series/thursday/edit").text.count('name="version" value="1"') == 1
    assert browser.post("/series/thursday/edit", form).location == "/series/thursday"
    session.refresh(thursday)
    assert thursday.name == "OSPOlogy"


def test_a_stale_form_of_a_series_shows_both_and_loses_nothing(session, thursday, browser):
    form = {**MONDAY, "slug": "thursday", "name": "OSPOlogy", "public_detail": "time", "version": "1"}
    form["description"] = "Two\r\nlines."
    assert browser.post("/series/thursday/edit", form).status_code == 303

    mine = {**form, "name": "Mine", "public_detail": "title_and_time", "moved_to": "https://new.example.org"}
    answer = browser.post("/series/thursday/edit", mine)
    page = BeautifulSoup(answer.text, "html.parser")
    assert (answer.status_code, page.select_one("#name")["value"]) == (409, "Mine")
    assert [link["href"] for link in page.select("#summary a")] == ["#name", "#public_detail", "#moved_to"]
    assert "Somebody else saved meanwhile: “OSPOlogy”. Save again to keep yours." in page.text
    assert "Somebody else saved meanwhile: nothing." in page.text
    session.refresh(thursday)
    assert thursday.name == "OSPOlogy"

    fresh = page.select_one("main form [name=version]")["value"]
    assert browser.post("/series/thursday/edit", {**mine, "moved_to": "", "version": fresh}).status_code == 303
    session.refresh(thursday)
    assert thursday.name == "Mine"


def test_an_edit_with_mistakes_keeps_the_version_that_was_seen(thursday, browser):
    answer = browser.post("/series/thursday/edit", {**MONDAY, "name": "", "slug": "thursday", "version": "1"})

    assert answer.status_code == 422
    assert 'name="version" value="1"' in answer.text


@pytest.mark.parametrize("path", ["/series/nowhere", "/series/nowhere/edit", "/series/nowhere/rules/new"])
def test_a_series_that_is_not_there_is_a_page_that_says_so(browser, path):
    assert browser.get(path).status_code == 404


def test_a_rule_is_previewed_before_it_is_kept(session, thursday, browser):
    make_touchpoint(session, thursday, datetime(2027, 1, 28, 14, 0))

    page = browser.post("/series/thursday/rules", {**SECOND_THURSDAY, "action": "preview"})

    assert page.status_code == 200
    assert "2nd Thursday, 14:00 Madrid" in page.text
    assert page.text.count(" 2027</b>") == 12
    assert "One open call is" in page.text
    assert 'value="2" checked' in page.text
    session.refresh(thursday)
    assert len(thursday.rules) == 1


def test_htmx_gets_the_preview_alone(thursday, browser):
    answer = browser.post("/series/thursday/rules", SECOND_THURSDAY, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="stack" id="rule-preview"')
    assert "<html" not in answer.text


def test_htmx_is_told_what_is_still_missing_while_the_form_is_filled(thursday, browser):
    half = {**SECOND_THURSDAY, "weekday": "", "nth": []}

    answer = browser.post("/series/thursday/rules", half, headers={"HX-Request": "true"})

    assert (answer.status_code, "Still missing" in answer.text) == (200, True)
    assert "Choose a day of the week." in answer.text


def test_a_rule_is_kept_from_its_day_on_and_can_be_taken_back(session, thursday, browser):
    assert browser.post("/series/thursday/rules", {**SECOND_THURSDAY, "action": "save"}).status_code == 303
    session.refresh(thursday)
    assert [rule.valid_from for rule in thursday.rules] == [date(2026, 1, 1), date(2027, 1, 1)]

    path = f"/series/thursday/rules/{thursday.rules[1].id}/remove"
    assert "Take back" in browser.get("/series/thursday").text
    assert browser.post(path).status_code == 303
    assert browser.post(path).status_code == 404
    session.refresh(thursday)
    assert [rule.valid_from for rule in thursday.rules] == [date(2026, 1, 1)]


def test_a_rule_with_mistakes_is_not_kept_and_comes_back_whole(session, thursday, browser):
    wrong = {**SECOND_THURSDAY, "start": "half two", "minutes": "9999999", "zone": "Mars/Olympus", "action": "save"}

    answer = browser.post("/series/thursday/rules", wrong)

    assert answer.status_code == 422
    assert "3 things to fix" in answer.text
    assert 'value="half two"' in answer.text
    session.refresh(thursday)
    assert len(thursday.rules) == 1


def test_raw_recurrence_text_has_no_door(session, thursday, browser):
    browser.post(
        "/series/thursday/rules",
        {**SECOND_THURSDAY, "rrule": "FREQ=SECONDLY", "rhythm": "FREQ=SECONDLY", "action": "save"},
    )

    session.refresh(thursday)
    assert [rule.rrule for rule in thursday.rules] == ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"]


def test_the_form_begins_with_the_present_rule_in_step(thursday, browser):
    page = browser.get("/series/thursday/rules/new").text

    assert 'value="2026-12-03"' in page
    assert 'value="weekly" checked' in page
    assert "Every 2nd Thursday, 14:00 Madrid" in page


def test_the_first_rule_begins_in_the_visitor_s_zone(session, thursday, browser):
    thursday.rules = []

    page = browser.get("/series/thursday/rules/new?tz=America/New_York").text

    assert '<option value="America/New_York" selected>' in page
    assert "press Preview" in page


def test_a_monthly_rule_fills_the_form_again(session, browser):
    make_series(session, rrule="FREQ=MONTHLY;BYDAY=1TH,-1TH")

    page = browser.get("/series/thursday/rules/new").text

    assert 'value="monthly" checked' in page
    assert [nth in page for nth in ('value="1" checked', 'value="-1" checked', 'value="3" checked')] == [
        True,
        True,
        False,
    ]


def test_an_exception_is_added_and_removed(session, thursday, browser):
    assert browser.post("/series/thursday/exceptions", {"day": "2026-12-03", "reason": "Holidays"}).status_code == 303
    assert "Not opened: Holidays" in browser.get("/series/thursday").text

    assert browser.post("/series/thursday/exceptions/2026-12-03/remove").status_code == 303
    assert session.scalars(select(CadenceException)).all() == []


@pytest.mark.usefixtures("thursday")
def test_an_exception_with_mistakes_keeps_what_was_typed(browser):
    answer = browser.post("/series/thursday/exceptions", {"day": "2026-12-04", "reason": "Why not"})

    assert answer.status_code == 422
    assert "The cadence gives no call on that day." in answer.text
    assert 'value="Why not"' in answer.text


@pytest.mark.usefixtures("thursday")
def test_a_day_that_cannot_be_read_is_not_found(browser):
    assert browser.post("/series/thursday/exceptions/soon/remove").status_code == 404


def test_a_template_is_saved_in_the_order_of_its_places(session, thursday, browser):
    assert browser.post("/series/thursday/agenda", AGENDA).status_code == 303

    session.refresh(thursday)
    assert [(part.title, part.minutes, part.recorded, part.under_rule) for part in thursday.template] == [
        ("Two talks", 40, True, False),
        ("Open forum", 20, False, True),
    ]


def test_whoever_saves_a_template_late_sees_what_stands_and_keeps_their_rows(session, thursday, browser):
    group = make_group(session, "Mentoring")
    theirs = {**AGENDA, "part-0-working_group": group.slug}
    assert browser.post("/series/thursday/agenda", theirs).status_code == 303

    late = browser.post("/series/thursday/agenda", {**AGENDA, "part-0-title": "Mine"})
    assert (late.status_code, 'value="Mine"' in late.text) == (409, True)
    assert "Somebody else saved meanwhile: Two talks 40 min; Open forum 20 min, for mentoring." in late.text
    assert browser.post("/series/thursday/agenda", {"version": "1"}).status_code == 409


@pytest.mark.usefixtures("thursday")
def test_the_agenda_form_says_what_its_parts_add_up_to(browser):
    assert (
        "A call has 60 minutes; the parts below take 60, of which 20 are the room for talks"
        in browser.get("/series/thursday/agenda").text
    )


@pytest.mark.usefixtures("thursday")
def test_rows_are_added_and_removed_without_javascript(browser):
    more = browser.post("/series/thursday/agenda", {**AGENDA, "add": "part"})
    assert (more.status_code, more.text.count('name="part" value="2"')) == (200, 1)
    assert 'value="Two talks"' in more.text

    fewer = browser.post("/series/thursday/agenda", {**AGENDA, "remove": "0"})
    assert (fewer.text.count('name="part" value="0"'), fewer.text.count('name="part" value="1"')) == (0, 1)


@pytest.mark.usefixtures("thursday")
def test_an_agenda_with_mistakes_keeps_what_was_typed(browser):
    answer = browser.post("/series/thursday/agenda", {**AGENDA, "part-1-minutes": "forty", "version": "1"})

    assert answer.status_code == 422
    assert "Say how many minutes it takes, as a whole number." in answer.text
    assert 'value="forty"' in answer.text


@pytest.mark.usefixtures("thursday")
def test_fields_that_no_browser_sends_break_nothing(browser):
    assert (
        browser.post("/series/thursday/agenda", {"part": ["-1", "x", "1e9", "0", "0"], "version": "1"}).status_code
        == 422
    )
    assert browser.post("/series/thursday/rules", {"action": "save", "version": "1"}).status_code == 422


def test_a_join_link_is_kept_for_organizers_alone(session, thursday, browser, visitor):
    make_touchpoint(session, thursday, datetime(2026, 12, 3, 14, 0))

    assert (
        browser.post(
            "/series/thursday/join-link", {"join_url": "https://meet.example.org/secret", "version": "1"}
        ).status_code
        == 303
    )
    assert [link.url.reveal() for link in session.scalars(select(JoinLink))] == ["https://meet.example.org/secret"]
    assert "https://meet.example.org/secret" in browser.get("/series/thursday").text
    assert "secret" not in visitor.get("/schedule").text

    assert browser.post("/series/thursday/join-link", {"join_url": "room 5", "version": "2"}).status_code == 422
    assert browser.post("/series/thursday/join-link", {"join_url": "", "version": "2"}).status_code == 303
    session.expire_all()
    assert session.scalars(select(JoinLink)).all() == []


def test_the_way_in_of_a_colleague_is_not_overwritten_by_a_page_from_before(session, thursday, browser):
    link, theirs, mine = (
        "/series/thursday/join-link",
        "https://meet.example.org/theirs",
        "https://meet.example.org/mine",
    )
    assert browser.post(link, {"join_url": theirs, "passcode": "sesame", "version": "1"}).status_code == 303
    answer = browser.post(link, {"join_url": mine, "version": "1"})
    page = BeautifulSoup(answer.text, "html.parser").select_one("#join-link")
    assert (answer.status_code, page.select_one("#join_url")["value"]) == (409, mine)
    assert f"What is saved now: {theirs}; passcode sesame" in page.text
    assert [link.url.reveal() for link in session.scalars(select(JoinLink))] == [theirs]
    fresh = page.select_one("[name=version]")["value"]
    assert browser.post(link, {"join_url": mine, "version": fresh}).status_code == 303


def test_members_only_calls_have_a_choice_for_their_notes_that_is_on(session, thursday, browser):
    thursday.notes_audience, thursday.audience = NotesAudience.PUBLIC, Audience.MEMBERS
    session.commit()
    page = BeautifulSoup(browser.get("/series/thursday").text, "html.parser")
    assert page.select_one("[name=notes_audience][checked]")["value"] == "members"
