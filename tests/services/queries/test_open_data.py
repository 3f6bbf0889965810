"""What the open data is made of: filters, an order that goes on, and what each thing says besides its public value."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.errors import NotFound
from app.domain.notes import NotesAudience
from app.domain.people import RoleCategory
from app.domain.publication import Audience, PublicDetail, PublicStatus
from app.domain.searching import read_search
from app.domain.states import TalkState, TouchpointState
from app.models import Publication, PublishedNotes, Topic
from app.services.publishing import publish_touchpoint
from app.services.queries import open_data, open_talks
from app.services.queries.open_data import Position, Wanted
from app.services.queries.open_talks import WantedTalks
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def publish(session, series, site, now):
    def publish(day, *titles, of=None, topics=(), skipped=False):
        touchpoint = make_touchpoint(session, of or series, datetime(2026, 12, day, 14, 0), talk_minutes=60)
        for position, title in enumerate(titles):
            proposal = make_proposal(session, title)
            proposal.topics.extend(topics)
            make_talk(session, proposal, touchpoint, state=TalkState.CONFIRMED, position=position)
        if skipped:
            touchpoint.state = TouchpointState.SKIPPED
        publish_touchpoint(session, touchpoint, site=site, now=now)
        session.flush()
        return touchpoint

    return publish


def keys(part):
    return [item.call.key for item in part.items]


def titles(part):
    return [item.talk.title for item in part.items]


def asked(session, most=100, **wanted):
    return open_data.list_calls(session, Wanted(**wanted), most=most)


def talks(session, **wanted):
    return titles(open_talks.list_talks(session, WantedTalks(**wanted), most=100))


def test_calls_are_asked_for_by_series_time_and_status(session, publish):
    friday = make_series(session, "friday")
    planned, confirmed, other = publish(1), publish(8, "Held"), publish(9, of=friday)
    noon = datetime(2026, 12, 8, 13, 0, tzinfo=UTC)  # when the second begins
    assert keys(asked(session)) == [planned.key, confirmed.key, other.key]
    assert keys(asked(session, newest_first=True)) == [other.key, confirmed.key, planned.key]
    assert keys(asked(session, series="friday")) == [other.key]
    assert keys(asked(session, since=noon)) == [confirmed.key, other.key]
    assert keys(asked(session, until=noon)) == [planned.key]
    assert keys(asked(session, status=PublicStatus.CONFIRMED)) == [confirmed.key]


def test_whoever_copies_asks_for_what_changed(session, publish, site, now):
    first, _ = publish(1, "First"), publish(8, "Second")
    later = now + timedelta(days=1)
    make_talk(session, make_proposal(session, "Third"), first, state=TalkState.CONFIRMED, position=1)
    publish_touchpoint(session, first, site=site, now=later)
    found = asked(session, changed_since=later)
    assert (keys(found), found.items[0].changed_at) == ([first.key], later)


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_list_goes_on_where_it_stood_whatever_came_meanwhile(session, publish, newest_first):
    calls = [publish(day).key for day in (2, 9, 16)]
    in_order = calls[::-1] if newest_first else calls
    wanted = Wanted(newest_first=newest_first)
    first = open_data.list_calls(session, wanted, most=2)
    publish(23 if newest_first else 1)
    second = open_data.list_calls(session, wanted, after=first.onward, most=2)
    assert (keys(first), keys(second)) == (in_order[:2], in_order[2:])
    assert (first.total, second.total, second.onward) == (3, 4, None)


def test_calls_of_one_instant_are_told_apart(session, publish):
    both = sorted([publish(2), publish(2, of=make_series(session, "friday"))], key=lambda call: call.uid)
    first = asked(session, most=1)
    assert first.onward == Position(both[0].starts_at, both[0].uid)
    assert keys(open_data.list_calls(session, Wanted(), after=first.onward, most=1)) == [both[1].key]


def test_a_call_says_from_when_it_was_moved(session, publish, site, now):
    call = publish(2, "Moved")
    was = call.starts_at
    call.local_start, call.starts_at = call.local_start + timedelta(days=1), was + timedelta(days=1)
    publish_touchpoint(session, call, site=site, now=now + timedelta(days=1))
    found = open_data.find_call(session, call.key)
    assert (found.moved_from, found.call.starts_at) == (was, was + timedelta(days=1))
    assert open_data.find_call(session, publish(9, "Not moved").key).moved_from is None


def test_a_call_says_that_there_are_notes_for_everybody(session, series, publish, now):
    call = publish(2, "Noted")
    series.notes_audience = NotesAudience.PUBLIC
    session.add(
        PublishedNotes(touchpoint_id=call.id, audience=NotesAudience.PUBLIC, text="Said.", version=1, published_at=now)
    )
    session.flush()
    assert open_data.find_call(session, call.key).has_notes is True
    assert open_data.find_call(session, publish(9).key).has_notes is False


def test_parts_and_talks_have_their_instants_and_the_clock_of_the_series(session, publish):
    call = open_data.find_call(session, publish(2, "Timed").key)
    assert [part.starts_at.minute for part in call.agenda] == [0, 5, 5, 20]
    assert [part.starts_at.hour for part in call.agenda] == [13, 13, 14, 14]
    (talk,) = call.talks
    assert talk.starts_at == datetime(2026, 12, 2, 13, 5, tzinfo=UTC)
    assert [each.isoformat() for each in (call.local_starts_at, call.local_ends_at, talk.local_starts_at)] == [
        "2026-12-02T14:00:00+01:00",
        "2026-12-02T15:40:00+01:00",
        "2026-12-02T14:05:00+01:00",
    ]


def test_of_a_members_only_talk_neither_its_time_nor_its_speakers_stand_there(session, publish):
    friday = make_series(session, "friday", audience=Audience.MEMBERS)
    (talk,) = open_data.find_call(session, publish(2, "Titled", of=friday).key).talks
    assert (talk.talk.title, talk.talk.speakers, talk.starts_at, talk.local_starts_at) == ("Titled", (), None, None)


def test_what_is_hidden_or_unknown_is_not_found(session, publish, now):
    hidden = make_series(session, "hidden", audience=Audience.MEMBERS)
    hidden.public_detail = PublicDetail.NOTHING
    call = publish(2, "Secret", of=hidden)
    assert (keys(asked(session)), talks(session)) == ([], [])
    for find in (
        lambda: open_data.find_call(session, call.key),
        lambda: open_data.find_series(session, "hidden", now=now),
        lambda: open_data.find_topic(session, "none"),
        lambda: open_talks.find_talk(session, "none"),
        lambda: open_data.read_season(session, series="hidden", year=None, now=now),
    ):
        with pytest.raises(NotFound):
            find()


def test_series_that_ended_stay_in_the_list(session, series, now):
    series.ended_on = date(2026, 1, 31)
    assert [card.series.slug for card in open_data.list_all_series(session, now=now)] == ["thursday"]
    assert open_data.find_series(session, "thursday", now=now).ended_on == date(2026, 1, 31)


def test_a_retired_topic_stays_while_a_talk_has_had_it(session, publish):
    used, unused = Topic(slug="used", name="Used"), Topic(slug="unused", name="Unused", retired=True)
    session.add_all([used, unused])
    publish(2, "On it", topics=[used])
    used.retired = True
    session.flush()
    assert [topic.slug for topic in open_data.list_topics(session) if topic.retired] == ["used"]
    assert open_data.find_topic(session, "used").name == "Used"


def test_a_broken_publication_takes_no_list_down(session, publish, caplog):
    broken, sound = publish(2, "Broken"), publish(9, "Sound")
    session.get(Publication, broken.id).value = {"key": "nothing else"}
    session.flush()
    caplog.set_level(logging.ERROR)
    assert (keys(asked(session)), talks(session)) == ([sound.key], ["Sound"])
    assert [record.getMessage() for record in caplog.records] == [
        f"open data leaves out a broken publication: touchpoint={broken.id}"
    ] * 2


def test_talks_are_asked_for_by_all_that_they_are_sorted_by(session, publish):
    topic = Topic(slug="upstream", name="Upstream first")
    session.add(topic)
    publish(2, "On it", topics=[topic])
    publish(9, "Of friday", of=make_series(session, "friday"))
    assert talks(session) == ["On it", "Of friday"]
    assert talks(session, newest_first=True) == ["Of friday", "On it"]
    assert talks(session, topic="upstream") == ["On it"]
    assert talks(session, topic="unknown") == []
    assert talks(session, series="friday") == ["Of friday"]
    assert talks(session, role=RoleCategory.OSPO) == ["On it", "Of friday"]
    assert talks(session, role=RoleCategory.OTHER) == []
    assert talks(session, working_group="none") == []
    assert talks(session, since=datetime(2026, 12, 9, 13, 0, tzinfo=UTC)) == ["Of friday"]
    assert talks(session, until=datetime(2026, 12, 9, 13, 0, tzinfo=UTC)) == ["On it"]
    assert talks(session, search=read_search("friday")) == ["Of friday"]
    assert talks(session, search=read_search("“!”")) == []


def test_talks_go_on_where_the_list_stood(session, publish):
    publish(2, "First", "Second")
    publish(9, "Third")
    first = open_talks.list_talks(session, WantedTalks(), most=2)
    second = open_talks.list_talks(session, WantedTalks(), after=first.onward, most=2)
    assert (sorted(titles(first)), titles(second), second.onward, second.total) == (
        ["First", "Second"],
        ["Third"],
        None,
        3,
    )
    assert open_talks.find_talk(session, second.items[0].talk.key) == second.items[0]


def test_a_season_is_this_year_and_all_that_is_planned_after_it(session, series, publish, site, now):
    this = publish(2, "This year")
    for year in (2025, 2027):
        call = make_touchpoint(session, series, datetime(year, 2, 4, 14, 0))
        publish_touchpoint(session, call, site=site, now=now + timedelta(hours=year - 2025))
    publish(9, of=make_series(session, "friday"))

    def season(**asked):
        found = open_data.read_season(session, **{"series": None, "year": None, "now": now, **asked})
        return found.year, [call.starts_at.year for call in found.calls], found.changed_at

    assert season() == (2026, [2026, 2026, 2027], now + timedelta(hours=2))
    assert season(series="thursday") == (2026, [2026, 2027], now + timedelta(hours=2))
    assert season(year=2025) == (2025, [2025], now)
    assert season(year=1999) == (1999, [], None)
    assert this.starts_at.year == 2026
