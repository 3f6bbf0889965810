"""A stranger reads every public page and feed, in every encoding that could hide a name, and finds what is public."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import quote, unquote, urlsplit

import pytest

from app.domain.attribution import Attribution
from app.domain.publication import Audience
from app.domain.states import TalkState
from app.models import Confirmation
from app.services.publishing import publish_touchpoint
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

START = ["/", "/schedule", "/past", "/subscribe", "/chatham-house-rule", "/robots.txt", "/calendar/all.ics"]
LEVELS = [*Attribution, None]


class Canary:
    """One speaker of one level, every word of whom is found nowhere else."""

    def __init__(self, level: Attribution | None) -> None:
        mark = f"zq{LEVELS.index(level)}x"
        self.level = level
        self.first, self.last, self.employer = f"{mark}first", f"{mark}last", f"{mark}employer"
        self.mail = f"{mark}mail@{mark}domain.example"
        self.note, self.bio, self.benefit = f"{mark}note", f"{mark}bio", f"{mark}benefit"
        self.link, self.slides = f"https://{mark}link.example/{mark}", f"https://{mark}slides.example"

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    def hidden(self) -> list[str]:
        """What a stranger must not find of them."""
        never = [self.mail, *self.mail.split("@"), self.note, self.bio, self.benefit]
        name, employer = [self.first, self.last], [self.employer]
        online = [urlsplit(self.link).netloc, urlsplit(self.slides).netloc]
        match self.level:
            case Attribution.NAME_AND_AFFILIATION:
                return never
            case Attribution.NAME:
                return never + employer + online
            case Attribution.AFFILIATION:
                return never + name + online
            case _:
                return never + name + employer + online


def spellings(word: str) -> Iterator[bytes]:
    """The word as it might stand in an answer."""
    yield word.encode()
    yield quote(word).encode()
    yield html.escape(word).encode()
    yield word.encode("utf-16-le")
    for shift in range(3):
        yield base64.b64encode(b"\0" * shift + word.encode())[(0, 2, 3)[shift] : -4]
    if "@" in word:
        for algorithm in (hashlib.md5, hashlib.sha1, hashlib.sha256):
            yield algorithm(word.encode()).hexdigest().encode()


def crawl(client) -> dict[str, bytes]:
    """Every address of ours that a stranger reaches, with headers and body, calendars unfolded, all in lower case."""
    found, waiting = {}, list(START)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        answer = client.get(path, buffered=True)
        body = answer.data.replace(b"\r\n ", b"")
        found[path] = (str(answer.headers).encode() + body).lower()
        if answer.mimetype == "text/html":
            links = re.findall(r'(?:href|src|hx-get|action)="(/[^"#]*)', answer.text)
            waiting += [
                html.unescape(link) for link in links if not link.startswith(("/static/", "/propose", "/sign-in"))
            ]
    return found


def leaks(pages: dict[str, bytes], words: list[str]) -> list[tuple[str, str]]:
    return [
        (path, word)
        for path, page in pages.items()
        for word in words
        for spelling in spellings(word)
        if spelling.lower() in page or spelling.lower() in unquote(page.decode(errors="replace")).encode()
    ]


@pytest.fixture
def canaries() -> list[Canary]:
    return [Canary(level) for level in LEVELS]


@pytest.fixture
def publish_all(session, canaries, site, now):
    """A call for each canary, soon and long ago, confirmed and public."""

    def publish_all(series) -> list:
        calls = []
        for number, canary in enumerate(canaries):
            for year in (2025, 2027):
                call = make_touchpoint(session, series, datetime(year, 3, 4, 14, 0) + timedelta(weeks=number))
                speaker = make_speaker(
                    canary.name, email=canary.mail, affiliation=canary.employer, attribution=canary.level
                )
                speaker.bio = canary.bio
                proposal = make_proposal(session, f"Talk {number}", speakers=(speaker,), email=canary.mail)
                proposal.private_note, proposal.benefit, proposal.links = canary.note, canary.benefit, [canary.link]
                talk = make_talk(session, proposal, call, state=TalkState.CONFIRMED)
                talk.slides_url = canary.slides
                talk.confirmations[0].words = canary.note
                publish_touchpoint(session, call, site=site, now=now)
                calls.append(call)
        session.commit()
        return calls

    return publish_all


def test_a_stranger_finds_of_each_speaker_what_they_chose_and_no_more(client, series, canaries, publish_all):
    publish_all(series)
    pages = crawl(client)
    assert leaks(pages, [word for canary in canaries for word in canary.hidden()]) == []
    named, by_name, by_employer = canaries[:3]
    for word in (named.first, named.employer, urlsplit(named.slides).netloc, by_name.last, by_employer.employer):
        assert leaks(pages, [word]), f"the crawler is blind: {word} is public"
    assert any(path.startswith("/touchpoints/") and path.endswith(".ics") for path in pages)


def test_of_a_members_only_call_a_stranger_finds_no_speaker_at_all(client, session, canaries, publish_all):
    publish_all(make_series(session, "friday", audience=Audience.MEMBERS))
    everything = [
        word for canary in canaries for word in (*canary.hidden(), canary.first, canary.last, canary.employer)
    ]
    assert leaks(crawl(client), everything) == []


def test_who_tightens_their_choice_is_gone_at_once_from_every_page_and_feed(
    client, session, series, canaries, publish_all, site, now
):
    calls = publish_all(series)
    before = client.get("/calendar/all.ics").headers["ETag"]
    for confirmation in session.query(Confirmation):
        confirmation.attribution = Attribution.NONE
    for call in calls:
        publish_touchpoint(session, call, site=site, now=now + timedelta(minutes=5))
    session.commit()
    names = [word for canary in canaries for word in (canary.first, canary.last, canary.employer, canary.slides)]
    assert leaks(crawl(client), names) == []
    assert client.get("/calendar/all.ics").headers["ETag"] != before
