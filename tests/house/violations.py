"""Every way to forget the Rule that the types refuse, planted: `test_type_proof.py` lets mypy read this file.

A line that ends in `refused` must be an error of that kind, and no other line may be one: beside each plant stands the
right way, which passes. Nothing here is ever run.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from app.domain.attribution import PublicText, public_name
from app.domain.disclosure import public_talk
from app.domain.publication import (
    Audience,
    PublicDetail,
    PublicOccasion,
    PublicSegment,
    PublicSeries,
    PublicTalk,
    PublicTouchpoint,
)
from app.domain.revision import Revision
from app.domain.site import Site
from app.domain.subscriptions import Event
from app.feeds.addresses import call_addresses
from app.feeds.atom import AtomEntry, AtomHead
from app.feeds.ical import FeedHead, vevent
from app.feeds.schedule import ScheduleHead, SchedulePerson, schedule
from app.feeds.words import summary
from app.mail.messages.subscriptions import Call
from app.mail.values import Occasion
from app.models import Person, Proposal, Publication, Series, Speaker, Subscription, Talk, Touchpoint
from app.services.notifying.subscribers import announcement_mail
from app.services.queries.open_data import OpenCall, OpenTopic
from app.services.talk_facts import speaker_facts
from app.web.api.resource import Found, Listed
from app.web.public.grouping import by_month
from app.web.public.showing import show


def talks(speaker: Speaker, shown: PublicText, words: str) -> list[PublicTalk]:
    named = public_name(speaker_facts(speaker, None))
    talk = PublicTalk(shown, shown, (named,), 20, recorded=True)
    return [
        PublicTalk("Upstream first", shown, (named,), 20, recorded=True),  # refused: arg-type
        PublicTalk(shown, shown, (speaker.name,), 20, recorded=True),  # refused: arg-type
        PublicTalk(shown, f"{shown}, {words}", (named,), 20, recorded=True),  # refused: arg-type
        PublicTalk(shown, shown + words, (named,), 20, recorded=True),  # refused: arg-type
        PublicTalk(shown, shown, (named,), 20, recorded=True, links=(words,)),  # refused: arg-type
        PublicTalk(shown, shown, (named,), 20, recorded=True, slides_url=words),  # refused: arg-type
        replace(talk, title=words),  # refused: arg-type
        replace(talk, speakers=(named, speaker.affiliation)),  # refused: arg-type
        replace(talk, title=shown),
    ]


def parts(segment: PublicSegment, series: Series, shown: PublicText, now: datetime) -> list[object]:
    audience, detail = Audience.OPEN, PublicDetail.EVERYTHING
    return [
        replace(segment, title=series.name),  # refused: arg-type
        PublicOccasion("key", series.short_name, now, 60, "Europe/Madrid"),  # refused: arg-type
        PublicOccasion("key", shown, now, 60, "Europe/Madrid"),
        PublicSeries("s", series.name, shown, audience, "blue", "circle", "s@x.example", detail),  # refused: arg-type
        PublicSeries("s", shown, shown, audience, "blue", "circle", "s@x.example", detail),
    ]


def from_rows(speaker: Speaker, talk: Talk) -> list[PublicTalk]:
    facts = speaker_facts(speaker, None)
    return [
        public_talk(
            title=talk.proposal.title,
            abstract="",
            speakers=[speaker],  # refused: list-item
            minutes=20,
            recorded=False,
            detail=PublicDetail.EVERYTHING,
        ),
        public_talk(
            title=talk.proposal.title,
            abstract="",
            speakers=[facts],
            minutes=20,
            recorded=False,
            detail=PublicDetail.EVERYTHING,
        ),
    ]


def feeds(row: Touchpoint, call: PublicTouchpoint, revision: Revision, speaker: Speaker, shown: PublicText) -> None:
    vevent(row, revision, url="")  # refused: arg-type
    vevent(call, revision, url="")
    summary(row)  # refused: arg-type
    call_addresses(row, url="")  # refused: arg-type
    FeedHead(name=speaker.name, description=shown, url="")  # refused: arg-type
    FeedHead(name=shown, description=speaker.bio, url="")  # refused: arg-type
    FeedHead(name=shown, description=shown, url="")


def changes(proposal: Proposal, shown: PublicText, now: datetime) -> None:
    AtomHead("", proposal.title, shown, "", "")  # refused: arg-type
    AtomEntry("", "moved", proposal.title, shown, "", now, now)  # refused: arg-type
    AtomEntry("", "moved", shown, f"by {shown}", "", now, now)  # refused: arg-type
    AtomEntry("", "moved", shown, shown, "", now, now)


def mails(
    reader: Subscription, proposal: Proposal, row: Publication, call: PublicTouchpoint, when: Occasion, site: Site
) -> None:
    announcement_mail(reader, Event.PUBLISHED, None, row, site=site)  # refused: arg-type
    announcement_mail(reader, Event.PUBLISHED, None, call, site=site)
    Call(proposal.title, (), when, "", "")  # refused: arg-type
    Call(call.title, (proposal.speakers[0].name,), when, "", "")  # refused: arg-type
    Call(call.title, call.talks[0].speakers, when, "", "")


def pages(person: Person, row: Touchpoint, talk: Talk, call: PublicTouchpoint, words: str) -> None:
    show("pages/public/home.html", call=row)  # refused: arg-type
    show("pages/public/home.html", talk=talk)  # refused: arg-type
    show("pages/public/home.html", person=person)  # refused: arg-type
    show("pages/public/home.html", title=person.name)  # refused: arg-type
    show("pages/public/home.html", title=words)  # refused: arg-type
    show("pages/public/home.html", people=[person])  # refused: arg-type
    show("pages/public/home.html", speakers=(words,))  # refused: arg-type
    show("pages/public/home.html", call=call, title=call.title, talks=len(call.talks))
    by_month([row], None)  # refused: list-item
    by_month([call], None)


def open_data(
    row: Publication, talk: Talk, call: PublicTouchpoint, words: str, shown: PublicText, now: datetime
) -> None:
    Found(row)  # refused: arg-type
    Found(talk)  # refused: arg-type
    Found(words)  # refused: arg-type
    Listed((row,), 1)  # refused: arg-type
    OpenCall(row, now)  # refused: arg-type
    OpenTopic("slug", words, retired=False)  # refused: arg-type
    Found(OpenCall(call, now), now)
    ScheduleHead("name", words, 2026, "", "", now)  # refused: arg-type
    SchedulePerson(uuid4(), 1, talk.proposal.speakers[0].name)  # refused: arg-type
    SchedulePerson(uuid4(), 1, call.talks[0].speakers[0])
    schedule(ScheduleHead("name", shown, 2026, "", "", now), [row], namespace="")  # refused: list-item
