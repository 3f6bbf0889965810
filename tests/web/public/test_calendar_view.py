"""The public calendar: whose days, what is shown, and where it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.states import TalkState, TouchpointState
from app.models import Talk
from app.services.publishing import publish_touchpoint
from app.web.public.month_days import MOST_EVENTS
from tests.cast import make_series, make_sister, make_sister_event

DECEMBER = "/calendar?month=2026-12"


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def read(client):
    def read(path, status=200, **headers):
        answer = client.get(path, headers=headers)
        assert answer.status_code == status
        return BeautifulSoup(answer.text, "html.parser")

    return read


@pytest.fixture
def events(session):
    """Adds events to the calendar of a sister community: pairs of starts and ends."""

    def events(*held, name="OpenChain", all_day=False, **facts):
        calendar = make_sister(session, name, **facts)
        for number, (starts_at, ends_at) in enumerate(held):
            make_sister_event(
                session, calendar, f"Event {number}", starts_at=starts_at, ends_at=ends_at, all_day=all_day
            )
        session.commit()
        return calendar

    return events


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def days(page) -> dict[str, list[str]]:
    """What the table says of each date that has something."""
    return {
        cell.time["datetime"]: [words(entry) for entry in cell.find_all("li")]
        for cell in page.find_all("td", class_="cal-day")
        if cell.find("li")
    }


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_a_month_is_a_table_with_a_caption_and_weeks_from_monday(read, publish):
    publish()
    table = read(DECEMBER).table
    assert words(table.caption) == "December 2026, weeks from Monday to Sunday"
    assert [words(head) for head in table.find_all("th", scope="col")][::6] == ["Mon day", "Sun day"]
    assert len(table.tbody.find_all("tr")) == 5


def test_a_call_stands_on_its_date_with_time_series_and_title(read, publish):
    publish(title="Upstream first")
    assert days(read(DECEMBER)) == {"2026-12-10": ["14:00 Madrid Thursday Upstream first"]}


def test_a_call_stands_on_the_visitors_date(read, client, publish):
    publish(datetime(2026, 12, 10, 23, 0), title="Upstream first")
    client.set_cookie("tz", "Asia/Tokyo")
    assert days(read(DECEMBER)) == {"2026-12-11": ["07:00 Thursday Upstream first"]}
    assert days(read(f"{DECEMBER}&tz=UTC")) == {"2026-12-10": ["22:00 Thursday Upstream first"]}


def test_a_call_at_the_turn_of_the_month_stands_in_the_visitors_month(read, publish):
    publish(datetime(2026, 12, 31, 23, 30))
    assert days(read(f"{DECEMBER}&tz=Asia/Tokyo")) == {}
    assert list(days(read("/calendar?month=2027-01&tz=Asia/Tokyo"))) == ["2027-01-01"]


def test_a_first_visit_asks_again_once_the_browser_has_said_its_zone(read, client, publish):
    publish()
    asked = read(f"{DECEMBER}&series=thursday").find(attrs={"hx-trigger": "load delay:200ms"})
    assert asked["hx-get"] == "/calendar?month=2026-12&series=thursday"
    partial = client.get(DECEMBER, headers={"HX-Request": "true"})
    assert "HX-Request" in partial.headers["Vary"]
    assert BeautifulSoup(partial.text, "html.parser").find(id="calendar")
    assert "<html" not in partial.text
    client.set_cookie("tz", "Asia/Tokyo")
    assert not read(DECEMBER).find(attrs={"hx-trigger": "load delay:200ms"})


def test_several_calls_of_a_day_stand_in_order(read, session, publish):
    publish(datetime(2026, 12, 10, 16), title="Later", of=make_series(session, "friday"))
    publish(datetime(2026, 12, 10, 14), title="First")
    assert [entry.split()[-1] for entry in days(read(DECEMBER))["2026-12-10"]] == ["First", "Later"]


def test_a_skipped_call_says_why(read, publish):
    publish(title="", state=TouchpointState.SKIPPED, reason="Holiday")
    assert days(read(DECEMBER)) == {"2026-12-10": ["14:00 Madrid Thursday No call: Holiday"]}


def test_today_is_marked(read, publish):
    publish(datetime(2026, 11, 26, 14))
    today = read("/calendar?tz=UTC").find("td", attrs={"aria-current": "date"})
    assert words(today) == "Monday 23 November (today)"


def test_months_are_links_that_keep_what_is_chosen(read, publish):
    publish()
    page = read(f"{DECEMBER}&series=thursday&tz=UTC")
    rest = "tz=UTC&series=thursday"
    assert page.find("a", rel="prev")["href"] == f"/calendar?month=2026-11&{rest}"
    assert page.find("a", rel="next")["href"] == f"/calendar?month=2027-01&{rest}"
    assert page.find("a", string="Today")["href"] == f"/calendar?{rest}"
    assert page.find("a", string="Agenda")["href"] == f"/calendar/agenda?month=2026-12&{rest}"


def test_the_calendar_ends_a_year_ahead_and_begins_with_the_first_call(read, publish):
    publish(datetime(2026, 9, 10, 14))
    assert not read("/calendar?month=2026-09").find("a", rel="prev")
    assert not read("/calendar?month=2027-11").find("a", rel="next")
    for month in ("2026-08", "2027-12", "2026-13", "0000-01", "9999-12", "nonsense"):
        assert "The calendar has no such month." in read(f"/calendar?month={month}", 404).text


def test_search_engines_list_months_with_calls_and_no_choices(client, publish):
    publish()
    listed = {
        path: "X-Robots-Tag" not in client.get(path).headers
        for path in (
            "/calendar",
            DECEMBER,
            "/calendar?month=2027-05",
            f"{DECEMBER}&series=thursday",
            "/calendar/agenda",
        )
    }
    assert list(listed.values()) == [True, True, False, False, False]
    assert 'name="robots"' in client.get("/calendar?month=2027-05").text


def test_only_the_series_that_the_address_names_are_shown(read, session, publish):
    publish(title="Thursday's")
    publish(datetime(2026, 12, 11, 17), title="Friday's", of=make_series(session, "friday"))
    assert list(days(read(f"{DECEMBER}&series=&series=friday&series=gone"))) == ["2026-12-11"]
    page = read(f"{DECEMBER}&series=")
    assert days(page) == {}
    assert "Nothing in December 2026" in words(page)
    assert [box["value"] for box in page.find_all("input", {"name": "series", "type": "checkbox"})] == [
        "thursday",
        "friday",
    ]
    assert not page.find("input", checked=True)


def test_an_ended_series_is_offered_in_the_months_in_which_it_met(read, session, series, publish):
    publish(datetime(2026, 10, 8, 14), title="Then")
    series.ended_on = datetime(2026, 10, 31).date()
    session.commit()
    assert read("/calendar?month=2026-10").find("input", value="thursday")
    assert not read("/calendar?month=2026-11").find("input", value="thursday")


def test_events_of_others_stand_beside_ours_with_their_word_and_a_link_out(read, session, events):
    calendar = events()
    make_sister_event(
        session, calendar, "Spec call", starts_at=utc(2026, 12, 10, 9), ends_at=utc(2026, 12, 10, 10), url="https://o.example.org/"
    )  # fmt: skip
    session.commit()
    page = read(f"{DECEMBER}&tz=Asia/Tokyo")
    assert days(page) == {"2026-12-10": ["18:00 OpenChain Spec call (another site)"]}
    link = page.find("a", href="https://o.example.org/")
    assert {"noopener", "noreferrer"} <= set(link["rel"])


def test_whole_days_are_never_shifted_by_a_zone(read, events):
    events((utc(2026, 12, 16), utc(2026, 12, 18)), all_day=True)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
        assert days(read(f"{DECEMBER}&tz={zone}")) == {
            "2026-12-16": ["OpenChain Event 0 Day 1 of 2"],
            "2026-12-17": ["OpenChain Event 0 Day 2 of 2"],
        }


def test_what_lasts_for_days_stands_on_each_and_a_late_evening_on_one(read, events):
    events((utc(2026, 12, 1, 22), utc(2026, 12, 2, 1)), (utc(2026, 12, 8, 9), utc(2026, 12, 10, 17)))
    assert days(read(f"{DECEMBER}&tz=UTC")) == {
        "2026-12-01": ["22:00 OpenChain Event 0"],
        "2026-12-08": ["09:00 OpenChain Event 1 Day 1 of 3"],
        "2026-12-09": ["OpenChain Event 1 Day 2 of 3"],
        "2026-12-10": ["OpenChain Event 1 Day 3 of 3"],
    }


def test_a_crowded_day_leads_to_the_agenda_which_has_all(read, events):
    many = MOST_EVENTS + 3
    events(*((utc(2026, 12, 10, hour), utc(2026, 12, 10, hour + 1)) for hour in range(many)))
    more = read(DECEMBER).select_one("td a.small")
    assert days(read(DECEMBER))["2026-12-10"][-1] == "3 more on 10 December"
    assert more["href"] == "/calendar/agenda?month=2026-12#day-2026-12-10"
    agenda = read("/calendar/agenda?month=2026-12").find(id="day-2026-12-10")
    assert len(agenda.find_all("li", class_="cal-sister")) == many


def test_each_calendar_has_a_switch_and_says_how_old_it_is(read, events, now):
    events((utc(2026, 12, 1, 9), utc(2026, 12, 1, 10)), fetched_at=now - timedelta(hours=3))
    events((utc(2026, 12, 2, 9), utc(2026, 12, 2, 10)), name="CHAOSS", fetched_at=now - timedelta(days=9))
    events(name="SPDX", fetched_at=None)
    page = read(f"{DECEMBER}&sister=&sister=chaoss")
    assert list(days(page)) == ["2026-12-02"]
    ages = [words(age) for age in page.find_all(class_="cal-age")]
    assert ages == ["old: as of 9 days ago", "as of 3 h ago", "not read yet"]
    assert [box["value"] for box in page.find_all("input", checked=True)] == ["chaoss"]


def test_the_agenda_has_the_days_that_have_something(read, publish, events):
    call = publish(title="Upstream first")
    events((utc(2026, 12, 16), utc(2026, 12, 17)), all_day=True)
    page = read("/calendar/agenda?month=2026-12&tz=UTC").find(id="calendar")
    assert [words(head) for head in page.find_all("h3")] == ["Thursday 10 December", "Wednesday 16 December"]
    assert words(page.find(id=f"call-{call.key}").h4) == "Upstream first"
    assert "Nothing in January 2027" in words(read("/calendar/agenda?month=2027-01"))


def test_a_call_that_is_over_offers_nothing(read, publish):
    call = publish(datetime(2026, 11, 12, 14), title="Upstream first")
    entry = read("/calendar/agenda?month=2026-11").find(id=f"call-{call.key}")
    assert words(entry.find(class_="event-who")) == "Sam Speaker, Kestrel Works"
    assert not entry.select('.add, a[href="/propose"]')


def test_the_summary_over_the_boxes_says_how_many_are_on(read, events):
    events(name="CHAOSS")
    events(name="SPDX")
    assert [read(f"{DECEMBER}{on}").find(id="cal-said").text for on in ("", "&sister=&sister=spdx", "&sister=")] == [
        "all 2",
        "1 of 2",
        "none of 2",
    ]
    [said] = read(f"{DECEMBER}&sister=&sister=spdx", **{"HX-Request": "true"}).find_all(id="cal-said")
    assert (said.text, said["hx-swap-oob"]) == ("1 of 2", "true")


def test_a_page_that_did_not_change_is_not_sent_again(client, publish):
    publish()
    first = client.get(DECEMBER)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get(DECEMBER, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    client.set_cookie("tz", "Asia/Tokyo")
    assert client.get(DECEMBER, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_call_that_moved_says_from_where(read, session, publish, site, now):
    call = publish(title="Upstream first")
    call.local_start += timedelta(days=7)
    call.starts_at += timedelta(days=7)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    assert days(read(DECEMBER)) == {"2026-12-17": ["14:00 Madrid Thursday Upstream first Moved from Thu 10 Dec, 14:00"]}
    assert "Moved from Thu 10 Dec, 14:00" in words(read("/calendar/agenda?month=2026-12"))


def test_a_cancelled_call_stays_on_its_date_and_names_nobody(read, session, publish, site, now):
    call = publish(title="Upstream first")
    session.scalars(select(Talk)).one().state = TalkState.WITHDRAWN
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    assert days(read(DECEMBER)) == {"2026-12-10": ["14:00 Madrid Thursday Cancelled"]}
