"""The organizers' pages of calls: who will be told stands there before the button is pressed."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.people import Role
from app.domain.states import TalkState, TouchpointState
from app.models import JoinLink, Touchpoint
from app.services import publishing
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

wall = datetime.fromisoformat


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


@pytest.fixture
def call(session, thursday, site, now):
    touchpoint = make_touchpoint(session, thursday, wall("2026-12-17 14:00"))
    publishing.publish_touchpoint(session, touchpoint, site=site, now=now)
    return touchpoint


@pytest.fixture
def talk(session, call, site, now):
    talk = make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publishing.publish_touchpoint(session, call, site=site, now=now)
    return talk


def starts(session):
    session.expire_all()
    return [call.local_start for call in session.scalars(select(Touchpoint).order_by(Touchpoint.starts_at))]


def test_a_talk_that_awaits_its_speaker_looks_as_on_the_board(session, call, browser):
    make_talk(session, make_proposal(session), call, state=TalkState.INVITED)

    page = browser.get(f"/touchpoints/{call.key}/manage").text

    assert re.search(r'class="chip chip-warn">.*?</svg>Awaiting speaker</span>', page)


@pytest.mark.parametrize("page", ["manage", "agenda"])
def test_only_organizers_see_the_pages_of_a_call(session, call, sign_in, visitor, page):
    member = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))

    for path in (f"/touchpoints/{call.key}/{page}", "/touchpoints/new"):
        assert visitor.get(path).status_code == 303
        assert member.get(path).status_code == 404


@pytest.mark.parametrize("action", ["move", "skip", "restore", "agenda", "join-link"])
def test_a_member_changes_nothing(session, call, sign_in, action):
    member = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))
    form = {"version": "1", "day": "2026-12-16", "start": "14:00", "reason": "No", "join_url": "https://x.example"}

    assert member.post(f"/touchpoints/{call.key}/{action}", form).status_code == 404
    session.refresh(call)
    assert (call.version, call.state) == (1, TouchpointState.OPEN)


@pytest.mark.parametrize("path", ["manage", "agenda"])
def test_a_call_that_is_not_there_is_a_page_that_says_so(browser, path):
    assert browser.get(f"/touchpoints/nowhere/{path}").status_code == 404


@pytest.mark.usefixtures("thursday")
def test_opening_shows_what_it_would_add_before_it_does(session, browser):
    assert "13</b> new dates to 25 May 2027" in browser.get("/touchpoints/new").text

    counted = browser.post("/touchpoints/open", {"until": "2026-12-31", "action": "preview"})
    assert (counted.status_code, starts(session)) == (200, [])
    assert "3</b> new dates to 31 Dec 2026" in counted.text

    fresh = browser.post("/touchpoints/open", {"until": "2026-12-31"}, headers={"HX-Request": "true"})
    assert fresh.text.lstrip().startswith('<div id="opening"')


@pytest.mark.usefixtures("thursday")
def test_opening_adds_the_dates_once(session, browser):
    form = {"until": "2026-12-31", "only": "", "action": "save"}

    assert browser.post("/touchpoints/open", form).location == "/board"
    assert browser.post("/touchpoints/open", form).status_code == 303

    assert starts(session) == [wall(f"2026-12-{day:02} 14:00") for day in (3, 17, 31)]


@pytest.mark.usefixtures("thursday")
def test_one_series_is_opened_alone(session, browser):
    make_series(session, "friday", rrule="FREQ=MONTHLY;BYDAY=1FR")

    browser.post("/touchpoints/open", {"until": "2026-12-31", "only": "friday", "action": "save"})

    assert starts(session) == [wall("2026-12-04 14:00")]
    assert browser.post("/touchpoints/open", {"until": "2026-12-31", "only": "no", "action": "save"}).status_code == 404


@pytest.mark.parametrize("until", ["", "soon", "9999-12-31", "2026-11-22"])
@pytest.mark.usefixtures("thursday")
def test_a_day_that_cannot_be_opened_comes_back_with_the_reason(browser, until):
    answer = browser.post("/touchpoints/open", {"until": until, "action": "save"})

    assert answer.status_code == 422
    assert "One thing to fix" in answer.text


def test_without_a_series_there_is_nothing_to_open(browser):
    assert "begin one first" in browser.get("/touchpoints/new").text


@pytest.mark.usefixtures("thursday")
def test_a_one_off_is_added_and_shown(session, browser):
    form = {"series": "thursday", "day": "2026-12-09", "start": "18:00", "minutes": "90"}

    answer = browser.post("/touchpoints/add", form)

    assert starts(session) == [wall("2026-12-09 18:00")]
    assert "Wednesday 9 December 2026, 18:00–19:30 Madrid" in browser.get(answer.location).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"day": ""}, "Give the day of the call."),
        ({"start": "noon"}, "Give the start as hours and minutes, like 14:00."),
        ({"day": "2027-03-28", "start": "02:30"}, "02:30 does not exist on 28 March 2027 in Madrid"),
        ({"minutes": "long"}, "A call takes 15 to 240 minutes."),
    ],
)
@pytest.mark.usefixtures("thursday")
def test_a_one_off_that_cannot_be_keeps_what_was_typed(session, browser, change, sentence):
    form = {"series": "thursday", "day": "2026-12-09", "start": "18:00", "minutes": "75", **change}

    answer = browser.post("/touchpoints/add", form)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert starts(session) == []


def test_the_page_says_who_will_be_told_before_anything_is_done(talk, browser):
    page = browser.get(f"/touchpoints/{talk.touchpoint.key}/manage").text

    assert "Thursday 17 December 2026" in page
    assert "14:00–15:00 Madrid · 13:00 UTC" in page
    assert page.count("<b>Sam Speaker</b>") == 2
    assert "a mail with the old and the new date" in page
    assert "Subscribers see the change in their calendars." in page


def test_where_nobody_knows_the_date_the_page_says_so(call, browser):
    assert "Nobody has been told of this date yet" in browser.get(f"/touchpoints/{call.key}/manage").text


def test_a_call_moves_and_says_where_to(session, call, browser):
    form = {"version": str(call.version), "day": "2026-12-16", "start": "15:30"}

    answer = browser.post(f"/touchpoints/{call.key}/move", form)

    assert starts(session) == [wall("2026-12-16 15:30")]
    assert "Moved to Wednesday 16 December 2026, 15:30–16:30 Madrid." in browser.get(answer.location).text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"day": ""}, 422),
        ({"start": "14"}, 303),
        ({"start": "25:00"}, 422),
        ({"day": "2026-11-01"}, 422),
        ({"version": "99"}, 409),
        ({"version": ""}, 409),
    ],
)
def test_a_move_that_cannot_be_answers_in_kind(call, browser, change, status):
    form = {"version": "1", "day": "2026-12-16", "start": "15:30", **change}

    assert browser.post(f"/touchpoints/{call.key}/move", form).status_code == status


def test_what_was_typed_on_a_stale_page_stands_there_still(call, browser):
    answer = browser.post(f"/touchpoints/{call.key}/skip", {"version": "99", "reason": "A holiday"})
    page = BeautifulSoup(answer.text, "html.parser")
    assert (answer.status_code, page.select_one("#reason")["value"]) == (409, "A holiday")
    assert page.select_one("#summary a")["href"] == "#reason"
    fresh = page.select_one("form[action$='/skip'] [name=version]")["value"]
    assert browser.post(f"/touchpoints/{call.key}/skip", {"version": fresh, "reason": "A holiday"}).status_code == 303


def test_a_stale_page_without_fields_answers_in_a_sentence(call, browser):
    assert browser.post(f"/touchpoints/{call.key}/restore", {"version": "99"}).status_code == 409


def test_a_call_is_skipped_and_restored(session, talk, browser):
    call = talk.touchpoint
    path = f"/touchpoints/{call.key}"

    assert browser.post(f"{path}/skip", {"version": call.version, "reason": ""}).status_code == 422
    assert browser.post(f"{path}/skip", {"version": call.version, "reason": "Holidays"}).status_code == 303
    page = browser.get(f"{path}/manage").text
    assert "No call on that date: Holidays" in page
    assert "Move the call" not in page

    session.refresh(call)
    assert browser.post(f"{path}/restore", {"version": call.version}).status_code == 303
    session.refresh(call)
    assert (call.state, call.reason) == (TouchpointState.OPEN, "")


def test_a_call_that_is_over_offers_no_change(session, call, browser, clock):
    clock.now = call.ends_at

    page = browser.get(f"/touchpoints/{call.key}/manage").text

    assert "Move the call" not in page
    assert "Skip the call" not in page


def test_a_clash_with_another_series_is_said(session, call, browser):
    make_touchpoint(session, make_series(session, "friday"), wall("2026-12-17 17:30"))

    assert "The Friday call is on the same day." in browser.get(f"/touchpoints/{call.key}/manage").text


def test_one_call_gets_an_agenda_of_its_own(session, talk, browser):
    call = talk.touchpoint
    rows = {
        "part": ["0"],
        "part-0-position": "1",
        "part-0-kind": "talk",
        "part-0-minutes": "45",
        "part-0-title": "Two talks",
        "version": str(call.version),
    }
    path = f"/touchpoints/{call.key}/agenda"

    assert browser.get(path).text.count('name="part"') == 5  # four rows, and the one to copy
    assert browser.post(path, {**rows, "add": "part"}).text.count('name="part"') == 3
    assert browser.post(path, {**rows, "part-0-minutes": "19"}).status_code == 422
    assert browser.post(path, rows).status_code == 303
    session.refresh(call)
    assert call.slot_minutes == 45
    late = browser.post(path, {**rows, "part-0-title": "Mine", "part-0-minutes": "50"})
    assert (late.status_code, 'value="Mine"' in late.text) == (409, True)
    assert "Somebody else saved meanwhile: Two talks 45 min. What you typed still stands here" in late.text
    assert f'name="version" value="{call.version}"' in late.text


def test_one_call_has_a_join_link_of_its_own(session, call, browser, visitor):
    path = f"/touchpoints/{call.key}"

    assert (
        browser.post(f"{path}/join-link", {"join_url": "https://meet.example.org/one", "version": "1"}).status_code
        == 303
    )
    assert [link.url.reveal() for link in session.scalars(select(JoinLink))] == ["https://meet.example.org/one"]
    assert "meet.example.org" in browser.get(f"{path}/manage").text
    assert "meet.example.org" not in visitor.get(path).text
    assert browser.post(f"{path}/join-link", {"join_url": "room", "version": "2"}).status_code == 422
    assert browser.post(f"{path}/join-link", {"join_url": "", "version": "2"}).status_code == 303
