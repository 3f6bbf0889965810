"""Rules for migrations: they make exactly what the models say, step by step, forwards and back, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, func, inspect, select, table, text

from app import create_app
from app.domain.notes import NotesAudience
from app.domain.publication import Audience, PublicDetail
from app.domain.reviews import Vote
from app.domain.secret import Secret
from app.domain.states import TalkState
from app.extensions import db
from app.models import (
    Consent,
    JoinLink,
    MemberEntry,
    Publication,
    Review,
    SisterCalendar,
    SisterOccurrence,
    Topic,
    WorkingGroup,
)
from app.models.archive import ArchiveEntry, is_of_the_models
from app.services.publishing import publish_touchpoint
from tests.cast import (
    NOW,
    make_chair,
    make_group,
    make_person,
    make_proposal,
    make_series,
    make_sister,
    make_sister_event,
    make_speaker,
    make_talk,
    make_touchpoint,
    way_in,
)
from tests.fixtures.application import dispose, settings_for


@pytest.fixture
def unmigrated(empty_database_url: str, tmp_path) -> Iterator[Flask]:
    """An application whose database has no table yet; its context is open."""
    application = create_app(settings_for(empty_database_url, tmp_path / "instance"))
    with application.app_context():
        yield application
    dispose(application)


def revisions() -> list[str]:
    scripts = ScriptDirectory("migrations")
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def checks_of(connection: Connection) -> dict[str, set[str]]:
    """The named rules of each table, which Alembic does not compare."""
    inspector = inspect(connection)
    return {
        name: {str(check["name"]) for check in inspector.get_check_constraints(name)}
        for name in inspector.get_table_names()
        if name != "alembic_version" and is_of_the_models(name, "table", {})
    }


def test_migrations_are_one_line_of_numbers():
    scripts = ScriptDirectory("migrations")
    assert len(scripts.get_heads()) == 1
    numbers = [int(script.path.rpartition("/")[2][:4]) for script in reversed(list(scripts.walk_revisions()))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_migrated_database_is_what_the_models_say(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_of_the_models})
        assert compare_metadata(context, db.metadata) == []


def test_the_migrated_database_has_the_rules_of_the_models(app, unmigrated):
    db.create_all()
    with db.engine.connect() as connection:
        said = checks_of(connection)
    with app.app_context(), db.engine.connect() as connection:
        assert checks_of(connection) == said


def test_each_migration_can_be_taken_back_and_made_again(unmigrated):
    flask_migrate.upgrade(revision="head")
    for _ in revisions():
        flask_migrate.downgrade(revision="-1")
    with db.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    for revision in revisions():
        flask_migrate.upgrade(revision=revision)
        flask_migrate.downgrade(revision="-1")
        flask_migrate.upgrade(revision=revision)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_of_the_models})
        assert compare_metadata(context, db.metadata) == []
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_taking_back_the_last_migration_keeps_the_rows_of_the_earlier_ones(app, session):
    thursday = make_series(session)
    touchpoint = make_touchpoint(session, thursday, datetime(2026, 12, 3, 14, 0))
    make_talk(session, make_proposal(session, speakers=(make_speaker(),)), touchpoint)
    session.add(Topic(slug="own", name="Our own"))
    session.commit()
    with app.app_context():
        before = rows_by_table()
        flask_migrate.downgrade(revision="-1")
        older = rows_by_table().keys()
        flask_migrate.upgrade()
        after = rows_by_table()
    assert {table: after[table] for table in older} == {table: before[table] for table in older}
    assert before["speaker"] == before["talk"] == 1


def test_answers_from_before_consents_were_kept_are_kept_as_such(app, session):
    """Slides were never asked for: who spoke alone has said yes by giving them, several speakers are asked anew."""
    thursday = make_series(session)
    solo, duo, _ = (
        make_talk(
            session,
            make_proposal(session, f"Talk number {day}", speakers=tuple(make_speaker(name) for name in names)),
            make_touchpoint(session, thursday, datetime(2026, 12, day, 14, 0)),
        )
        for day, names in ((3, ("Sam",)), (10, ("Sam", "Kim")), (17, ("Sam",)))
    )
    for talk in (solo, duo):
        talk.slides_url = "https://slides.example.org/1"
        for answer in talk.confirmations:
            answer.answered_at = NOW
    duo.confirmations[1].on_behalf_by = make_person(session, "Olu Organizer")
    session.commit()
    with app.app_context():
        flask_migrate.downgrade(revision="0013")
        flask_migrate.upgrade()
    session.expire_all()

    kept = session.scalars(select(Consent).order_by(Consent.confirmation_id)).all()
    assert [(each.confirmation.talk, each.slides, each.channel.value, each.given_at) for each in kept] == [
        (solo, True, "link", NOW),
        (duo, None, "link", NOW),
        (duo, None, "organizer", NOW),
    ]
    assert {(each.attribution.value, each.recording) for each in kept} == {("name_and_affiliation", True)}
    assert [each.slides_consent for talk in (solo, duo) for each in talk.confirmations] == [True, None, None]


def test_members_calls_from_before_are_copied_from_what_was_public(app, session, site, now):
    """And whatever took place is never shown wider than its series was then."""
    friday, thursday = make_series(session, "friday", audience=Audience.MEMBERS), make_series(session)
    call, open_call = (make_touchpoint(session, series, datetime(2026, 12, 3, 14, 0)) for series in (friday, thursday))
    make_talk(session, make_proposal(session, "Upstream first"), call, state=TalkState.CONFIRMED)
    for each in (call, open_call):
        publish_touchpoint(session, each, site=site, now=now)
    session.add(JoinLink(series_id=friday.id, url=Secret("https://meet.example.org/friday")))
    session.commit()
    unheard = make_touchpoint(session, friday, datetime(2026, 12, 10, 14, 0))
    publish_touchpoint(session, unheard, site=site, now=now)
    session.get(MemberEntry, unheard.id).vevent = b""
    session.commit()
    with app.app_context():
        flask_migrate.downgrade(revision="0014")
        older = session.scalars(text("SELECT touchpoint_id FROM member_entry")).all()
        session.rollback()
        flask_migrate.upgrade()
    session.expire_all()

    assert older == [call.id]  # earlier releases keep an entry only of what calendars know
    entry, published = session.get(MemberEntry, call.id), session.get(Publication, call.id)
    assert (entry.value, entry.status, entry.starts_at) == (published.value, published.status, published.starts_at)
    assert [each.held_as for each in (call, open_call)] == [PublicDetail.TITLE_AND_TIME, PublicDetail.EVERYTHING]
    assert session.scalars(select(JoinLink)).one().value() == way_in("https://meet.example.org/friday")


def test_votes_of_nobody_are_left_out_of_older_tables_and_no_number_is_given_twice(app, session):
    olu, gone = make_person(session, "Olu Organizer"), make_person(session, "Nora Nobody")
    proposal, numbers = make_proposal(session), (olu.id, gone.id)
    for organizer in (olu.id, None):
        vote = {"vote": Vote.YES, "created_at": NOW, "updated_at": NOW}
        session.add(Review(proposal_id=proposal.id, organizer_id=organizer, **vote))
    session.commit()
    with app.app_context():
        flask_migrate.downgrade(revision="0017")
        flask_migrate.upgrade()
    session.expire_all()

    assert [review.organizer_id for review in session.scalars(select(Review))] == [numbers[0]]
    session.delete(gone)
    session.flush()
    assert make_person(session, "Mira Member").id > numbers[1]


def test_calls_from_before_notes_have_no_scribe_and_notes_for_nobody(app, session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14, 0))
    call.scribe, call.moderator = (make_person(session, name) for name in ("Vera Volunteer", "Mira Member"))
    call.series.notes_audience = NotesAudience.PUBLIC
    session.commit()
    with app.app_context():
        flask_migrate.downgrade(revision="0018")
        flask_migrate.upgrade()
    session.expire_all()
    assert (call.scribe, call.moderator.name, call.series.notes_audience) == (None, "Mira Member", NotesAudience.NOBODY)


def test_publications_from_before_changed_when_calendars_learned_of_it(app, session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14, 0))
    published = publish_touchpoint(session, call, site=site, now=now)
    published.changed_at = now + timedelta(days=1)
    session.commit()
    with app.app_context():
        flask_migrate.downgrade(revision="0022")
        flask_migrate.upgrade()
    session.expire_all()
    assert (published.changed_at, published.last_modified) == (now, now)


def test_the_release_before_may_publish_while_it_still_serves(session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14, 0))
    publish_touchpoint(session, call, site=site, now=now)
    known = ", ".join(column.name for column in Publication.__table__.columns if column.name != "changed_at")
    session.execute(text(f"CREATE TEMPORARY TABLE kept AS SELECT {known} FROM publication"))
    session.execute(text("DELETE FROM publication"))
    session.execute(text(f"INSERT INTO publication ({known}) SELECT {known} FROM kept"))
    session.expire_all()
    assert session.get(Publication, call.id).changed_at.tzinfo is UTC


def test_a_release_before_sister_calendars_knows_none_and_keeps_everything_else(app, session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14, 0))
    make_sister_event(session, make_sister(session), "Telco call", call.starts_at)
    session.commit()
    with app.app_context():
        flask_migrate.downgrade(revision="0019")
        assert not {"sister_calendar", "sister_occurrence"} & set(inspect(db.engine).get_table_names())
        flask_migrate.upgrade()
    session.expire_all()
    counts = [session.scalar(select(func.count()).select_from(kind)) for kind in (SisterCalendar, SisterOccurrence)]
    assert (counts, call.series.slug) == ([0, 0], "thursday")


def test_a_new_installation_offers_the_usual_topics(unmigrated):
    flask_migrate.upgrade()

    assert len(db.session.scalars(select(Topic)).all()) == 5


def rows_by_table() -> dict[str, int]:
    """How many rows each table has now; nothing stays open."""
    with db.engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        return {name: connection.scalar(select(func.count()).select_from(table(name))) for name in names}


def test_parts_and_proposals_from_before_belong_to_no_group(app, session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14, 0))
    proposal = make_proposal(session)
    group = make_group(session, chairs=[make_chair()])
    call.segments[2].working_group = proposal.working_group = group
    session.commit()
    with app.app_context():
        flask_migrate.downgrade(revision="0020")
        flask_migrate.upgrade()
    session.expire_all()

    belonging = [part.working_group_id for part in call.segments]
    assert (belonging, proposal.working_group_id) == ([None] * 4, None)
    assert session.scalars(select(WorkingGroup)).all() == []


def test_what_is_published_is_in_the_archive_after_the_upgrade(app, session):
    """Also what was published before talks had keys in public, and nothing of a value that cannot be read."""
    thursday = make_series(session)
    calls = [make_touchpoint(session, thursday, datetime(2026, 11, day, 14, 0)) for day in (5, 12)]
    talks = [
        make_talk(session, make_proposal(session, f"Talk number {call.id}"), call, state=TalkState.CONFIRMED)
        for call in calls
    ]
    with app.app_context():
        for call in calls:
            publish_touchpoint(session, call, site=app.extensions["touchpoints.site"], now=NOW)
        row, broken = (session.get_one(Publication, call.id) for call in calls)
        row.value = {**row.value, "talks": [{**row.value["talks"][0], "key": ""}]}
        broken.value = {}
        session.commit()
        flask_migrate.downgrade(revision="0023")
        flask_migrate.upgrade()
    session.expire_all()
    [entry] = session.scalars(select(ArchiveEntry)).all()
    assert (entry.key, entry.touchpoint_id) == (talks[0].key, calls[0].id)
    assert entry.title_words == f"talk number {calls[0].id}"
    assert [(mark.kind, mark.word) for mark in entry.marks] == [
        ("role", "ospo"),
        ("series", "thursday"),
        ("year", "2026"),
    ]
    assert session.get_one(Publication, calls[0].id).value["talks"][0]["key"] == talks[0].key
