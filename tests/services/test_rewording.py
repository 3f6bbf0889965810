"""A new wording holds for every call that has not begun, and what is over keeps the words that were said there."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput
from app.domain.publication import PublicTouchpoint
from app.domain.states import TalkState
from app.domain.wording import FIRST, STANDARD
from app.models import AuditEvent, FeedRevision, NoticeWording, Publication
from app.services.auditing import Actor
from app.services.publishing import publish_touchpoint
from app.services.queries.feeds import ALL, read_feed
from app.services.rewording import catch_up_with_wording, save_wording
from app.services.wording import governing_wording, list_wordings, present_wording
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

wall = datetime.fromisoformat
SENTENCES = {name: value for name, value in asdict(STANDARD).items() if name != "version"}
KINDER = {**SENTENCES, "asks": "Use what you hear. Tell nobody who said it, who was there, or where they work."}


@pytest.fixture
def organizer(session):
    return make_person(session, "Olu Organizer")


@pytest.fixture
def save(session, organizer, site, clock):
    def save(sentences, *, version=STANDARD.version, reason=" Shorter\twords "):
        by = Actor.signed_in(organizer)
        return save_wording(session, sentences, reason=reason, version=version, by=by, site=site, now=clock.now)

    return save


@pytest.fixture
def call(session, site, clock):
    """A public call with a confirmed talk, ten days ahead."""
    touchpoint = make_touchpoint(session, make_series(session), wall("2026-12-03 14:00"))
    make_talk(session, make_proposal(session), touchpoint, state=TalkState.CONFIRMED)
    publish_touchpoint(session, touchpoint, site=site, now=clock.now)
    session.commit()
    return touchpoint


def published(session, touchpoint):
    row = session.get(Publication, touchpoint.id, populate_existing=True)
    return row, PublicTouchpoint.from_json(row.value)


def test_a_new_wording_is_published_with_the_calls_to_come(session, save, call, organizer, clock):
    row, value = published(session, call)
    before = (row.sequence, row.vevent)
    clock.advance(timedelta(hours=1))

    saved = save(KINDER)

    row, value = published(session, call)
    assert (row.sequence, row.last_modified) == (before[0] + 1, clock.now)
    assert value.wording == replace(STANDARD, version="1", asks=KINDER["asks"])
    assert value.notice.rule == f"Held in part under the Chatham House Rule. {KINDER['asks']}"
    assert row.vevent != before[1]
    assert (saved.number, saved.author, saved.made_at, saved.reason) == (1, organizer, clock.now, "Shorter words")
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "notice_wording.saved")).one()
    assert (event.subject_id, event.person_id, event.detail) == (1, organizer.id, {"calls": 1})


def test_calls_that_have_begun_keep_the_words_under_which_people_came(session, save, call, site, clock):
    clock.now = call.starts_at
    save(KINDER)
    assert governing_wording(session, call) == STANDARD

    clock.now = call.ends_at + timedelta(days=400)
    call.segments[0].title = "Hello"
    publish_touchpoint(session, call, site=site, now=clock.now)

    row, value = published(session, call)
    assert (row.sequence, value.agenda[0].title, value.wording) == (1, "Hello", STANDARD)


def test_what_was_published_before_versions_keeps_our_first_words(session, call, site, clock):
    row, value = published(session, call)
    stored = value.to_json()
    del stored["wording"]
    row.value = stored
    session.commit()
    clock.now = call.ends_at

    publish_touchpoint(session, call, site=site, now=clock.now)

    assert published(session, call)[1].wording == FIRST
    assert "Recorded: Welcome; Upstream first at a railway operator; Working-group updates; nothing else." in str(
        published(session, call)[1].notice
    )


def test_a_call_that_was_never_published_will_have_the_present_words(session, save, call):
    later = make_touchpoint(session, call.series, wall("2026-12-17 14:00"))
    assert governing_wording(session, later) == governing_wording(session, None) == STANDARD
    save(KINDER)
    assert governing_wording(session, later) == present_wording(session)


def test_what_is_published_only_later_has_the_words_that_were_in_force_when_it_began(session, save, call, site, clock):
    hidden = make_touchpoint(session, call.series, wall("2026-12-17 14:00"))
    save(KINDER)
    clock.now = hidden.ends_at
    save(SENTENCES, version="1")
    assert governing_wording(session, hidden).version == "1"
    publish_touchpoint(session, hidden, site=site, now=clock.now)
    assert published(session, hidden)[1].wording.version == "1"


def test_versions_are_counted_and_listed_newest_first(session, save, organizer):
    save(KINDER)
    save(SENTENCES, version="1", reason="")
    assert [(row.number, row.reason, row.author.name) for row in list_wordings(session)] == [
        (2, "", "Olu Organizer"),
        (1, "Shorter words", "Olu Organizer"),
    ]
    assert present_wording(session) == replace(STANDARD, version="2")


def test_whoever_began_from_an_older_version_overwrites_nothing(session, save):
    save(KINDER)
    with pytest.raises(Conflict):
        save({**SENTENCES, "welcome": "{part}: {recording}, {rule}."})
    session.rollback()
    assert [row.number for row in list_wordings(session)] == [1]


def test_what_must_be_put_right_is_said_and_nothing_is_written(session, save):
    with pytest.raises(InvalidInput) as refused:
        save({**KINDER, "whole": "Under the Chatham House Rules."}, reason="x" * 301)
    assert list(refused.value.errors) == ["whole", "reason"]
    with pytest.raises(InvalidInput) as refused:
        save({name: f"  {sentence} \x00" for name, sentence in SENTENCES.items()})
    assert refused.value.errors == {"whole": "These are the present words: change one, or leave them as they are."}
    assert session.scalars(select(NoticeWording)).all() == []


def test_the_feed_says_it_even_where_no_call_is_planned(session, save, site, clock):
    make_series(session)
    session.commit()
    before = session.scalar(select(FeedRevision.mark))
    save(KINDER)
    assert session.scalar(select(FeedRevision.mark)) != before
    feed = read_feed(session, ALL, site=site, now=clock.now).body.replace(b"\r\n ", b"")
    assert b"Use what you hear. Tell nobody who said it" in feed


def test_a_start_brings_the_words_of_a_new_release_to_the_calls_to_come(session, call, site, clock):
    row, value = published(session, call)
    row.value, row.vevent = replace(value, wording=FIRST).to_json(), row.vevent.replace(b"SUMMARY:", b"SUMMARY:Once ")
    session.commit()

    assert catch_up_with_wording(session, site=site, now=clock.now) is True
    session.commit()

    row, value = published(session, call)
    assert (row.sequence, value.wording) == (1, STANDARD)
    assert catch_up_with_wording(session, site=site, now=clock.now) is False
