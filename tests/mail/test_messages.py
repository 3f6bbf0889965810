"""Every message says what it must: who it is for, when in whose zone, and what to do, in text and HTML alike."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from jinja2 import UndefinedError

from app.mail.compose import compose
from app.mail.messages import organizing, talks
from app.mail.rendering import inert, paragraphs, render
from app.mail.values import Reader
from tests.mail.samples import CHOICES, FRIDAY, HOUSE, OLU, SAM, THURSDAY, TITLE, VERA, link, part, samples

GOLDEN = Path(__file__).parent / "golden"
MESSAGES = samples()
PHISHING = (
    'Win at https://evil.example <a href="https://evil.example">now</a> [click](https://evil.example) www.evil.example'
)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_text_of(name):
    mail = MESSAGES[name]
    assert f"Subject: {mail.subject}\n\n{mail.text}" == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_every_message_has_an_example():
    folders = {path.parent.name for path in (Path(__file__).parents[2] / "templates" / "emails").glob("*/subject.txt")}
    assert folders == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_html_says_what_the_text_says(name):
    mail = MESSAGES[name]
    html = BeautifulSoup(mail.html, "html.parser")
    said = set(re.findall(r"\w+", html.get_text(" ")))
    # Times, names, codes and dates: whatever carries a digit or a capital must stand in both.
    facts = {word for word in re.findall(r"\w+", mail.text) if any(c.isdigit() for c in word)}
    links = set(re.findall(r"https?://\S+", mail.text))
    assert facts - said - set(re.findall(r"\w+", " ".join(links))) == set()
    assert links <= {each["href"] for each in html.find_all("a")} | {link("/")}


@pytest.mark.parametrize("name", MESSAGES)
def test_the_html_is_for_mail_programs(name):
    html = BeautifulSoup(MESSAGES[name].html, "html.parser")
    assert [each.name for each in html.find_all(["img", "script", "link", "form", "iframe", "video"])] == []
    assert {each["href"].split("/")[2] for each in html.find_all("a")} <= {
        "touchpoints.example.org",
        "meet.example.org",
    }
    assert len(html.select("table.act a")) <= 1
    assert html.select_one(".card")["style"].count("background") == 1
    assert "prefers-color-scheme: dark" in html.find("style").get_text()
    assert "max-width: 600px" in html.select_one(".sheet")["style"]


@pytest.mark.parametrize("name", MESSAGES)
def test_it_says_who_it_is_for(name):
    mail = MESSAGES[name]
    assert "\nThis mail is for " in mail.text
    assert mail.to in mail.text
    assert mail.to in BeautifulSoup(mail.html, "html.parser").select_one(".foot").get_text()


@pytest.mark.parametrize("name", MESSAGES)
def test_it_can_be_composed(name, site, now):
    assert compose(MESSAGES[name], message_id="<one@example.org>", thread="abc", site=site, now=now)


def test_one_clock_is_said_once():
    text = talks.invited(HOUSE, replace(SAM, time_zone="Europe/Berlin"), part=part()).text
    assert text.count("3 December 2026") == 1
    assert "14:00\N{EN DASH}15:00 Madrid (CET)" in text


def test_a_reader_without_a_zone_gets_the_time_of_the_series():
    mail = talks.invited(HOUSE, replace(SAM, time_zone=""), part=part())
    assert mail.subject == f"Can you speak on Thursday 3 December? {TITLE}"
    assert "Please answer by Monday 30 November 2026, 10:00 Madrid (CET)" in mail.text


def test_a_day_is_that_of_the_reader():
    mail = talks.invited(HOUSE, replace(SAM, time_zone="Pacific/Auckland"), part=part())
    assert mail.subject.startswith("Can you speak on Friday 4 December?")
    assert "Friday 4 December 2026, 02:00\N{EN DASH}03:00 Auckland (NZDT)" in mail.text


def test_a_move_within_the_series_says_only_when():
    later = replace(THURSDAY, starts_at=FRIDAY.starts_at)
    text = talks.moved(HOUSE, replace(SAM, time_zone="Europe/Madrid"), part=part(occasion=later), was=THURSDAY).text
    assert (
        "When\n"
        "  was: Thursday 3 December 2026, 14:00\N{EN DASH}15:00 Madrid (CET)\n"
        "  now: Friday 11 December 2026, 17:30\N{EN DASH}18:30 Madrid (CET)\n"
    ) in text
    assert "Call\n" not in text
    assert "calendar" not in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Sam Speaker, Kestrel Works (name and affiliation)"),
        ({"level": ""}, "You choose on the page how you may be named. Until then you are not."),
        (
            {"members_only": True},
            "Sam Speaker, Kestrel Works (name and affiliation), for members. Public pages show the title alone.",
        ),
    ],
)
def test_it_says_how_the_speaker_will_be_named(changes, said):
    assert f"Named as:  {said}\n" in talks.invited(HOUSE, SAM, part=part(choices=replace(CHOICES, **changes))).text


@pytest.mark.parametrize(
    ("recording", "said"),
    [
        (True, "You agreed that your talk is recorded where the agenda allows it."),
        (False, "Your talk is not recorded."),
        (None, "You say on the page whether your talk may be recorded. Without your yes it is not."),
    ],
)
def test_it_says_what_is_recorded(recording, said):
    choices = replace(CHOICES, recording=recording)
    assert f"Recording: {said}\n" in talks.invited(HOUSE, SAM, part=part(choices=choices)).text


def test_without_a_deadline_nothing_is_invented():
    for write in (talks.invited, talks.reminded):
        assert "Please answer here:" in write(HOUSE, SAM, part=part(answer_by=None)).text
    assert "Please answer here:" in talks.moved(HOUSE, SAM, part=part(answer_by=None), was=FRIDAY).text


def test_only_the_confirmed_speaker_learns_how_to_join():
    holds = {name for name, mail in MESSAGES.items() if "meet.example.org" in mail.text + mail.html}
    assert holds == {"confirmed", "updated", "upcoming"}


@pytest.mark.parametrize("name", ["verify", "draft_saved", "sign_in"])
def test_an_address_that_nobody_has_proven_gets_no_typed_words(name):
    # Whoever fills a form with somebody else's address could otherwise write to them in our name.
    assert TITLE not in MESSAGES[name].text + MESSAGES[name].html
    assert "Vera" not in MESSAGES[name].text


def test_typed_words_make_no_links():
    people = Reader("vera@example.org", PHISHING, "Europe/Madrid")
    typed = part(title=PHISHING, with_speakers=(PHISHING,), choices=replace(CHOICES, shown=PHISHING))
    mails = [
        talks.invited(HOUSE, people, part=typed),
        talks.cancelled(HOUSE, people, title=PHISHING, was=THURSDAY, reason="Holiday."),
        organizing.another_date(
            HOUSE,
            OLU,
            title=PHISHING,
            speaker=PHISHING,
            occasion=THURSDAY,
            words=PHISHING,
            wishes=[],
            link=link("/board"),
        ),
    ]
    for mail in mails:
        html = BeautifulSoup(mail.html, "html.parser")
        assert all(each["href"].startswith(HOUSE.url) for each in html.find_all("a"))
        # A mail program looks for addresses in the text between two elements.
        assert not any(re.search(r"evil\.example|https?://evil", text) for text in html.select_one(".card").strings)


def test_words_that_cannot_be_links_stay_as_they_are():
    assert (
        inert("Open source, 5.0 & <b>more</b>. Done")
        == "Open source, 5<span>.</span>0 &amp; &lt;b&gt;more&lt;/b&gt;. Done"
    )


def test_paragraphs_are_escaped_once():
    assert paragraphs("a <b>\nb") == "a &lt;b&gt;<br>b"
    assert paragraphs(inert("x.y\nb & c")) == "x<span>.</span>y<br>b &amp; c"


def test_a_template_that_misses_a_value_fails_at_once():
    with pytest.raises(UndefinedError):
        render("received", house=HOUSE, reader=VERA)
