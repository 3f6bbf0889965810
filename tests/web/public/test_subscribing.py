"""The pages of calls by e-mail: a form, a question by mail, a page of one's own, and one click to leave."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.mail.reading import read_message
from app.models import OutboxMessage, Subscription, Topic
from app.services import links
from app.services.subscribing import stop_address
from tests.cast import make_person, make_series

FORM = {"email": "nora@example.org", "scope": "all", "rhythm": "once", "day_before": "yes", "time_zone": "Asia/Tokyo"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def mailed(session):
    """The link in the last mail that begins like this."""

    def mailed(under):
        session.commit()
        row = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
        return re.search(rf"http://localhost({under}\S+)", read_message(row.message).text)[1]

    return mailed


@pytest.fixture
def subscriptions(session):
    def subscriptions():
        session.rollback()
        return session.scalars(select(Subscription).order_by(Subscription.id)).all()

    return subscriptions


@pytest.fixture
def nora(session, now):
    """Follows all calls."""
    row = Subscription(
        email="nora@example.org",
        asked_at=now,
        asked_since=now,
        confirmed_at=now,
        digested_at=now,
        time_zone="Asia/Tokyo",
    )
    session.add(row)
    session.commit()
    return row


@pytest.fixture(autouse=True)
def topic(session):
    session.add(Topic(slug="emerging-trends", name="Emerging trends", position=1))
    session.commit()


@pytest.fixture
def mine(nora, site):
    return links.subscription_path(nora, site=site)


@pytest.fixture
def off(nora, site):
    return links.leaving_path(nora, site=site)


def chosen(page):
    """What the form shows as chosen."""
    soup = BeautifulSoup(page.text, "html.parser")
    boxes = {tag["name"] + ":" + tag["value"] for tag in soup.select("input[checked]")}
    return boxes | {tag["value"] for tag in soup.select("#time_zone option[selected]") if tag["value"]}


def test_from_the_form_to_the_confirmed_address(visitor, series, mailed, subscriptions):
    answer = visitor.post("/subscribe/by-mail", FORM | {"scope": "some", "series": "thursday"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/subscribe/by-mail/asked")
    assert "Look into your mail" in visitor.get("/subscribe/by-mail/asked").text
    confirm = mailed("/subscribe/confirm/")
    page = visitor.get(confirm)
    assert "<li>Europe Chapter and OSPOlogy</li>" in page.text
    assert subscriptions()[0].confirmed_at is None, "to look is not to confirm: programs look at every link"
    answer = visitor.post(confirm)
    assert (answer.status_code, answer.headers["Location"].startswith("/subscribe/mine/")) == (303, True)
    page = visitor.get(answer.headers["Location"])
    assert "You are subscribed." in page.text
    assert chosen(page) == {"scope:some", "series:thursday", "rhythm:once", "day_before:yes", "Asia/Tokyo"}
    assert subscriptions()[0].confirmed_at is not None


def test_the_form_starts_with_the_series_or_topic_and_the_clock_one_comes_from(visitor, series):
    assert chosen(visitor.get("/subscribe/by-mail")) == {"scope:all", "rhythm:once", "day_before:yes"}
    series_page = visitor.get("/subscribe/by-mail?series=thursday&tz=Asia/Tokyo")
    assert chosen(series_page) == {"scope:some", "series:thursday", "rhythm:once", "day_before:yes", "Asia/Tokyo"}
    topic_page = visitor.get("/subscribe/by-mail?topic=emerging-trends&series=nothing")
    assert chosen(topic_page) == {"scope:some", "topics:emerging-trends", "rhythm:once", "day_before:yes"}


def test_the_ways_to_subscribe_name_this_one(visitor, series):
    for page in ("/subscribe", "/subscribe?feed=thursday"):
        assert 'href="/subscribe/by-mail' in visitor.get(page).text


def test_what_is_wrong_comes_back_with_the_input(visitor, series, subscriptions):
    typed = {"email": "nora at example", "scope": "some", "rhythm": "weekly", "time_zone": "Asia/Tokyo"}
    page = visitor.post("/subscribe/by-mail", typed)
    assert page.status_code == 422
    assert 'value="nora at example"' in page.text
    assert "Choose at least one series or topic, or all calls." in page.text
    assert chosen(page) == {"scope:some", "rhythm:weekly", "Asia/Tokyo"}
    assert subscriptions() == []
    page = visitor.post("/subscribe/by-mail", FORM | {"email": "nora at example"})
    assert (page.status_code, "Give an e-mail address" in page.text) == (422, True)


def test_the_answer_is_the_same_for_every_address(visitor, series, nora, session, now):
    stop_address(session, make_stopped(session, now), now=now)
    answers = [
        visitor.post("/subscribe/by-mail", FORM | {"email": f"{name}@example.org"})
        for name in ("nora", "stopped", "vera", "vera", "vera", "vera", "vera")
    ]
    assert {(answer.status_code, answer.headers["Location"], answer.data) for answer in answers} == {
        (303, "/subscribe/by-mail/asked", b"")
    }


def make_stopped(session, now):
    session.add(Subscription(email="stopped@example.org", asked_at=now, asked_since=now, confirmed_at=now))
    session.flush()
    return "stopped@example.org"


def test_a_question_is_over_after_seven_days(visitor, series, mailed, clock):
    visitor.post("/subscribe/by-mail", FORM)
    confirm = mailed("/subscribe/confirm/")
    clock.advance(timedelta(days=7))
    assert [visitor.get(confirm).status_code, visitor.post(confirm).status_code] == [410, 410]


def test_choices_are_changed_on_ones_own_page(visitor, series, mine, nora, subscriptions):
    form = {"scope": "some", "series": "thursday", "topics": "emerging-trends", "rhythm": "weekly", "day_before": "no"}
    answer = visitor.post(mine, form | {"version": nora.version, "time_zone": ""})
    assert (answer.status_code, answer.headers["Location"]) == (303, mine)
    page = visitor.get(mine)
    assert "Your choices are saved." in page.text
    assert chosen(page) == {"scope:some", "series:thursday", "topics:emerging-trends", "rhythm:weekly", "day_before:no"}
    [row] = subscriptions()
    assert (row.all_calls, row.series, row.topics, row.weekly, row.day_before, row.time_zone) == (
        False,
        ["thursday"],
        ["emerging-trends"],
        True,
        False,
        "",
    )


def test_choices_that_say_nothing_come_back(visitor, series, mine, nora, subscriptions):
    page = visitor.post(mine, {"scope": "some", "rhythm": "once", "day_before": "yes", "version": nora.version})
    assert (page.status_code, "Choose at least one series or topic" in page.text) == (422, True)
    assert subscriptions()[0].all_calls


def test_a_page_that_is_out_of_date_changes_nothing(visitor, series, mine, subscriptions):
    assert visitor.post(mine, FORM | {"rhythm": "weekly", "version": "99"}).status_code == 409
    assert visitor.post(mine, FORM | {"rhythm": "weekly", "version": "?"}).status_code == 409
    assert not subscriptions()[0].weekly


def test_a_zone_from_outside_the_list_stays_chosen(visitor, series, mine, nora, session):
    nora.time_zone = "America/Anguilla"
    assert "America/Anguilla" in chosen(visitor.get(mine))


def test_a_stopped_address_learns_how_to_begin_again(visitor, series, mine, session, now):
    stop_address(session, "nora@example.org", now=now)
    assert "Ask for them again." in visitor.get(mine).text


def test_looking_at_the_link_to_leave_ends_nothing(visitor, off, subscriptions):
    page = visitor.get(off)
    assert ("Unsubscribe</button>" in page.text, len(subscriptions())) == (True, 1)
    assert visitor.client.head(off).status_code == 200
    assert len(subscriptions()) == 1


def test_one_click_of_a_mail_program_ends_it_without_a_form_or_a_cookie(app, client, off, subscriptions):
    answer = app.test_client(use_cookies=False).post(off, data=ONE_CLICK)
    assert (answer.status_code, answer.headers.getlist("Set-Cookie"), subscriptions()) == (200, [], [])
    again = app.test_client(use_cookies=False).post(off, data=ONE_CLICK)
    assert (again.status_code, again.text) == (200, "You are unsubscribed.\n")
    assert "You are not subscribed" in client.get(off).text


def test_the_button_ends_it_too(visitor, off, subscriptions):
    assert "You are unsubscribed" in visitor.post(off).text
    assert subscriptions() == []


def test_a_page_of_ones_own_is_gone_with_the_subscription(visitor, mine, off):
    visitor.post(off)
    assert visitor.get(mine).status_code == 404


@pytest.mark.parametrize("door", ["confirm", "mine", "off"])
def test_a_link_of_one_kind_opens_no_other_door(door, visitor, series, nora, site):
    paths = {"confirm": links.subscribing_path, "mine": links.subscription_path, "off": links.leaving_path}
    tokens = {name: path(nora, site=site).rpartition("/")[2] for name, path in paths.items()}
    status = {name: visitor.get(f"/subscribe/{door}/{token}").status_code for name, token in tokens.items()}
    assert status == {name: 200 if name == door else 404 for name in paths}
    assert visitor.post(f"/subscribe/{door}/forged").status_code == 404


def test_no_such_page_is_found_by_search_engines_or_kept(visitor, series, mine, off, nora, site):
    for path in (mine, off, links.subscribing_path(nora, site=site), "/subscribe/by-mail", "/subscribe/by-mail/asked"):
        answer = visitor.get(path)
        assert (answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"]) == ("noindex", "no-store"), path
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_people_see_the_subscription_of_their_own_address_alone(session, sign_in, nora, series, mine):
    owner, somebody = make_person(session, "Nora Nobody"), make_person(session, "Vera Volunteer")
    page = sign_in(owner).get("/profile")
    assert (mine in page.text, "<li>All calls</li>" in page.text) == (True, True)
    page = sign_in(somebody).get("/profile")
    assert ("nora@example.org" in page.text, "No mails about calls come to your address." in page.text) == (False, True)


def test_people_see_that_their_mail_came_back(session, sign_in, nora, series, now):
    owner = make_person(session, "Nora Nobody")
    stop_address(session, "nora@example.org", now=now)
    assert "Stopped: a mail came back." in sign_in(owner).get("/profile").text


def test_a_series_that_ended_is_named_no_more(session, visitor, series, nora, site, now):
    nora.all_calls, nora.series = False, ["thursday"]
    series.ended_on = now.date() - timedelta(days=1)
    make_series(session, "friday")
    assert "Nothing that still takes place" in visitor.get(links.subscribing_path(nora, site=site)).text
