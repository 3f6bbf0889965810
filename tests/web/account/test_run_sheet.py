"""The run sheet's page: private, never kept, and a plain table without scripts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.people import Role
from app.domain.secret import Secret
from app.domain.states import TalkState, TouchpointState
from app.models import JoinLink, Talk
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

wall = datetime.fromisoformat


@pytest.fixture
def engine_name():
    """What the pages ask of the database is promised on both engines beside the services."""
    return "sqlite"


@pytest.fixture
def call(session, site, now):
    touchpoint = make_touchpoint(session, make_series(session), wall("2026-12-03 23:30"))
    make_talk(session, make_proposal(session), touchpoint, state=TalkState.CONFIRMED)
    session.add(JoinLink(touchpoint_id=touchpoint.id, url=Secret("https://meet.example/secret")))
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()
    return touchpoint


@pytest.fixture
def olu(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


def words(element):
    return " ".join(element.get_text(" ").split())


def sheet(browser, call, query=""):
    answer = browser.get(f"/touchpoints/{call.key}/run{query}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def test_a_stranger_signs_in_and_others_see_that_there_is_nothing(session, call, visitor, sign_in):
    path = f"/touchpoints/{call.key}/run"
    mira, vera = make_person(session, "Mira Member", role=Role.MEMBER), make_person(session, "Vera Volunteer")
    call.moderator = mira
    session.commit()
    assert visitor.get(path).headers["Location"].startswith("/sign-in")
    assert sign_in(vera).get(path).status_code == 404
    answer = sign_in(mira).get(path)
    assert (answer.status_code, answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == (
        200,
        "no-store",
        "noindex",
    )
    assert "https://meet.example/secret" in answer.text
    assert "/manage" not in answer.text


def test_the_moderator_is_led_to_the_questions_and_the_scribe_is_not(session, call, sign_in):
    mira, vera = make_person(session, "Mira Member", role=Role.MEMBER), make_person(session, "Vera Volunteer")
    call.moderator, call.scribe = mira, vera
    session.commit()
    pages = [sign_in(person).get(f"/touchpoints/{call.key}/run").text for person in (mira, vera)]
    assert [f"/touchpoints/{call.key}/questions/moderate" in page for page in pages] == [True, False]


def test_the_table_says_when_what_to_do_and_what_to_say(call, olu):
    page = sheet(olu, call)
    rows = [words(row) for row in page.find("table").find_all("tr")]
    assert (
        rows[1]
        == "23:30 5 min Welcome Recorded Read out the notice. Start the recording now. This is recorded from here."
    )
    assert rows[2] == (
        "23:35 20 min Upstream first at a railway operator Recorded Sam Speaker , Kestrel Works "
        "Afterwards: Sam Speaker, Kestrel Works"
    )
    assert rows[4].startswith(
        "00:10 Fri 20 min Open forum Not recorded Under the Rule Stop the recording. The recording has stopped. "
        "From here the Chatham House Rule applies. You may use what you hear"
    )
    assert rows[5].startswith("00:30 Fri End Thank you all.")


def test_without_scripts_the_clock_says_what_is_on_when_the_page_was_made(session, call, sign_in, clock):
    organizer = make_person(session, "Olu Organizer", role=Role.ORGANIZER)

    def part():
        return words(sheet(sign_in(organizer), call).find(id="run-clock"))

    assert part() == "Not begun yet begins at 23:30 23:30 Welcome: Read out the notice. Start the recording now."
    clock.now = call.starts_at + timedelta(minutes=6)
    assert part() == "Upstream first at a railway operator until 23:55 Recorded 23:55 Working-group updates"
    clock.now = call.ends_at
    assert part() == "The call is over"


def test_the_facilitator_reads_the_clock_of_their_own_zone_too(call, olu):
    olu.client.set_cookie("tz", "America/New_York")
    page = words(sheet(olu, call))
    assert "Thursday 3 December, 17:30 for you" in page
    assert "23:35 17:35 for you 20 min" in page


def test_a_late_start_moves_every_time(call, olu):
    page = sheet(olu, call, "?late=10")
    assert [time.text for time in page.find("table").find_all("time")] == ["23:40", "23:45", "00:05", "00:20", "00:40"]
    assert page.find("input", id="late")["value"] == "10"


def test_a_call_without_talk_or_agenda_or_date_still_has_a_sheet(session, call, olu):
    talk = session.scalars(select(Talk)).one()
    talk.state = TalkState.HOLD
    session.commit()
    page = words(sheet(olu, call))
    assert "No talk is confirmed for this part." in page
    assert "Not on the clock Upstream first at a railway operator, 20 min Not confirmed" in page
    talk.state, call.segments, call.state = TalkState.CONFIRMED, [], TouchpointState.SKIPPED
    call.reason = "A holiday"
    session.commit()
    page = words(sheet(olu, call))
    assert "This call has no agenda." in page
    assert "No call on that date: A holiday" in page
