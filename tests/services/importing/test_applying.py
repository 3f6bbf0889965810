"""An import is a dry run first, is applied once, in batches that survive a crash, and is undone as one step."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, InvalidInput, NotFound, RuleViolation
from app.domain.imports.values import MAX_ROWS, PREVIEW_KEPT, UNDO_KEPT, ImportKind, Item, Outcome
from app.domain.retention import Retention
from app.domain.states import ImportState
from app.models import AuditEvent, ImportRow, ImportRun, OutboxMessage, Person, Proposal
from app.services.auditing import Actor
from app.services.importing import applying, planning, proposals, running, undoing
from app.services.importing.proposals import ProposalImporter
from tests.offered import numbered, offered, pretalx

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def undo(session, olu, site, now):
    def undone(run, at=now):
        undoing.undo_import(session, run, version=run.version, by=olu, site=site, now=at)
        return run

    return undone


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def told(run):
    return [(row.outcome, row.reason) for row in run.rows]


def actions(session):
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_a_dry_run_writes_nothing_but_itself(session, plan):
    run = plan(pretalx(offered()))

    assert (run.state, run.total, told(run)) == (ImportState.PREVIEWED, 1, [(Outcome.NEW, "")])
    assert run.rows[0].summary == "Upstream first at a railway"
    assert (count(session, Proposal), actions(session)) == (0, ["import.previewed"])


@pytest.mark.parametrize("items", [0, MAX_ROWS + 1])
def test_a_file_with_nothing_or_too_much_is_refused(session, olu, site, now, items):
    upload = planning.Upload(ImportKind.CSV, "x.csv", b"", {})

    with pytest.raises(InvalidInput):
        planning.plan_import(session, upload, [Item("csv:1", "One")] * items, by=olu, site=site, now=now)


def test_an_applied_run_has_written_forgets_what_it_said_and_mails_nobody(session, plan, apply, now):
    run = apply(plan(pretalx(offered(), offered("Two at once", code="EF34GH"))))

    assert (run.state, run.done, run.applied_at) == (ImportState.APPLIED, 2, now)
    assert {row.payload == {} and len(row.made) == 1 for row in run.rows} == {True}
    assert (count(session, Proposal), count(session, OutboxMessage)) == (2, 0)
    assert actions(session) == [
        *("import.previewed", "import.applied", "proposal.imported", "proposal.imported", "import.finished")
    ]


def test_the_same_file_again_would_write_nothing(session, plan, apply):
    apply(plan(pretalx(offered())))
    again = plan(pretalx(offered()))

    assert told(again) == [(Outcome.SAME, "")]
    with pytest.raises(RuleViolation, match="nothing to apply"):
        apply(again)
    assert count(session, Proposal) == 1


def test_rows_that_cannot_come_in_say_why_and_the_others_do(session, plan, apply):
    run = plan(
        pretalx(offered(), offered("The same code again"), offered("", code="X"), offered("Long", code="L" * 90))
    )

    assert told(run) == [
        (Outcome.NEW, ""),
        (Outcome.REFUSED, "The file has it twice: this is row 1 again."),
        (Outcome.REFUSED, "It has no title."),
        (Outcome.REFUSED, "Its number or name in the file is longer than 80 characters."),
    ]
    apply(run)
    assert [row.outcome for row in run.rows] == [Outcome.NEW, *[Outcome.REFUSED] * 3]
    assert count(session, Proposal) == 1


def test_a_dry_run_that_is_not_true_any_more_is_shown_anew_and_not_applied(session, plan, apply):
    first, second = plan(pretalx(offered())), plan(pretalx(offered()))
    apply(first)

    with pytest.raises(Conflict, match="has changed since this dry run"):
        apply(second)
    assert (second.state, told(second)) == (ImportState.PREVIEWED, [(Outcome.SAME, "")])
    assert count(session, Proposal) == 1


def test_nobody_applies_or_undoes_twice_nor_from_a_stale_page(session, plan, apply, undo, olu, now):
    run = plan(pretalx(offered()))
    seen = run.version
    apply(run)

    for version in (seen, run.version):
        with pytest.raises(Conflict):
            apply(run, version=version)
    with pytest.raises(Conflict):
        running.discard_import(session, run, version=run.version, by=olu, now=now)
    undo(run)
    with pytest.raises(Conflict):
        undo(run)


def test_of_several_who_apply_at_one_moment_one_does(session, plan, olu, site, now):
    run = plan(numbered(3))
    number, version, person = run.id, run.version, olu.person.id
    session.commit()
    engine, ready = session.get_bind(), threading.Barrier(4)

    def one(_):
        with Session(engine, expire_on_commit=False) as own:
            by, mine = Actor.signed_in(own.get_one(Person, person)), own.get_one(ImportRun, number)
            own.commit()
            ready.wait(timeout=30)
            try:
                applying.apply_import(own, mine, version=version, by=by, site=site, now=now)
            except Conflict:
                own.rollback()
                return "told"
            return "done"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == ["done", "told", "told", "told"]
    session.expire_all()
    assert (run.state, count(session, Proposal)) == (ImportState.APPLIED, 3)


def test_a_long_run_waits_for_a_worker_which_goes_on_where_it_was_killed(session, plan, apply, site, clock, olu, now):
    rows = applying.AT_ONCE + 1
    run = plan(numbered(rows))
    apply(run)

    assert (run.state, run.done) == (ImportState.APPLYING, 0)
    assert running.continue_imports(session, site=site, clock=clock, batches=1)
    assert (run.state, run.done, count(session, Proposal)) == (ImportState.APPLYING, 20, 20)
    assert not running.continue_imports(session, site=site, clock=clock)
    assert (run.state, run.done, count(session, Proposal)) == (ImportState.APPLIED, rows, rows)
    assert not applying.apply_next(session, run, by=olu, site=site, now=now)

    undoing.undo_import(session, run, version=run.version, by=olu, site=site, now=now)
    assert run.state is ImportState.UNDOING
    assert not running.continue_imports(session, site=site, clock=clock)
    assert (run.state, run.done, count(session, Proposal)) == (ImportState.UNDONE, rows, 0)
    assert not undoing.undo_next(session, run, by=olu, site=site, now=now)


def test_a_run_that_breaks_says_so_keeps_what_it_has_written_and_is_applied_to_the_end_or_undone(
    session, plan, apply, undo, site, clock
):
    run = plan(numbered(applying.AT_ONCE + 1))
    apply(run)
    running.continue_imports(session, site=site, clock=clock, batches=1)
    last = run.rows[-1]
    payload = last.payload
    last.payload = {"notes": ""}
    session.commit()

    assert not running.continue_imports(session, site=site, clock=clock)
    assert (run.state, run.done, count(session, Proposal)) == (ImportState.FAILED, 40, 40)
    assert "went wrong" in run.note
    last.payload = payload
    session.commit()
    apply(run)
    running.continue_imports(session, site=site, clock=clock)
    assert (run.state, run.done, run.note, count(session, Proposal)) == (ImportState.APPLIED, 41, "", 41)
    assert undo(run).state is ImportState.UNDOING


class OneThatRefuses(ProposalImporter):
    """Whatever has a series that is gone by then."""

    def write(self, session, item, *, context):
        effect = super().write(session, item, context=context)
        if item.key.endswith("CODE0"):
            raise NotFound("Its series is gone.")
        return effect


def test_a_row_that_is_refused_while_it_is_written_stops_no_other(session, plan, apply, monkeypatch):
    monkeypatch.setattr(proposals, "IMPORTER", OneThatRefuses())
    run = apply(plan(numbered(2)))

    assert told(run) == [(Outcome.REFUSED, "Its series is gone."), (Outcome.NEW, "")]
    assert [proposal.title for proposal in session.scalars(select(Proposal))] == ["Talk number 1"]


def test_what_is_undone_is_gone_and_can_come_in_again(session, plan, apply, undo, now):
    many = [offered(f"Talk {n}", email=f"sam{n}@example.org", code=f"C{n % 25}") for n in range(26)]
    run = apply(plan(pretalx(*many)))
    assert (run.done, count(session, Proposal), run.rows[25].outcome) == (26, 25, Outcome.REFUSED)
    undo(run)

    assert (run.state, run.undone_at, count(session, Proposal)) == (ImportState.UNDONE, now, 0)
    assert {outcome for outcome, _ in told(plan(pretalx(*many[:25])))} == {Outcome.NEW}


def test_it_is_too_late_to_undo_once_what_that_needs_is_forgotten(session, plan, apply, undo, now):
    run = apply(plan(pretalx(offered())))

    with pytest.raises(RuleViolation, match="more than 30 days ago"):
        undo(run, at=now + UNDO_KEPT + timedelta(seconds=1))


def test_a_dry_run_is_discarded_with_all_that_it_says(session, plan, olu, now):
    run = plan(pretalx(offered()))
    running.discard_import(session, run, version=run.version, by=olu, now=now)

    assert (count(session, ImportRun), count(session, ImportRow)) == (0, 0)


def test_what_imports_said_is_forgotten_in_time(session, plan, apply, now):
    def forget(at):
        gone = running.forget_imports(session, retention=Retention(), now=at)
        session.expire_all()
        return gone

    run, left = apply(plan(pretalx(offered()))), plan(pretalx(offered("Another", code="X")))
    number = left.id

    assert forget(now + PREVIEW_KEPT) == 0
    assert forget(now + PREVIEW_KEPT + timedelta(days=1)) == 1
    assert session.get(ImportRun, number) is None
    assert run.rows[0].summary == "Upstream first at a railway"
    assert forget(now + UNDO_KEPT + timedelta(days=1)) == 0
    assert (run.rows[0].summary, run.rows[0].key) == ("", "pretalx:AB12CD")
    assert forget(now + timedelta(days=800)) == 1


def test_a_run_that_somebody_discarded_meanwhile_is_no_trouble_for_a_worker(session, site, clock, olu, now):
    assert not running.continue_imports(session, site=site, clock=clock)
    assert not running._go_on(session, 99, site=site, now=now)


def test_what_is_not_known_any_more_is_refused(session, plan, apply):
    run = plan(pretalx(offered()))
    run.rows[0].payload = {}
    session.commit()

    with pytest.raises(Conflict):
        apply(run)
    assert told(run) == [(Outcome.REFUSED, "It is not known any more what it said.")]
