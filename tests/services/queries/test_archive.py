"""What the learning space offers to choose from, with counts, and what stands beside one talk."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.domain.archive import PER_PAGE, MarkKind, read_asked
from app.domain.errors import NotFound
from app.domain.people import RoleCategory
from app.domain.states import TalkState
from app.models import Publication, Topic
from app.services.publishing import publish_touchpoint
from app.services.queries.archive import find_talk, search_archive
from app.services.searching import enter_calls
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

HELD = datetime(2026, 11, 5, 14, 0)


@pytest.fixture
def thursday(session):
    return make_series(session)


@pytest.fixture
def culture(session):
    return Topic(slug="culture", name="Culture & law")


@pytest.fixture
def hold(session, thursday, site, clock):
    """A held call with one talk, published; the talk."""

    def held(title="Upstream first", when=HELD, *, of=None, topics=(), role=RoleCategory.OSPO, **fields):
        speaker = make_speaker()
        speaker.role_category = role
        proposal = make_proposal(session, title, speakers=(speaker,))
        proposal.topics = list(topics)
        call = make_touchpoint(session, of or thursday, when)
        talk = make_talk(session, proposal, call, state=TalkState.CONFIRMED)
        for name, value in fields.items():
            setattr(talk, name, value)
        publish_touchpoint(session, call, site=site, now=clock.now)
        session.commit()
        return talk

    return held


@pytest.fixture
def ask(session, clock):
    return lambda page=1, **asked: search_archive(session, read_asked(asked), page=page, now=clock.now)


def titles(archive):
    return [str(found.talk.title) for found in archive.found]


def offered(archive, kind):
    """The choices of this kind, as they are read."""
    [found] = [each for each in archive.filters if each.kind is kind]
    return [f"{choice.label} {choice.count}" for choice in found.choices]


def test_the_archive_can_be_narrowed_by_all_that_it_is_sorted_by(hold, ask, culture):
    hold("With culture", topics=[culture], recording_url="https://video.example/1")
    hold("Of a foundation", HELD - timedelta(days=7), role=RoleCategory.FOUNDATION)
    hold("Older", datetime(2025, 11, 6, 14, 0))
    assert titles(ask()) == ["With culture", "Of a foundation", "Older"]
    assert titles(ask(topic="Culture & law")) == titles(ask(has="recording")) == ["With culture"]
    assert titles(ask(year="2025")) == ["Older"]
    assert titles(ask(role="foundation", series="thursday", year="2026")) == ["Of a foundation"]
    assert titles(ask(role="foundation", year="2025")) == titles(ask(role="nonsense")) == []


def test_each_choice_says_how_many_talks_it_gives_beside_the_others(hold, ask, culture):
    hold("One", topics=[culture])
    hold("Two", HELD - timedelta(days=7), role=RoleCategory.FOUNDATION)
    hold("Three", datetime(2025, 11, 6, 14, 0))
    everything, of_2026 = ask(), ask(year="2026")
    assert offered(everything, MarkKind.YEAR) == ["2026 2", "2025 1"]
    assert offered(everything, MarkKind.ROLE) == ["OSPO member 2", "Foundation staff 1"]
    assert offered(everything, MarkKind.TOPIC) == ["Culture & law 1"]
    assert offered(of_2026, MarkKind.YEAR) == ["2026 2", "2025 1"]  # what else could be chosen instead
    assert offered(of_2026, MarkKind.ROLE) == ["Foundation staff 1", "OSPO member 1"]
    assert (of_2026.total, of_2026.everything) == (2, 3)
    assert [each.chosen.label for each in of_2026.filters if each.chosen] == ["2026"]


def test_a_series_that_ended_stands_there_with_its_years(session, hold, ask, thursday):
    webinars = make_series(session, "webinars", name="Webinars")
    short = make_series(session, "short", name="Short-lived")
    thursday.position, webinars.position, short.position = 0, 1, 2
    webinars.ended_on, short.ended_on = date(2023, 12, 31), date(2024, 12, 31)
    hold("Begun", datetime(2021, 2, 3, 15, 0), of=webinars)
    hold("Ended", datetime(2023, 9, 6, 15, 0), of=webinars)
    hold("Once", datetime(2024, 9, 6, 15, 0), of=short)
    hold()
    assert offered(ask(), MarkKind.SERIES) == [
        "Europe Chapter and OSPOlogy 1",
        "Webinars (2021–2023) 2",
        "Short-lived (2024) 1",
    ]


def test_pages_are_full_and_the_last_one_stands_for_all_behind_it(hold, ask):
    for day in range(PER_PAGE + 1):
        hold(f"Talk {day:02}", HELD - timedelta(days=day))
    first, last = ask(), ask(page=99)
    assert (len(first.found), first.number, first.pages, first.total) == (PER_PAGE, 1, 2, PER_PAGE + 1)
    assert (titles(last), last.number) == ([f"Talk {PER_PAGE:02}"], 2)


def test_a_talk_has_its_call_and_those_most_like_it(session, hold, culture):
    law = Topic(slug="law", name="Law")
    talk = hold("Asked for", topics=[culture, law])
    hold("Nothing in common", HELD - timedelta(days=1))
    hold("One in common, newer", HELD - timedelta(days=7), topics=[law])
    hold("Both in common", HELD - timedelta(days=21), topics=[culture, law])
    hold("One in common, older", HELD - timedelta(days=14), topics=[culture])
    page = find_talk(session, talk.key)
    assert (page.talk.title, page.call.key) == ("Asked for", talk.touchpoint.key)
    expected = ["Both in common", "One in common, newer", "One in common, older"]
    assert [found.talk.title for found in page.related] == expected


def test_the_same_talk_on_another_call_is_not_related_to_itself(session, hold, thursday, culture, site, clock):
    talk = hold("Shared", topics=[culture])
    other = make_touchpoint(session, thursday, HELD + timedelta(days=7))
    make_talk(session, talk.proposal, other, state=TalkState.CONFIRMED)
    publish_touchpoint(session, other, site=site, now=clock.now)
    session.commit()
    assert find_talk(session, hold("Without topics", HELD - timedelta(days=1)).key).related == ()
    page = find_talk(session, talk.key)
    assert [occasion.key for occasion in page.talk.also] == [other.key]
    assert page.related == ()


def test_a_talk_of_a_working_group_is_related_to_the_groups_others(session, hold, ask):
    # groups are told by the publication: here as it is stored
    first, second = hold("First"), hold("Second", HELD - timedelta(days=7))
    for talk in (first, second):
        row = session.get(Publication, talk.touchpoint_id)
        row.value = {**row.value, "talks": [{**row.value["talks"][0], "working_group": "licensing"}]}
    enter_calls(session, [first.touchpoint_id, second.touchpoint_id])
    session.commit()
    assert [found.talk.title for found in find_talk(session, first.key).related] == ["Second"]
    assert offered(ask(), MarkKind.GROUP) == ["licensing 2"]  # a group that is public has its name here


def test_a_talk_that_is_not_public_is_not_there(session, hold, site, clock):
    talk = hold()
    talk.state = TalkState.DECLINED
    publish_touchpoint(session, talk.touchpoint, site=site, now=clock.now)
    session.commit()
    for key in (talk.key, "nonsense"):
        with pytest.raises(NotFound):
            find_talk(session, key)


def test_a_publication_that_cannot_be_read_takes_no_page_down(session, hold, ask):
    talk = hold()
    session.get(Publication, talk.touchpoint_id).value = {}
    session.commit()
    assert titles(ask()) == []
    with pytest.raises(NotFound):
        find_talk(session, talk.key)
