"""The mark changes with whatever feeds show, in the same transaction, and with nothing else."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain.states import TalkState, TouchpointState, move_to
from app.extensions import db
from app.front.revisions import at_most_every, server, sqlite
from app.models import FeedRevision, Series, Touchpoint
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def look(app, engine_name):
    """The way that the front looks on this engine."""
    with app.app_context():
        engine = db.engine
    return sqlite(engine) if engine_name == "sqlite" else server(engine)


@pytest.fixture
def touchpoint(session, site, now):
    touchpoint = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    make_talk(session, make_proposal(session), touchpoint, state=TalkState.CONFIRMED)
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()
    return touchpoint


def skip(session, touchpoint, *, site, now):
    move_to(touchpoint, TouchpointState.SKIPPED)
    publish_touchpoint(session, touchpoint, site=site, now=now)


def test_there_is_no_mark_before_the_first_publication(look, session):
    make_person(session, "Nora")
    session.commit()
    assert look() is None


def test_a_publication_changes_it_once_it_is_committed(look, session, touchpoint, site, now):
    before = look()
    skip(session, touchpoint, site=site, now=now)
    session.flush()
    assert look() == before
    session.commit()
    assert look() not in (None, before)


def test_what_is_rolled_back_changes_nothing_then_or_later(look, session, touchpoint, site, now):
    before = look()
    skip(session, touchpoint, site=site, now=now)
    session.flush()
    session.rollback()
    assert look() == before
    make_person(session, "Nora")
    session.commit()
    assert look() == before


def test_publishing_what_the_world_knows_already_changes_nothing(look, session, touchpoint, site, now):
    before = look()
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()
    assert look() == before


@pytest.mark.parametrize("change", [{"name": "Another name"}, {"hue": "plum"}])
def test_what_a_feed_says_of_its_series_changes_it(look, session, touchpoint, change):
    before = look()
    for name, value in change.items():
        setattr(touchpoint.series, name, value)
    session.commit()
    assert look() != before


def test_a_savepoint_within_changes_it_at_the_end_alone(look, session, touchpoint, site, now):
    before = look()
    with session.begin_nested():
        skip(session, touchpoint, site=site, now=now)
    assert look() == before
    session.commit()
    assert look() != before


def test_a_lost_row_comes_back_with_the_next_change(look, session, touchpoint, site, now):
    session.execute(delete(FeedRevision))
    session.commit()
    assert look() is None
    skip(session, touchpoint, site=site, now=now)
    session.commit()
    assert look() is not None


def test_writers_at_once_wait_for_each_other_and_none_is_lost(session, look, touchpoint):
    """Each writer holds rows of its own before it comes to the mark's: if it held that first, they would deadlock."""
    series = [touchpoint.series_id, make_series(session, "friday").id]
    session.commit()
    call = touchpoint.id
    session.commit()
    at_once = threading.Barrier(2)

    def change(key, hues):
        for hue in hues:
            with Session(session.bind) as other:
                at_once.wait(10)
                other.get(Series, key).hue = hue
                other.flush()
                other.get(Touchpoint, call)
                other.commit()

    hues = ["plum", "teal"] * 5
    writers = [threading.Thread(target=change, args=(key, hues)) for key in series]
    before = look()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert look() != before
    assert set(session.scalars(select(Series.hue))) == {"teal"}


def test_looks_are_at_most_so_often():
    marks, time = iter([1, 2, 3]), [0.0]
    recent = at_most_every(1.0, lambda: next(marks), timer=lambda: time[0])
    seen = []
    for time[0] in (0.0, 0.9, 1.0, 1.5, 2.5):
        seen.append(recent())
    assert seen == [1, 1, 2, 2, 3]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_look_that_fails_leaves_no_broken_connection(app, look, session, touchpoint):
    session.execute(text("ALTER TABLE feed_revision RENAME TO away"))
    session.commit()
    with pytest.raises(OperationalError):
        look()
    session.execute(text("ALTER TABLE away RENAME TO feed_revision"))
    session.commit()
    assert look() is not None
