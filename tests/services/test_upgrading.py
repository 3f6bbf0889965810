"""What stood in public before an upgrade stands there by the new rules afterwards, the archive included."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.people import RoleCategory
from app.domain.public_changes import ChangeKind
from app.domain.publication import PublicTouchpoint
from app.domain.states import ConfirmationState, TalkState
from app.domain.wording import FIRST
from app.models import Publication, PublicChange
from app.services.clock_changes import catch_up
from app.services.publishing import publish_touchpoint
from app.services.upgrading import publish_what_is_older
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

SAM_IN_TITLE = "What Sam Speaker learned in ten years"
SLIDES = "https://slides.example.org/two-of-us"


@pytest.fixture
def talk(session, site, clock):
    """A talk of Sam and Kim on a call that is over: names, title and slides are public, in our first words."""
    touchpoint = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14, 0))
    speakers = (make_speaker("Sam Speaker"), make_speaker("Kim Other", email="kim@example.org"))
    talk = make_talk(session, make_proposal(session, SAM_IN_TITLE, speakers=speakers), touchpoint)
    talk.state = TalkState.CONFIRMED
    talk.slides_url = SLIDES
    for answer in talk.confirmations:
        answer.state, answer.slides_consent = ConfirmationState.CONFIRMED, True
    publish_touchpoint(session, touchpoint, site=site, now=clock.now)
    as_by_an_earlier_release(session, touchpoint)
    clock.now = touchpoint.ends_at
    publish_touchpoint(session, touchpoint, site=site, now=clock.now)
    as_by_an_earlier_release(session, touchpoint)
    return talk


def as_by_an_earlier_release(session, call):
    """The stored value in its form of then: without the wording, which was our first, and talks without their keys."""
    row = session.get(Publication, call.id)
    talks = [without(talk, "key", "roles") for talk in row.value["talks"]]
    row.value = {**without(row.value, "form", "wording"), "talks": talks}
    session.commit()


def without(stored, *names):
    return {name: part for name, part in stored.items() if name not in names}


def published(session, talk):
    row = session.get(Publication, talk.touchpoint_id, populate_existing=True)
    return row, PublicTouchpoint.from_json(row.value)


def test_what_the_archive_said_against_somebodys_choice_is_masked_once(session, talk, site, clock):
    sequence = published(session, talk)[0].sequence
    talk.confirmations[0].attribution = Attribution.AFFILIATION
    session.commit()

    assert publish_what_is_older(session, site=site, now=clock.now) == 1
    session.commit()

    row, value = published(session, talk)
    assert (row.sequence, value.wording) == (sequence + 1, FIRST)
    assert "Sam" not in str(row.value)
    assert b"Sam" not in row.vevent
    assert value.talks[0].slides_url == ""
    assert publish_what_is_older(session, site=site, now=clock.now) == 0


def test_what_is_right_already_keeps_its_bytes_and_is_looked_at_once(session, talk, site, clock):
    row, value = published(session, talk)
    assert (value.talks[0].key, value.talks[0].roles) == ("", ())
    before = (row.sequence, row.last_modified, row.vevent)

    assert publish_what_is_older(session, site=site, now=clock.now) == 1
    session.commit()

    row, value = published(session, talk)
    assert (row.sequence, row.last_modified, row.vevent) == before
    assert (value.talks[0].key, value.talks[0].roles) == (talk.key, (RoleCategory.OSPO,))
    assert value.talks[0].slides_url == SLIDES
    assert publish_what_is_older(session, site=site, now=clock.now) == 0


def test_nobody_is_told_that_a_call_to_come_was_corrected(session, site, clock):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    row = publish_touchpoint(session, call, site=site, now=clock.now)
    row.value = {**row.value, "form": 1, "talks": [without(talk, "key", "roles") for talk in row.value["talks"]]}
    session.commit()
    clock.advance(timedelta(days=1))

    assert publish_what_is_older(session, site=site, now=clock.now) == 1
    session.commit()

    changes = session.scalars(select(PublicChange)).all()
    assert [(change.kind, change.updated_at == change.created_at) for change in changes] == [
        (ChangeKind.PUBLISHED, True)
    ]


def test_slides_of_several_wait_for_the_yes_of_each(session, talk, site, clock):
    talk.confirmations[1].slides_consent = None
    session.commit()

    assert catch_up(session, site=site, now=clock.now) == []

    row, value = published(session, talk)
    assert value.talks[0].slides_url == ""
    assert SLIDES not in str(row.value)
