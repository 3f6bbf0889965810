"""Agendas become series, touchpoints and talks once, name people as published, mail nobody, and can be taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from app.domain.agendas.taking import Assumptions, Clock
from app.domain.attribution import Attribution
from app.domain.consent import Channel
from app.domain.errors import InvalidInput
from app.domain.imports.values import Outcome
from app.domain.people import Role
from app.domain.states import ConfirmationState, ImportState, TalkState
from app.models import OutboxMessage, Proposal, Publication, Series, Talk, Topic, Touchpoint
from app.services import retracting
from app.services.auditing import Actor
from app.services.importing import applying, undoing
from app.services.importing.agendas import plan_agendas
from tests.agendas import agenda, call, row, sources
from tests.cast import make_person, make_series, make_touchpoint

WRITTEN = Assumptions()
HELD = row(recording="[Watch](https://video.example/1)", tag="`Loom-theory`")


@pytest.fixture
def olu(session):
    session.add(Topic(slug="loom-theory", name="Loom theory"))
    return Actor.signed_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def plan(session, olu, site, now):
    def planned(*rows, assumed=WRITTEN, **files):
        return plan_agendas(session, sources(agenda(*rows, **files)), assumed=assumed, by=olu, site=site, now=now)

    return planned


@pytest.fixture
def take(session, plan, olu, site, now):
    def taken(*rows, **files):
        run = plan(*rows, **files)
        applying.apply_import(session, run, version=run.version, by=olu, site=site, now=now)
        return run

    return taken


@pytest.fixture
def undo(session, olu, site, now):
    def undone(run):
        undoing.undo_import(session, run, version=run.version, by=olu, site=site, now=now)
        return [each.kept for each in run.rows if each.kept]

    return undone


def told(run):
    return [(each.outcome, each.reason) for each in run.rows]


def outcomes(run):
    return [each.outcome for each in run.rows]


def counts(session):
    tables = (Series, Touchpoint, Proposal, Talk, Publication, OutboxMessage)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def coming(**more):
    """A row of a call that is still to come, in the agenda of 2026."""
    return row("Thursday, December 17", topic="[Dyes](https://guild.example/dyes)", **more)


def test_a_dry_run_says_what_is_assumed_and_writes_nothing(session, plan):
    rows = row("Friday, February 14", topic="TBA"), row("Monday, February 24")
    run = plan(*rows, assumed=Assumptions(clock=Clock.USUAL))
    assert (run.state, run.settings) == (ImportState.PREVIEWED, {"zone": "Europe/Madrid", "clock": "usual"})
    assert told(run) == [
        (Outcome.NEW, "12:00 GMT is 13:00 in Madrid. No length is said: 60 minutes."),
        (Outcome.NEW, "12:00 GMT is 13:00 in Madrid. No length is said: 60 minutes."),
    ]
    assert counts(session) == [0] * 6


def test_files_without_a_call_are_refused(plan, session, olu, site, now):
    with pytest.raises(InvalidInput):
        plan_agendas(session, sources({"a.md": "no agenda"}), assumed=Assumptions(), by=olu, site=site, now=now)


def test_a_held_call_is_public_with_its_speakers_as_published(session, take):
    told = call(guest="Ada Miller, Head of Weavers and Bo Li")
    take(HELD, Feb_13=told, Mar_1=call(day="Saturday, March 1", topic="TBA"))

    held, opened = session.scalars(select(Touchpoint).order_by(Touchpoint.starts_at))
    assert (held.series.name, held.series.slug, held.series is opened.series) == (
        "Touchpoint EMEA & APAC",
        "touchpoint-emea-apac",
        True,
    )
    assert (held.starts_at, held.time_zone) == (datetime(2025, 2, 13, 12, tzinfo=UTC), "Europe/Madrid")
    talk = session.scalars(select(Talk)).one()
    assert (talk.touchpoint, talk.state, talk.recording_url) == (held, TalkState.CONFIRMED, "https://video.example/1")
    assert [topic.name for topic in talk.proposal.topics] == ["Loom theory"]
    assert [(each.speaker.name, each.attribution, each.recording_consent) for each in talk.confirmations] == [
        ("Ada Miller", Attribution.NAME_AND_AFFILIATION, True),
        ("Bo Li", Attribution.NAME, True),
    ]
    assert {consent.channel for each in talk.confirmations for consent in each.consents} == {Channel.IMPORT}
    value = session.get(Publication, held.id).value
    assert [each["speakers"] for each in value["talks"]] == [["Ada Miller, Head of Weavers", "Bo Li"]]
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_a_call_to_come_is_on_hold_and_names_nobody(session, take):
    take(coming(recording="[Watch](https://video.example/1)"), year=2026)

    talk = session.scalars(select(Talk)).one()
    [answer] = talk.confirmations
    assert (talk.state, answer.state, answer.attribution, answer.speaker.attribution) == (
        TalkState.HOLD,
        ConfirmationState.WAITING,
        None,
        None,
    )
    assert "Ada" not in str(session.get(Publication, talk.touchpoint_id).value)
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_a_second_run_changes_nothing(session, take, plan):
    take(HELD, Feb_13=call())
    before = counts(session)
    assert outcomes(plan(HELD, Feb_13=call())) == [Outcome.SAME]
    assert counts(session) == before


def test_what_the_agenda_says_anew_is_written_and_put_back(session, take, undo):
    take(HELD, row("Friday, February 21", topic="[Dyes](x.md)"), Feb_13=call())
    talk = session.scalars(select(Talk).order_by(Talk.id)).first()
    known = [each.id for each in talk.confirmations]

    moved = (
        row(time="1:00 PM", topic="[Looms for most](./Feb-13.md)"),
        row("Friday, February 21", topic="[TBA]()"),
    )
    run = take(*moved, Feb_13=call(time="1:00 PM GMT", topic="Looms for most"))
    assert [(each.outcome, each.reason.partition(".")[0]) for each in run.rows] == [
        (Outcome.CHANGED, "Was at 13:00"),
        (Outcome.CHANGED, "12:00 GMT is 13:00 in Madrid"),
    ]
    assert (talk.proposal.title, talk.touchpoint.starts_at.hour) == ("Looms for most", 13)
    assert [each.id for each in talk.confirmations] == known
    assert session.scalar(select(func.count()).select_from(Talk)) == 1
    title = select(Publication.value).where(Publication.touchpoint_id == talk.touchpoint_id)
    assert session.scalar(title)["talks"][0]["title"] == "Looms for most"

    assert undo(run) == []
    assert (talk.proposal.title, talk.touchpoint.starts_at.hour) == ("Looms for all", 12)
    assert session.scalar(select(func.count()).select_from(Talk)) == 2


def test_other_speakers_take_the_place_of_those_before(session, take):
    take(HELD, Feb_13=call())
    take(row(speakers="Bo Li"), Feb_13=call(guest="Bo Li"))
    [answer] = session.scalars(select(Talk)).one().confirmations
    assert (answer.speaker.name, answer.attribution, answer.recording_consent) == ("Bo Li", Attribution.NAME, None)


def test_what_somebody_changed_here_stays(session, take, plan, undo):
    run = take(HELD, row("Friday, February 21", topic="TBA"), Feb_13=call())
    touchpoint = session.scalars(select(Touchpoint).order_by(Touchpoint.id)).first()
    touchpoint.minutes = 90
    session.commit()

    assert told(plan(row(time="3:00 PM"), Feb_13=call()))[0] == (
        Outcome.REFUSED,
        "Somebody changed it here since it was imported: what is here stays.",
    )
    assert undo(run) == ["It stays: somebody changed the call or its talk here since."]
    assert counts(session)[:4] == [1, 1, 1, 1]


def test_what_is_here_already_is_not_doubled(session, plan):
    make_touchpoint(session, make_series(session, name="Thursday"), datetime(2025, 2, 13, 14, 0))
    session.commit()
    said = "“Thursday” has a call at that time already, 14:00 on its clock: what is here stays."
    assert told(plan(HELD, Feb_13=call())) == [(Outcome.REFUSED, said)]


def test_an_import_is_undone_as_one_step_and_can_be_repeated(session, take, undo, site, now):
    run = take(HELD, row("Friday, February 21", topic="TBA"), Feb_13=call())
    assert counts(session)[:5] == [1, 2, 1, 1, 2]
    assert undo(run) == []
    assert counts(session) == [0] * 6
    assert outcomes(take(HELD, Feb_13=call())) == [Outcome.NEW]


def test_what_was_deleted_here_does_not_come_back(session, take, plan, undo):
    run = take(row(topic="TBA"))
    session.delete(session.get(Publication, session.scalars(select(Touchpoint.id)).one()))
    session.delete(session.scalars(select(Touchpoint)).one())
    session.commit()
    said = "It was imported before, and deleted here since: it does not come back."
    assert told(plan(row(topic="TBA"))) == [(Outcome.REFUSED, said)]
    assert undo(run) == []


def test_a_call_to_come_is_in_no_calendar_yet_and_goes_without_a_trace(session, take, undo):
    run = take(coming(), year=2026)
    assert session.scalars(select(Publication.vevent)).all() == [b""]
    assert undo(run) == []
    assert counts(session) == [0] * 6
    assert outcomes(take(coming(), year=2026)) == [Outcome.NEW]


def test_a_series_of_that_name_is_used_and_stays(session, take, undo):
    make_series(session, name="Touchpoint EMEA & APAC")
    run = take(row(topic="TBA"))
    assert counts(session)[:2] == [1, 1]
    assert undo(run) == []
    assert counts(session)[:2] == [1, 0]


def test_a_series_of_former_years_has_ended_until_an_agenda_lets_it_go_on(session, take):
    take(row(), row(day="Thursday, March 13", topic="Older looms"))
    assert session.scalars(select(Series.ended_on)).one() == date(2025, 3, 13)
    take(row(day="Thursday, February 20", topic="Between"))
    assert session.scalars(select(Series.ended_on)).one() == date(2025, 3, 13)
    take(row(day="Thursday, November 19", topic="Looms of today"), year=2026)
    assert session.scalars(select(Series.ended_on)).one() is None
    take(row(day="Thursday, April 10", topic="Found late"))
    assert session.scalars(select(Series.ended_on)).one() is None


def test_a_series_that_is_used_by_others_stays(session, take, undo):
    run = take(row(topic="TBA"), row("Friday, February 21", topic="TBA"))
    second = session.scalars(select(Touchpoint).order_by(Touchpoint.id.desc())).first()
    second.minutes = 90
    session.commit()
    assert undo(run) == ["It stays: somebody changed the call or its talk here since."]
    assert counts(session)[:2] == [1, 1]


def test_two_series_have_slugs_of_their_own(session, take):
    make_series(session, "touchpoint-emea-apac")
    take(row(topic="TBA"))
    assert session.scalars(select(Series.slug).order_by(Series.id)).all() == [
        "touchpoint-emea-apac",
        "touchpoint-emea-apac-2",
    ]


def none_of_it(session, olu, site, now):
    """An organizer names Ada nowhere, as she asked by telephone."""
    answer = session.scalars(select(Talk)).one().confirmations[0]
    retracting.make_stricter(session, answer, retracting.NOWHERE, reason="By phone.", by=olu, site=site, now=now)


def test_a_name_that_was_taken_back_is_brought_back_by_no_file(session, take, plan, undo, olu, site, now):
    run = take(HELD, Feb_13=call())
    none_of_it(session, olu, site, now)

    assert undo(run) == ["It stays: somebody changed the call or its talk here since."]
    assert outcomes(plan(HELD, Feb_13=call())) == [Outcome.SAME]
    other = row(speakers="Ada Miller and Bo Li"), call(guest="Ada Miller and Bo Li")
    assert outcomes(plan(other[0], Feb_13=other[1])) == [Outcome.REFUSED]
    assert "Ada" not in str(session.scalars(select(Publication.value)).all())


def test_names_taken_out_of_a_text_are_brought_back_by_no_file(session, take, plan):
    """Whoever else is named in it has asked for that: the proposal is another version, the call is not."""
    take(HELD, Feb_13=call())
    proposal = session.scalars(select(Proposal)).one()
    proposal.title = "Looms of a speaker"
    session.commit()
    [anew] = plan(row(topic="[Looms of Bo](./Feb-13.md)"), Feb_13=call(topic="Looms of Bo")).rows
    assert anew.outcome is Outcome.REFUSED


def test_what_is_forgotten_cannot_be_put_back(session, take, undo):
    take(HELD, Feb_13=call())
    run = take(row(speakers="Bo Li"), Feb_13=call(guest="Bo Li"))
    run.rows[0].before = {}
    session.commit()
    assert undo(run) == ["It stays: what stood there before is forgotten, with somebody who asked for that."]


def test_a_row_that_was_the_same_or_refused_may_change_later(session, take):
    both = HELD, row("Friday, February 21", topic="TBA")
    take(*both, Feb_13=call())
    take(row(topic="TBA"), both[1], Feb_13=call())
    later = row(topic="TBA"), row("Friday, February 21", time="3:00 PM", topic="TBA")
    assert outcomes(take(*later, Feb_13=call())) == [Outcome.SAME, Outcome.CHANGED]
