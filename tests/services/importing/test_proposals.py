"""Proposals from elsewhere land in the pool as they were sent, name nobody, and give way to what was done here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.attribution import UNNAMED, Attribution, public_name
from app.domain.errors import Conflict, InvalidInput
from app.domain.imports.mapping import Columns
from app.domain.imports.offers import Decisions
from app.domain.imports.values import ImportKind, Outcome
from app.domain.people import Role
from app.domain.reviews import Ground, Vote
from app.domain.site import Site
from app.domain.states import ImportState, ProposalState
from app.models import ImportRow, ImportRun, OutboxMessage, Proposal, Speaker
from app.services import reviewing
from app.services.importing import undoing
from app.services.importing.proposal_files import (
    map_columns,
    preview_columns,
    read_source,
)
from app.services.own_data.erasing import erase
from app.services.own_data.gathering import gather
from app.services.own_data.holders import holder_of_address
from app.services.talk_facts import facts_of
from tests.cast import make_person
from tests.offered import ISSUE, offered, pretalx

TABLE = b"\xef\xbb\xbfID;Title;Speaker;E-mail;Status\n17;Upstream first;Sam Speaker;sam@example.org;accepted\n"


pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def undo(session, olu, site, now):
    def undone(run):
        undoing.undo_import(session, run, version=run.version, by=olu, site=site, now=now)
        return run.rows[0].kept

    return undone


@pytest.fixture
def map_to(session, olu, site, now):
    def mapped(run, columns, version=None):
        version = run.version if version is None else version
        map_columns(session, run, columns, version=version, by=olu, site=site, now=now)
        return run

    return mapped


def the_proposal(session):
    session.expire_all()
    return session.scalars(select(Proposal)).one()


def verdict(run):
    return run.rows[0].outcome, run.rows[0].reason


def test_an_imported_proposal_waits_in_the_pool_as_it_was_sent_there(session, plan, apply):
    vera = make_person(session, "Sam Speaker")
    apply(plan(pretalx(offered(track="OSPO strategy, Robots", resources=[{"resource": "https://example.org/s"}]))))

    proposal = the_proposal(session)
    assert (proposal.state, proposal.submitted_at) == (ProposalState.SUBMITTED, datetime(2026, 10, 1, 8, tzinfo=UTC))
    assert (proposal.email, proposal.owner, proposal.import_key) == ("sam@example.org", vera, "pretalx:AB12CD")
    assert ([topic.name for topic in proposal.topics], proposal.links) == (["OSPO strategy"], ["https://example.org/s"])
    assert session.scalars(select(ImportRow.reason)).one() == "No topic here is called “Robots”."


def test_nobody_is_named_before_they_say_how(session, plan, apply):
    apply(plan(ISSUE.encode(), ImportKind.ISSUE_FORM))

    speakers = the_proposal(session).speakers
    assert [(each.name, each.attribution, each.recording_consent, each.consent_at) for each in speakers] == [
        ("Sam Speaker", None, None, None),
        ("Kim Keeper", None, None, None),
    ]
    assert {public_name(facts_of(each, each.attribution)) for each in speakers} == {UNNAMED}
    assert session.scalars(select(OutboxMessage)).all() == []


def test_a_date_to_come_is_not_believed(session, plan, apply, now):
    apply(plan(pretalx(offered(created="2030-01-01"))))
    assert the_proposal(session).submitted_at == now


def test_decisions_hold_here_where_that_was_chosen_and_nobody_is_mailed(session, plan, apply, olu, now):
    files = pretalx(offered(state="confirmed"), offered("Declined", code="X", state="rejected"))
    apply(plan(files, decisions=Decisions.KEEP))

    rows = session.scalars(select(Proposal).order_by(Proposal.id)).all()
    assert [(row.state, row.decided_at, row.decided_by) for row in rows] == [
        (ProposalState.ACCEPTED, now, olu.person),
        (ProposalState.DECLINED, now, olu.person),
    ]
    assert session.scalars(select(OutboxMessage)).all() == []


def test_what_the_file_says_anew_is_written_onto_what_waits_and_taken_back_by_undo(session, plan, apply, undo):
    kim = {"code": "KIM", "name": "Kim Keeper"}
    apply(plan(pretalx(offered(speakers=[*offered()["speakers"], kim]))))
    number = the_proposal(session).speakers[0].id
    lea = {"code": "LEA", "name": "Lea Later"}
    run = plan(pretalx(offered("Upstream first, again", duration=30, speakers=[lea, *offered()["speakers"]])))

    assert verdict(run)[0] is Outcome.CHANGED
    assert verdict(run)[1].startswith("Was “Upstream first at a railway”. A speaker has no e-mail address")
    apply(run)
    proposal = the_proposal(session)
    assert (proposal.title, proposal.minutes) == ("Upstream first, again", 30)
    assert [(each.name, each.id == number) for each in proposal.speakers] == [
        ("Lea Later", False),
        ("Sam Speaker", True),
    ]
    assert undo(run) == ""
    proposal = the_proposal(session)
    assert (proposal.title, proposal.minutes) == ("Upstream first at a railway", 20)
    assert [each.name for each in proposal.speakers] == ["Sam Speaker", "Kim Keeper"]


def test_only_words_that_changed_have_no_word_for_it(session, plan, apply):
    apply(plan(pretalx(offered())))
    assert verdict(plan(pretalx(offered(duration=30)))) == (Outcome.CHANGED, "")


def test_what_somebody_did_here_is_not_overwritten_and_not_taken_back(session, plan, apply, undo, olu, now):
    run = apply(plan(pretalx(offered())))
    proposal = the_proposal(session)
    proposal.abstract = "Better words."
    session.commit()

    edited = "Somebody changed it here since it was imported: what is here stays."
    assert verdict(plan(pretalx(offered(duration=30)))) == (Outcome.REFUSED, edited)
    assert verdict(plan(pretalx(offered()))) == (Outcome.SAME, "")
    reviewing.cast_vote(session, proposal, vote=Vote.YES, comment="", by=olu, now=now)
    decided = "It is decided or reviewed here already: change it here."
    assert verdict(plan(pretalx(offered(duration=30)))) == (Outcome.REFUSED, decided)
    assert undo(run) == "It stays: somebody changed or decided it here since."
    assert (run.state, the_proposal(session).abstract) == (ImportState.UNDONE, "Better words.")


def test_what_organizers_voted_on_is_not_taken_back(session, plan, apply, undo, olu, now):
    run = apply(plan(pretalx(offered())))
    reviewing.cast_vote(session, the_proposal(session), vote=Vote.YES, comment="", by=olu, now=now)

    assert undo(run) == "It stays: organizers have voted on it, placed it or written about it since."
    assert the_proposal(session).title == "Upstream first at a railway"


def test_what_was_deleted_here_does_not_come_back(session, plan, apply, undo):
    run = apply(plan(pretalx(offered())))
    session.delete(the_proposal(session))
    session.commit()

    gone = "It was imported before, and deleted here since: it does not come back."
    assert verdict(plan(pretalx(offered()))) == (Outcome.REFUSED, gone)
    assert undo(run) == ""


def test_a_table_waits_for_its_columns_and_can_be_mapped_again(session, plan, map_to, apply, site):
    run = plan(TABLE, ImportKind.CSV)
    assert (run.state, run.rows) == (ImportState.MAPPING, [])
    table, guessed = read_source(run)
    assert guessed.places == {"id": 0, "title": 1, "speaker-0-name": 2, "speaker-0-email": 3, "state": 4}
    (sample,) = preview_columns(run, table, Columns({**guessed.places, "abstract": 99}), site=site)
    assert (sample.summary, sample.payload["abstract"]) == ("Upstream first", "")

    seen = run.version
    map_to(run, guessed)
    assert verdict(run)[0] is Outcome.NEW
    with pytest.raises(Conflict):
        map_to(run, guessed, version=seen)
    map_to(run, Columns(guessed.places, {"minutes": "15"}, "Survey"))
    assert (run.state, [row.key for row in run.rows]) == (ImportState.PREVIEWED, ["csv:survey:17"])
    assert read_source(run)[1].constants == {"minutes": "15"}
    apply(run)
    assert (the_proposal(session).minutes, run.source) == (15, "")
    with pytest.raises(Conflict):
        map_to(run, guessed)


def test_rows_without_a_number_are_known_by_title_and_address(session, plan, map_to, apply):
    nameless = TABLE.replace(b"ID;", b"").replace(b"17;", b"")
    runs = [plan(nameless, ImportKind.CSV) for _ in range(2)]
    for run in runs:
        map_to(run, read_source(run)[1])
    apply(runs[0])
    assert runs[0].rows[0].key == runs[1].rows[0].key
    assert "sam" not in runs[0].rows[0].key


@pytest.mark.parametrize(("kind", "data"), [(ImportKind.CSV, b"Title\n"), (ImportKind.SESSIONIZE, b"{}")])
def test_a_file_that_is_none_leaves_no_run(session, plan, kind, data):
    with pytest.raises(InvalidInput):
        plan(data, kind)
    assert session.scalars(select(ImportRun)).all() == []


def test_a_proposal_without_an_address_is_decided_without_a_mail_and_undone(session, plan, apply, olu, site, now):
    apply(plan(ISSUE.encode(), ImportKind.ISSUE_FORM))
    proposal = the_proposal(session)
    reviewing.cast_vote(session, proposal, vote=Vote.YES, comment="", by=olu, now=now)
    yes = reviewing.Decision(ProposalState.ACCEPTED, "Welcome!", Ground.MAJORITY)
    assert not reviewing.can_undo(session, proposal)
    reviewing.decide(session, proposal, yes, version=proposal.version, by=olu, site=site, now=now)

    assert session.scalars(select(OutboxMessage)).all() == []
    assert reviewing.can_undo(session, proposal)
    reviewing.undo_decision(session, proposal, version=proposal.version, by=olu, now=now)
    assert proposal.state is ProposalState.SUBMITTED


def erased(session, olu, site: Site, now):
    erase(session, holder_of_address(session, "sam@example.org"), by=olu, site=site, now=now)
    session.expire_all()


def test_whoever_is_erased_is_in_no_import_any_more_and_comes_back_by_none(
    session, plan, apply, undo, map_to, olu, site, now
):
    make_person(session, "Ines Organizer", role=Role.ORGANIZER)
    first = apply(plan(pretalx(offered())))
    second = apply(plan(pretalx(offered("About Sam Speaker", duration=30))))
    waiting = plan(pretalx(offered("Another", code="X")))
    table = map_to(run := plan(TABLE, ImportKind.CSV), read_source(run)[1])
    key = table.key
    own = gather(session, holder_of_address(session, "sam@example.org"), site=site, now=now)
    (records,) = [records for section, records in own.parts if section.key == "imports"]
    assert [(each["file"], each["what"]) for each in records] == [
        *[
            ("export.json", "Upstream first"),
            ("export.json", "Another"),
            ("export.json", "About Sam Speaker"),
            ("export.json", "a table"),
        ]
    ]

    erased(session, olu, site, now)

    assert session.scalars(select(ImportRun).where(ImportRun.key == key)).all() == []
    assert verdict(waiting) == (Outcome.REFUSED, "Somebody in it has asked to be forgotten.")
    assert "Sam" not in second.rows[0].summary
    assert session.scalars(select(Speaker)).all() == []
    gone = "It was imported before, and deleted here since: it does not come back."
    assert verdict(plan(pretalx(offered()))) == (Outcome.REFUSED, gone)
    assert undo(first) == ""


def test_own_data_and_erasing_end_where_an_address_only_ends_alike(session, plan, map_to, olu, site, now):
    """`m@example.org` is the end of `sam@example.org`: whoever reads it learns nothing of Sam."""
    make_person(session, "Ines Organizer", role=Role.ORGANIZER)
    waiting, table = plan(pretalx(offered("Another", abstract="Ask Em: M@example.org"))), plan(TABLE, ImportKind.CSV)
    holder = holder_of_address(session, "m@example.org")
    own = gather(session, holder, site=site, now=now)
    assert [records for section, records in own.parts if section.key == "imports"] == [
        [{"file": "export.json", "what": "Another", "says": {"abstract": "Ask Em: M@example.org"}, "read_at": now}]
    ]
    waiting.rows[0].payload = {**waiting.rows[0].payload, "item": {"title": "Another", "abstract": "Sam@Example.Org"}}
    session.commit()
    erase(session, holder, by=olu, site=site, now=now)
    session.expire_all()
    assert (verdict(waiting)[0], table.source != "") == (Outcome.NEW, True)


def test_one_of_two_speakers_reads_nothing_of_the_other_in_a_file(session, plan, site, now):
    kim = {"code": "KIM", "name": "Kim Keeper", "email": "kim@example.org", "biography": "Kim is shy."}
    plan(pretalx(offered(speakers=[*offered()["speakers"], kim])))
    own = gather(session, holder_of_address(session, "kim@example.org"), site=site, now=now)
    ((said,),) = [records for section, records in own.parts if section.key == "imports"]
    assert [each["name"] for each in said["says"]["speakers"]] == ["Kim Keeper"]
    assert "private_note" not in said["says"]
    assert "sam" not in str(said).casefold()


def test_whoever_is_erased_comes_back_by_no_file_that_has_their_name_alone(session, plan, map_to, olu, site, now):
    make_person(session, "Ines Organizer", role=Role.ORGANIZER)
    make_person(session, "Sam Speaker")
    speaker = {"code": "SAM", "name": "Sam Speaker", "email": "", "biography": ""}
    waiting = plan(pretalx(offered(speakers=[speaker])))
    table = plan(b"ID;Title;Speaker\n17;Upstream first;Sam Speaker\n", ImportKind.CSV)
    key = table.key
    erased(session, olu, site, now)
    assert verdict(waiting) == (Outcome.REFUSED, "Somebody in it has asked to be forgotten.")
    assert session.scalars(select(ImportRun.id).where(ImportRun.key == key)).all() == []


def test_what_stood_there_before_is_not_put_back_once_it_is_forgotten(session, plan, apply, undo, olu, site, now):
    make_person(session, "Ines Organizer", role=Role.ORGANIZER)
    kim = {"code": "KIM", "name": "Kim Keeper", "email": "kim@example.org"}
    apply(plan(pretalx(offered(speakers=[kim, *offered()["speakers"]]))))
    run = apply(plan(pretalx(offered(speakers=[kim]))))
    run.rows[0].before = {}
    session.commit()

    assert undo(run) == "It stays: what stood there before is forgotten, with somebody who asked for that."
    assert [each.name for each in the_proposal(session).speakers] == ["Kim Keeper"]


def test_a_choice_that_a_speaker_made_survives_a_changed_file(session, plan, apply):
    apply(plan(pretalx(offered())))
    row = session.scalars(select(ImportRow)).one()
    proposal = the_proposal(session)
    proposal.speakers[0].attribution = Attribution.NAME
    session.commit()
    assert row.made[0]["version"] == proposal.version
    apply(plan(pretalx(offered(duration=30))))
    assert the_proposal(session).speakers[0].attribution is Attribution.NAME
    assert the_proposal(session).updated_at < row.run.created_at + timedelta(days=1)
