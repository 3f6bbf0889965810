"""The record of past calls fills the archive once, names people as published, and mails nobody."""

from __future__ import annotations

import functools
import json
from copy import deepcopy
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from app.domain.attribution import Attribution
from app.domain.consent import Channel
from app.domain.history import Skipped, read_history
from app.domain.imports.values import ImportKind
from app.domain.people import NOT_NAMED
from app.domain.publication import Audience
from app.domain.revision import PublicStatus
from app.domain.states import ConfirmationState, ProposalState, TalkState
from app.models import (
    AuditEvent,
    Base,
    Confirmation,
    OutboxMessage,
    Proposal,
    Publication,
    Series,
    Speaker,
    Talk,
    Touchpoint,
)
from app.services.auditing import COMMAND
from app.services.importing.history import import_history
from app.services.importing.importers import Context, Written, importer_of
from app.services.importing.planning import made_of
from app.services.importing.undoing import undo_import
from app.services.queries.feeds import read_feed
from app.services.queries.imports import find_run
from tests.cast import make_series, make_touchpoint
from tests.journeys.record import whole_record
from tests.past_calls import RECORD


@pytest.fixture
def run(session, site, now):
    def imported(record=RECORD):
        report = import_history(session, read_history(record), name="record.json", by=COMMAND, site=site, now=now)
        session.expire_all()
        return report

    return imported


def rows_of(session):
    """Every row of every table."""
    return {table.name: session.execute(select(table)).all() for table in Base.metadata.sorted_tables}


def published(session, key):
    touchpoint = session.scalars(select(Touchpoint).where(Touchpoint.import_key == key)).one()
    return session.get(Publication, touchpoint.id).value


def test_the_report_says_what_was_done_and_what_was_not(run):
    report = run()

    assert [call.key for call in report.imported] == [
        "web-1",
        "web-2",
        "web-month",
        "apac-1",
        "fri-1",
        "thu-1",
        "thu-2",
    ]
    assert (report.series, report.present) == (4, 0)
    assert [skipped.key for skipped in report.skipped] == ["web-year", "thu-3"]
    assert report.others == {"slot": 2, "in-person-event": 1}


def test_a_second_run_changes_nothing(session, run):
    run()
    before = rows_of(session)

    report = run()

    assert rows_of(session) == before
    assert (report.imported, report.series, report.present) == ((), 0, 7)


def test_a_record_that_grew_adds_what_is_new(session, run):
    run({**RECORD, "sessions": RECORD["sessions"][:1]})

    report = run()

    assert (len(report.imported), report.present) == (6, 1)
    webinars = session.scalars(select(Series).where(Series.import_key == "ospology-webinar")).one()
    assert webinars.ended_on == date(2023, 2, 1)
    assert session.scalar(select(func.count()).select_from(Series)) == 4


def test_series_of_their_time_are_ended_and_stand_after_those_that_go_on(session, run):
    make_series(session, "thursday")
    make_series(session, "apac-sync")

    run()

    series = session.scalars(select(Series).where(Series.import_key.is_not(None)).order_by(Series.position)).all()
    assert [(each.slug, each.short_name, each.audience, each.ended_on) for each in series] == [
        ("ospology-webinar", "OSPOlogy Webinar", Audience.OPEN, date(2023, 2, 1)),
        ("apac-sync-2", "APAC Sync", Audience.OPEN, date(2022, 4, 25)),
        ("touchpoint-friday", "Touchpoint Friday", Audience.MEMBERS, date(2024, 4, 12)),
        ("touchpoint-emea-apac", "Touchpoint EMEA APAC", Audience.OPEN, date(2025, 7, 3)),
    ]
    assert series[0].description == "2021-2023: first Wednesday, 15:00pm UTC"
    assert (series[0].rules, series[0].position) == ([], 1)


def test_a_call_stands_in_the_archive_with_its_instant_its_agenda_and_its_talk(session, run):
    run()

    call = session.scalars(select(Touchpoint).where(Touchpoint.import_key == "thu-1")).one()
    talk = session.scalars(select(Talk).where(Talk.touchpoint_id == call.id)).one()
    assert (call.starts_at, call.minutes, call.rule_date) == (datetime(2025, 5, 29, 12, tzinfo=UTC), 60, None)
    assert [part.minutes for part in call.segments] == [3, 20, 15, 15]
    assert (talk.state, talk.minutes, talk.recording_url) == (TalkState.CONFIRMED, 20, "https://video.example.org/3")
    assert talk.proposal.state is ProposalState.ACCEPTED


def test_a_call_without_a_part_for_talks_has_its_longest_part_as_the_talk(session, run):
    run()

    assert session.scalars(select(Proposal).where(Proposal.import_key == "thu-2")).one().minutes == 40


def test_the_day_of_a_proposal_is_kept(session, run):
    run()

    proposal = session.scalars(select(Proposal).where(Proposal.import_key == "web-1")).one()
    assert proposal.submitted_at == datetime(2021, 7, 1, 12, tzinfo=UTC)


def test_people_are_named_in_public_exactly_as_published(session, run):
    run()

    assert {
        key: [talk["speakers"] for talk in published(session, key)["talks"]]
        for key in ("web-1", "web-2", "apac-1", "fri-1", "thu-1")
    } == {
        "web-1": [["Someone from Kestrel Works"]],
        "web-2": [["A speaker"]],
        "apac-1": [[]],
        "fri-1": [[]],  # for members alone: a title and a time
        "thu-1": [["Sam Speaker, Kestrel Works", "Kim Speaker"]],
    }


def test_recordings_are_public_where_they_were(session, run):
    run()

    assert {
        key: [talk["recording_url"] for talk in published(session, key)["talks"]] for key in ("web-1", "web-2", "thu-1")
    } == {"web-1": [""], "web-2": ["https://video.example.org/2"], "thu-1": ["https://video.example.org/3"]}


def test_what_was_withdrawn_or_never_published_is_in_no_table(session, run):
    run()

    everything = repr(rows_of(session))
    for secret in ("Secret Inc", "Never Named"):
        assert secret in json.dumps(RECORD)
        assert secret not in everything


def test_what_was_public_is_kept_as_consent_from_the_record_and_no_more(session, run):
    run()

    for answer in session.scalars(select(Confirmation)):
        [kept] = answer.consents
        shown = (answer.attribution, bool(answer.talk.recording_url) or None, bool(answer.talk.slides_url) or None)
        assert (kept.attribution, kept.recording, kept.slides) == shown
        assert (answer.recording_consent, answer.slides_consent) == shown[1:]
        assert kept.channel is Channel.IMPORT


def test_nobody_can_be_mailed_and_nobody_is(session, run):
    run()

    assert session.scalars(select(OutboxMessage)).all() == []
    assert set(session.scalars(select(Speaker.email))) == {None}
    assert session.scalars(select(Speaker.name).where(Speaker.attribution == Attribution.NONE)).all() == [NOT_NAMED]
    assert {answer.state for answer in session.scalars(select(Confirmation))} == {ConfirmationState.CONFIRMED}


def test_past_calls_are_published_and_not_in_the_present_feed(session, run, site, now):
    run()

    assert {row.status for row in session.scalars(select(Publication))} == {PublicStatus.CONFIRMED}
    assert b"BEGIN:VEVENT" not in read_feed(session, "all", site=site, now=now).body


def test_each_call_and_series_is_in_the_audit_trail(session, run):
    run()

    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.action)).all()
    own = ["import.applied", "import.finished", "import.previewed"]
    assert actions == [*own, *["series.imported"] * 4, *["touchpoint.imported"] * 7]


def test_what_was_imported_is_taken_back_as_one_step_but_for_what_was_changed_since(session, run, site, now):
    key = run().run
    changed = session.scalars(select(Touchpoint).order_by(Touchpoint.id)).first()
    changed.minutes += 5
    session.commit()
    found = find_run(session, key)
    undo_import(session, found, version=found.version, by=COMMAND, site=site, now=now)

    session.expire_all()
    assert [row.kept for row in found.rows if row.kept] == [
        "It stays: somebody changed the call or its talk here since."
    ]
    assert (len(session.scalars(select(Talk)).all()), len(session.scalars(select(Publication)).all())) == (1, 1)
    assert session.scalars(select(Series.import_key)).all() == [changed.series.import_key]
    assert run().present == 1


def test_a_long_record_is_written_to_its_end(session, run):
    record = deepcopy(RECORD)
    first = record["sessions"][0]
    record["sessions"] = [first | {"id": f"web-{number}"} for number in range(45)]

    report = run(record)
    assert (len(report.imported), len(session.scalars(select(Touchpoint)).all())) == (45, 45)


def test_a_call_that_was_deleted_here_does_not_come_back(session, run, site, now):
    key = run().run
    found = find_run(session, key)
    row = found.rows[0]
    importer_of(ImportKind.HISTORY).undo(
        session, Written(row.key, row.outcome, made_of(row), {}), context=Context(COMMAND, site, now)
    )
    session.commit()

    assert (run().imported, run().present) == ((), 6)


def test_a_call_that_came_from_an_agenda_is_not_doubled(session, run):
    call = make_touchpoint(session, make_series(session, name="Guild"), datetime(2021, 8, 4, 16, 0))
    call.import_key = "agenda:2021-08-04:guild"
    month = make_touchpoint(session, call.series, datetime(2023, 2, 15, 15, 0))
    month.import_key = "agenda:2023-02-15:guild"
    session.commit()

    report = run()

    assert (report.present, "web-1" in {each.key for each in report.imported}) == (1, False)
    assert "web-month" in {each.key for each in report.imported}
    (row,) = [row for row in find_run(session, report.run).rows if row.key == "web-1"]
    assert row.reason == "“Guild” has this call already, from an agenda: what is here stays."


def test_a_call_that_is_still_to_come_is_not_history(session, run):
    record = deepcopy(RECORD)
    record["sessions"][0]["date"] = "2026-12-03"

    report = run(record)

    assert report.skipped[-1] == Skipped("web-1", "How to start an OSPO", "it is still to come")
    assert session.scalars(select(Touchpoint).where(Touchpoint.import_key == "web-1")).all() == []


def test_the_community_s_own_record_fills_the_archive(session, run):
    record = whole_record()
    sessions = {entry["id"]: entry for entry in record["sessions"] if entry["kind"] == "session"}

    report = run(record)

    assert {call.key for call in report.imported} == sessions.keys()
    assert (len(report.imported), report.skipped, report.series) == (44, (), 7)
    assert report.others == {"slot": 30, "in-person-talk": 21, "in-person-event": 5}
    for touchpoint in session.scalars(select(Touchpoint)):
        entry = sessions[touchpoint.import_key]
        talks = session.get(Publication, touchpoint.id).value["talks"]
        assert touchpoint.local_start.date().isoformat().startswith(entry["date"])
        assert touchpoint.day_known is (len(entry["date"]) == 10)
        is_closed = touchpoint.series.audience is Audience.MEMBERS  # names nobody, also not in its title
        guests = [each["affiliation"] for each in entry.get("speakers", ()) if each.get("affiliation") and is_closed]
        title = functools.reduce(lambda said, guest: said.replace(guest, "a speaker"), guests, entry["title"])
        assert talks[0]["title"] == title
        assert not touchpoint.day_known or touchpoint.local_start.strftime("%A") == entry["weekday_actual"]
        assert talks[0]["recording_url"] == entry.get("recording_url", "")
    assert session.scalars(select(OutboxMessage)).all() == []
    assert run(record).present == 44
