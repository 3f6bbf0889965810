"""The public pages say who speaks when, in the visitor's time, and nothing that is not public."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, select

from app.domain.attribution import Attribution
from app.domain.publication import Audience
from app.domain.states import TalkState, TouchpointState
from app.models import Proposal, Talk
from app.services.publishing import publish_touchpoint
from tests.cast import make_proposal, make_series, make_speaker, make_talk

PAGES = ["/", "/schedule", "/learning", "/subscribe", "/chatham-house-rule"]


@pytest.fixture
def read(client):
    """A page as its visitor reads it: the main part, parsed."""

    def read(path, status=200, **headers):
        answer = client.get(path, headers=headers)
        assert answer.status_code == status
        return BeautifulSoup(answer.text, "html.parser").main

    return read


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_before_anything_is_planned(read, path):
    assert read(path).h1


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_when_much_is_planned(read, publish, path):
    for week in range(3):
        publish(datetime(2026, 12, 3, 14, 0) + timedelta(weeks=week))
        publish(datetime(2026, 10, 1, 14, 0) + timedelta(weeks=week))
    assert read(path).h1


def test_the_schedule_shows_time_series_talk_and_speaker(read, publish):
    call = publish(title="Upstream first")
    entry = read("/schedule").find(id=f"call-{call.key}")
    assert words(entry.find(class_="event-when")).startswith("Thursday 10 December , 14:00–15:00 Madrid")
    assert words(entry.find(class_="talk")) == "Upstream first Sam Speaker, Kestrel Works · Will be recorded"
    assert entry.find("a", href=f"/touchpoints/{call.key}.ics")


def test_the_visitors_time_stands_first_and_the_series_own_second(read, client, publish):
    call = publish(datetime(2026, 12, 4, 17, 0))
    client.set_cookie("tz", "Asia/Tokyo")
    entry = read("/schedule").find(id=f"call-{call.key}")
    assert (
        words(entry.find(class_="event-when")) == "Saturday 5 December , 01:00–02:00 Fri 17:00 Madrid at night Thursday"
    )
    assert words(entry.find(class_="date")) == "Sat 5"


def test_the_series_time_is_not_said_twice_to_who_shares_its_clock(read, client, publish):
    call = publish()
    client.set_cookie("tz", "Europe/Paris")
    entry = read("/schedule").find(id=f"call-{call.key}")
    assert entry.find(attrs={"data-own": True}).has_attr("hidden")
    assert not entry.find(attrs={"data-local-label": True})


def test_a_first_visit_shows_the_series_time_with_its_city_for_the_browser_to_rewrite(read, publish):
    call = publish()
    moment = read("/schedule").find(id=f"call-{call.key}").find("b").find("time")
    assert (moment["datetime"], moment["data-local"]) == ("2026-12-10T13:00:00+00:00", "range")
    assert moment["data-until"] == "2026-12-10T14:00:00+00:00"


def test_the_address_can_name_a_zone(read, publish):
    publish()
    assert "08:00–09:00" in words(read("/schedule?tz=America/New_York"))


def test_calls_stand_under_their_month_on_the_visitors_calendar(read, client, publish):
    publish(datetime(2026, 12, 31, 23, 30))
    assert [words(head) for head in read("/schedule").find_all("h2", class_="month")] == ["December 2026"]
    client.set_cookie("tz", "Asia/Tokyo")
    assert [words(head) for head in read("/schedule").find_all("h2", class_="month")] == ["January 2027"]


def test_the_schedule_of_one_series(read, session, publish):
    other = make_series(session, "friday")
    publish(title="Thursday's")
    publish(title="Friday's", of=other)
    page = words(read("/schedule?series=friday"))
    assert "Friday's" in page
    assert "Thursday's" not in page
    read("/schedule?series=nothing", status=404)


@pytest.mark.parametrize("number", ["0", "-1", "x", "999999", "9" * 30, "²"])
def test_a_strange_page_number_shows_a_page(read, publish, number):
    publish()
    assert "Upstream first" in words(read(f"/schedule?page={number}"))


def test_a_long_schedule_has_pages(read, publish):
    for day in range(25):
        publish(datetime(2026, 12, 1, 14, 0) + timedelta(days=day), title="")
    first = read("/schedule?tz=UTC")
    assert len(first.find_all("article", class_="event")) == 24
    assert first.find("a", rel="next")["href"] == "/schedule?tz=UTC&page=2"
    second = read("/schedule?page=2")
    assert len(second.find_all("article", class_="event")) == 1
    assert second.find("a", rel="prev")["href"] == "/schedule"


def test_a_skipped_call_says_why(read, publish):
    call = publish(title="", state=TouchpointState.SKIPPED, reason="New Year’s Day")
    entry = read("/schedule").find(id=f"call-{call.key}")
    assert words(entry.h3) == "No call: New Year’s Day"
    assert not entry.find("details")


def test_a_cancelled_call_says_so_and_names_nobody(read, publish, session, site, now):
    call = publish()
    session.scalars(select(Talk)).one().state = TalkState.WITHDRAWN
    publish_touchpoint(session, call, site=site, now=now)
    entry = read("/schedule").find(id=f"call-{call.key}")
    assert words(entry.h3) == "Cancelled"
    page = words(read(f"/touchpoints/{call.key}"))
    assert "This call does not take place." in page
    assert "Upstream" not in page
    assert "Sam" not in page


def test_an_open_agenda_asks_for_a_talk(read, publish):
    call = publish(title="")
    entry = read("/schedule").find(id=f"call-{call.key}")
    assert words(entry.h3) == "Open agenda"
    assert words(entry.find("a", href="/propose")).startswith("Propose a talk for it")
    assert "A slot is free" in words(read(f"/touchpoints/{call.key}"))


def test_a_hold_is_nowhere(client, session, publish):
    call = publish(title="")
    make_talk(session, make_proposal(session, "Canary", speakers=(make_speaker("Canary Bird"),)), call)
    for path in (*PAGES, f"/touchpoints/{call.key}", "/calendar/all.ics", f"/touchpoints/{call.key}.ics"):
        assert "Canary" not in client.get(path).text


def test_the_page_of_a_call_has_agenda_notice_abstract_and_attributions(read, publish):
    speakers = (make_speaker(), make_speaker("Kim Canary", attribution=Attribution.ROLE))
    call = publish(speakers=speakers)
    page = read(f"/touchpoints/{call.key}")
    assert words(page.h1) == "Upstream first"
    assert [words(part) for part in page.find("ol", class_="parts").find_all("li")] == [
        "14:00 Welcome 5 min Recorded",
        "14:05 Guest talk and questions 20 min 14:05 Upstream first, 20 min Recorded",
        "14:25 Working-group updates 15 min Recorded",
        "14:40 Open forum 20 min Chatham House Rule",
    ]
    notice = page.find("ul", class_="notice-parts")
    assert words(notice.find_previous("p")).startswith("Held in part under the Chatham House Rule. You may use what")
    assert [words(sentence) for sentence in notice.find_all("li")] == [
        "Welcome, 5 min: recorded, not under the Rule.",
        "Guest talk and questions, 20 min: recorded, not under the Rule.",
        "Working-group updates, 15 min: recorded, not under the Rule.",
        "Open forum, 20 min: under the Rule, not recorded.",
    ]
    assert [words(item) for item in page.find("ul", class_="call-who").find_all("li")] == [
        "Sam Speaker, Kestrel Works",
        "An OSPO member",
    ]
    assert "sends every fix upstream first" in words(page)
    assert "Canary" not in str(page)


def test_markdown_of_an_abstract_is_shown_without_anything_that_runs(session, read, publish, site, now):
    call = publish()
    proposal = session.scalars(select(Proposal)).one()
    proposal.title = '<img src=x onerror=alert(1)>"{{7*7}}'
    proposal.abstract = "**Bold** <script>alert(1)</script> [x](javascript:alert(1)) <p hx-get=/x>"
    publish_touchpoint(session, call, site=site, now=now)
    page = read(f"/touchpoints/{call.key}")
    assert page.find("strong", string="Bold")
    assert not page.find_all(["script", "img"])
    assert not page.find_all(attrs={"hx-get": "/x"})
    assert not page.find_all(href=lambda href: href and href.startswith("javascript"))
    assert words(page.h1) == '<img src=x onerror=alert(1)>"{{7*7}}'


def test_a_call_under_the_rule_as_a_whole_is_not_for_search_engines(client, read, session, publish, site, now):
    call = publish()
    assert "X-Robots-Tag" not in client.get(f"/touchpoints/{call.key}").headers
    for segment in call.segments:
        segment.under_rule = True
    publish_touchpoint(session, call, site=site, now=now)
    answer = client.get(f"/touchpoints/{call.key}")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "Guest talk and questions, 20 min: not recorded, under the Rule." in words(read(f"/touchpoints/{call.key}"))


def test_a_members_only_call_shows_title_and_time(client, read, session, publish):
    members = make_series(session, "friday", audience=Audience.MEMBERS)
    call = publish(of=members, title="Members talk")
    for path in ("/", "/schedule", f"/touchpoints/{call.key}"):
        text = client.get(path).text
        assert "Members talk" in text
        for hidden in ("Sam", "Kestrel", "railway operator sends", "Working-group"):
            assert hidden not in text
    assert "For members" in words(read("/schedule"))


def test_an_unknown_call_is_not_found(read):
    assert "There is no such call." in words(read("/touchpoints/unknown", status=404))


def test_the_home_page_counts_the_days_until_the_next_call(read, client, publish):
    publish(datetime(2026, 12, 4, 23, 30))
    assert words(read("/").find(class_="next-label")) == "Next call in 11 days"
    client.set_cookie("tz", "Asia/Tokyo")
    assert words(read("/").find(class_="next-label")) == "Next call in 12 days"


@pytest.mark.parametrize(("day", "said"), [(23, "today"), (24, "tomorrow")])
def test_the_home_page_says_today_and_tomorrow(read, publish, day, said):
    publish(datetime(2026, 11, day, 14, 0), title="")
    assert words(read("/").find(class_="next-label")) == f"Next call {said}"


def test_the_home_page_explains_each_series_with_its_rhythm(read, series, session):
    make_series(session, "friday", name="General Member", rrule="FREQ=MONTHLY;BYDAY=1FR,3FR")
    cards = read("/").find_all(class_="series-card")
    assert [words(card.find(class_="num")) for card in cards] == [
        "Every 2nd Thursday, 14:00 Madrid, 60 minutes",
        "1st & 3rd Friday, 14:00 Madrid, 60 minutes",
    ]


def test_every_way_to_subscribe_is_a_link(read, series, settings):
    panel = read("/subscribe?feed=thursday").find(id="subscribe")
    hrefs = [link["href"] for link in panel.find(class_="subs").find_all("a")]
    assert [href.split("?")[0] for href in hrefs] == [
        "https://calendar.google.com/calendar/r",
        "webcal://localhost/calendar/thursday.ics",
        "https://outlook.live.com/calendar/0/addfromweb",
        "https://outlook.office.com/calendar/0/addfromweb",
        "/calendar/thursday.ics",
        "/subscribe/by-mail",
    ]
    assert "Apple about hourly, Outlook up to a day, Google 12 to 24 hours" in words(panel)
    assert panel.find("input")["value"] == f"{settings.base_url}/calendar/thursday.ics"
    assert panel.find("img")["src"] == "/calendar/thursday.qr.svg"
    assert words(panel.find("a", attrs={"aria-current": True})) == "Thursday"


@pytest.mark.parametrize(("path", "status"), [("/subscribe?feed=all", 200), ("/subscribe?feed=nothing", 404)])
def test_a_feed_that_is_not_there_cannot_be_chosen(read, path, status):
    assert ("Apple about hourly" in words(read(path, status=status))) is (status == 200)


def test_choosing_a_feed_swaps_the_panel_alone(client, series):
    partial = client.get("/subscribe?feed=thursday", headers={"HX-Request": "true"})
    assert partial.text.lstrip().startswith('<section class="panel" id="subscribe"')
    assert "HX-Request" in partial.headers["Vary"]


def test_addresses_come_from_the_settings_and_never_from_the_request(client, publish):
    call = publish()
    for path in ("/schedule", "/subscribe", f"/touchpoints/{call.key}", "/calendar/all.ics"):
        assert "evil.example" not in client.get(path, headers={"X-Forwarded-Host": "evil.example"}).text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_did_not_change_is_not_sent_again(client, publish, path):
    publish()
    client.get(path)  # the first answer sets the visitor's cookie
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer.headers["Vary"]
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    client.set_cookie("theme", "dark")
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_one_visitors_copy_is_of_no_use_to_another(app, client, publish):
    client.get("/schedule")
    etag = client.get("/schedule").headers["ETag"]
    stranger = app.test_client()
    stranger.get("/schedule")
    assert stranger.get("/schedule", headers={"If-None-Match": etag}).status_code == 200


def test_robots_may_read_calendars_and_no_signed_links(client):
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert "Disallow: /proposals/" in answer.text
    assert "/calendar" not in answer.text


def test_the_icon_is_found_where_browsers_look(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/static/favicon.svg")
    assert client.get("/static/favicon.svg", buffered=True).status_code == 200


@pytest.mark.parametrize("path", ["/", "/schedule", "/learning"])
def test_a_page_takes_as_many_queries_for_thirty_calls_as_for_one(client, session, publish, path):
    def statements():
        seen = []

        def note(*_):
            seen.append(1)

        from app.extensions import db

        with client.application.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        client.get(path)
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    publish(datetime(2026, 10, 1, 14, 0))
    client.get(path)
    publish(datetime(2026, 12, 1, 14, 0))  # after this nothing is remembered
    one = statements()
    for day in range(1, 15):
        publish(datetime(2026, 12, 1, 14, 0) + timedelta(days=day))
        publish(datetime(2026, 10, 1, 14, 0) + timedelta(days=day))
    assert statements() == one


def test_a_cross_shared_talk_links_its_other_call(read, session, publish, site, now):
    first = publish()
    other = publish(datetime(2026, 12, 18, 14, 0), title="", of=make_series(session, "friday"))
    make_talk(session, session.scalars(select(Proposal)).one(), other, state=TalkState.CONFIRMED)
    publish_touchpoint(session, other, site=site, now=now)
    session.commit()
    link = read("/schedule").find(id=f"call-{first.key}").find("a", href=f"/touchpoints/{other.key}")
    assert words(link) == "Also 18 Dec , Friday"
    assert "Also in Friday , Friday 18 December 2026, 14:00–15:00 Madrid" in words(read(f"/touchpoints/{first.key}"))
