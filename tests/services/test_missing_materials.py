"""Recordings and slides of calls that are over have an owner and an age until they are there, or will not be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.materials import MaterialKind
from app.domain.people import Role
from app.domain.proposals import TalkFormat
from app.domain.states import TalkState, TouchpointState
from app.models import AuditEvent, BoardMove
from app.services.auditing import SYSTEM
from app.services.missing_materials import assign_material, await_material, bring_material, give_up_material
from app.services.publishing import publish_touchpoint
from app.services.queries.archive import find_talk
from app.services.queries.missing_materials import NOBODY, find_missing, read_missing
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

HELD = datetime(2026, 10, 20, 14, 0)  # 33 days and 18 hours before the tests' present moment
RECORDING, SLIDES = MaterialKind


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def hold(session, site, now):
    """A held call with a talk that may be recorded, and of which nothing is there yet; the talk."""
    series = make_series(session)

    def held(title="Upstream first", when=HELD, *, recorded=True, slides=None, **fields):
        speaker = make_speaker(recording_consent=recorded)
        talk = make_talk(
            session,
            make_proposal(session, title, speakers=(speaker,)),
            make_touchpoint(session, series, when),
            state=TalkState.CONFIRMED,
        )
        talk.confirmations[0].slides_consent = slides
        for name, value in fields.items():
            setattr(talk, name, value)
        publish_touchpoint(session, talk.touchpoint, site=site, now=now)
        session.commit()
        return talk

    return held


@pytest.fixture
def missing(session, now):
    def missing(**asked):
        return [
            (str(each.kind), each.talk.proposal.title, each.days) for each in read_missing(session, **asked, now=now)
        ]

    return missing


def actions(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


def test_what_is_missing_has_an_age_the_longest_first(hold, missing):
    hold("Newer", HELD + timedelta(days=7))
    hold("Older")
    assert missing() == [
        ("recording", "Older", 33),
        ("slides", "Older", 33),
        ("recording", "Newer", 26),
        ("slides", "Newer", 26),
    ]
    assert missing(kind=SLIDES) == [("slides", "Older", 33), ("slides", "Newer", 26)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"recording_url": "https://video.example/1"}, ["slides"]),
        ({"slides_url": "https://slides.example/1"}, ["recording"]),
        ({"recorded": False}, ["slides"]),
        ({"recorded": None}, ["slides"]),
        ({"slides": False}, ["recording"]),
        ({"confirmations": []}, ["slides"]),
        ({"state": TalkState.DECLINED}, []),
        ({"when": datetime(2026, 11, 23, 9, 30)}, []),  # it goes on
        ({"when": datetime(2026, 12, 1, 14, 0)}, []),
    ],
)
def test_only_what_may_be_had_is_missed(hold, missing, fields, expected):
    hold(**fields)
    assert [kind for kind, *_ in missing()] == expected


def test_nobody_brings_what_was_not_held_not_recorded_or_came_with_the_record(session, hold, missing):
    skipped, imported, discussed = (
        hold("Skipped"),
        hold("Of the record", HELD - timedelta(days=1)),
        hold("Discussed", HELD - timedelta(days=2)),
    )
    skipped.touchpoint.state = TouchpointState.SKIPPED
    imported.touchpoint.import_key = "web-2021-08-04"
    discussed.proposal.format = TalkFormat.DISCUSSION
    for segment in discussed.touchpoint.segments:
        segment.recorded = False
    session.commit()
    assert missing() == []


def test_somebody_sees_to_it_whoever_was_asked_or_ran_the_call_or_placed_the_talk(session, hold, olu, now):
    talk, mira = hold(), make_person(session, "Mira Marsh", role=Role.MEMBER)

    def owner():
        [found] = read_missing(session, kind=RECORDING, now=now)
        return found.owner, found.is_assigned

    assert owner() == (None, False)
    session.add(BoardMove(organizer=olu, talk=talk, moved_at=now, before={}, version_after=1))
    session.commit()
    assert owner() == (olu, False)
    talk.touchpoint.moderator = mira
    session.commit()
    assert owner() == (mira, False)
    assign_material(session, talk, RECORDING, olu.id, version=0, by=SYSTEM, now=now)
    assert owner() == (olu, True)
    assert [each.kind for each in read_missing(session, owner=str(olu.id), now=now)] == [RECORDING]
    assert [each.kind for each in read_missing(session, owner=str(mira.id), now=now)] == [SLIDES]
    assert read_missing(session, owner=NOBODY, now=now) == []
    assign_material(session, talk, RECORDING, None, version=1, by=SYSTEM, now=now)
    assert owner() == (mira, False)
    assert actions(session) == ["material.assigned"] * 2


def test_only_members_and_organizers_are_asked(session, hold, now):
    with pytest.raises(InvalidInput):
        assign_material(session, hold(), SLIDES, make_person(session, "Vera").id, version=0, by=SYSTEM, now=now)


def test_what_is_brought_is_in_the_archive_and_missing_no_more(session, hold, missing, site, now):
    talk = hold()
    bring_material(session, talk, RECORDING, " https://video.example/1 ", version=0, by=SYSTEM, site=site, now=now)
    assert missing() == [("slides", "Upstream first", 33)]
    assert find_talk(session, talk.key).talk.recording_url == "https://video.example/1"
    bring_material(session, talk, SLIDES, "https://slides.example/1", version=0, by=SYSTEM, site=site, now=now)
    assert find_talk(session, talk.key).talk.slides_url == ""  # nobody has agreed to that yet
    assert missing() == []
    assert actions(session) == ["material.brought"] * 2
    with pytest.raises(NotFound):
        find_missing(session, talk.key, SLIDES, now=now)


@pytest.mark.parametrize(
    "url", ["", "video.example/1", "javascript:alert(1)", "https://zoom.us/j/123456789?pwd=secret"]
)
def test_what_is_no_public_address_is_not_kept(session, hold, missing, site, now, url):
    talk = hold(slides=False)
    with pytest.raises(InvalidInput):
        bring_material(session, talk, RECORDING, url, version=0, by=SYSTEM, site=site, now=now)
    session.rollback()
    assert missing() == [("recording", "Upstream first", 33)]


def test_where_there_will_be_none_nobody_waits_until_somebody_does_again(session, hold, missing, now):
    talk = hold(slides=False)
    give_up_material(session, talk, RECORDING, " It failed. ", version=0, by=SYSTEM, now=now)
    assert (missing(), missing(given_up=True)) == ([], [("recording", "Upstream first", 33)])
    assert find_missing(session, talk.key, RECORDING, now=now).none_reason == "It failed."
    await_material(session, talk, RECORDING, version=1, by=SYSTEM, now=now)
    assert missing() == [("recording", "Upstream first", 33)]
    assert actions(session) == ["material.given_up", "material.awaited"]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_reason_is_short_and_there(session, hold, now, reason):
    with pytest.raises(InvalidInput):
        give_up_material(session, hold(), SLIDES, reason, version=0, by=SYSTEM, now=now)


def test_two_organizers_do_not_overwrite_each_other(session, hold, olu, now):
    talk = hold()
    assign_material(session, talk, SLIDES, olu.id, version=0, by=SYSTEM, now=now)
    with pytest.raises(Conflict):
        give_up_material(session, talk, SLIDES, "Late", version=0, by=SYSTEM, now=now)


def test_a_talk_without_a_date_can_still_be_given_its_slides(session, hold, site, now):
    talk = hold()
    talk.touchpoint = None
    session.commit()
    bring_material(session, talk, SLIDES, "https://slides.example/1", version=0, by=SYSTEM, site=site, now=now)
    assert talk.slides_url == "https://slides.example/1"
