from datetime import datetime, timedelta

import pytest

from app.domain.insights import Organisation, Share, Spread, Step
from app.domain.materials import MaterialKind
from app.domain.people import RoleCategory
from app.domain.states import ProposalState, TalkState, TouchpointState
from app.models import Material
from app.services.queries.insights import AGES, CallLine, SeriesAhead, read_insights
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint


@pytest.fixture
def thursday(session):
    return make_series(session)


@pytest.fixture
def hold(session, thursday):
    """A talk on a call of its own."""

    def hold(start, state=TalkState.CONFIRMED, *, speakers=(), sent=None, title="Upstream first"):
        call = make_touchpoint(session, thursday, start)
        submitted_at = sent or call.starts_at - timedelta(days=30)
        proposal = make_proposal(
            session, title, state=ProposalState.ACCEPTED, speakers=speakers, submitted_at=submitted_at
        )
        return make_talk(session, proposal, call, state=state)

    return hold


def test_nothing_yet_is_nothing(session, now):
    found = read_insights(session, now=now)
    assert (found.lead, found.ahead, found.organisations, found.overdue) == (None, (), (), 0)
    assert [listed.count for listed in (found.empty, found.outstanding, found.recordings)] == [0, 0, 0]


def test_proposals_are_counted_by_state_and_those_that_wait_by_their_age(session, now):
    for days in (1, 7, 10, 100):
        make_proposal(session, submitted_at=now - timedelta(days=days))
    make_proposal(session, state=ProposalState.DECLINED)
    make_proposal(session, state=ProposalState.DRAFT)
    found = read_insights(session, now=now)
    assert {state.value: count for state, count in found.proposals.items() if count} == {"submitted": 4, "declined": 1}
    assert found.waiting == tuple(Step(*step) for step in zip((*AGES, None), (2, 1, 0, 0, 1), strict=True))


def test_a_proposal_waits_until_its_first_confirmed_call(session, hold, thursday, now):
    talk = hold(datetime(2026, 12, 10, 14))
    later = make_touchpoint(session, thursday, datetime(2027, 1, 7, 14))
    make_talk(session, talk.proposal, later, state=TalkState.CONFIRMED)
    hold(datetime(2026, 12, 24, 14), TalkState.HOLD)
    hold(datetime(2023, 12, 24, 14))
    before_it_was_sent = datetime(2026, 10, 1, 14)
    hold(before_it_was_sent, sent=now)
    assert read_insights(session, now=now).lead == Spread(1, 30, 30, 30, 30, 30)


def test_calls_ahead_without_any_talk_are_empty(session, hold, thursday, now):
    hold(datetime(2026, 12, 10, 14), TalkState.HOLD)
    empty = make_touchpoint(session, thursday, datetime(2026, 12, 24, 14))
    make_touchpoint(session, thursday, datetime(2026, 12, 31, 14)).state = TouchpointState.SKIPPED
    make_touchpoint(session, thursday, datetime(2027, 3, 25, 14))
    found = read_insights(session, now=now)
    assert found.ahead == (SeriesAhead("Thursday", "blue", "circle", calls=2, empty=1),)
    assert found.empty.first == (CallLine(empty.key, "Thursday", empty.starts_at, "Europe/Madrid"),)


def test_confirmations_are_outstanding_until_the_call_and_overdue_after_their_day(session, hold, now):
    asked = hold(datetime(2026, 12, 10, 14), TalkState.INVITED)
    asked.answer_by = now
    hold(datetime(2026, 12, 17, 14), TalkState.INVITED)
    hold(datetime(2026, 11, 5, 14), TalkState.INVITED)
    found = read_insights(session, now=now)
    assert (found.outstanding.count, found.overdue) == (2, 1)
    assert found.outstanding.first[0].key == asked.key


def test_hours_are_those_of_calls_within_a_year_and_ahead(session, thursday, now):
    for start in (datetime(2026, 12, 3, 9), datetime(2026, 6, 4, 14), datetime(2025, 6, 4, 14)):
        make_touchpoint(session, thursday, start)
    shares = {place.name: share for place, share in read_insights(session, now=now).hours}
    assert shares == {
        "New York": Share(1, 2),
        "Madrid": Share(2, 2),
        "Bengaluru": Share(2, 2),
        "Tokyo": Share(1, 2),
    }


def test_a_talk_counts_once_for_a_role_and_an_organisation(session, hold, now):
    pair = make_speaker(), make_speaker("Kim Kestrel", affiliation="kestrel  works")
    hold(datetime(2026, 12, 10, 14), speakers=pair)
    hold(datetime(2026, 6, 11, 14), speakers=(make_speaker(affiliation="Kestrel Works"),))
    hold(datetime(2025, 6, 11, 14))
    hold(datetime(2026, 12, 17, 14), TalkState.DECLINED)
    found = read_insights(session, now=now)
    assert dict(found.roles) == {role: 2 if role is RoleCategory.OSPO else 0 for role in RoleCategory}
    assert [(each.talks, each.most_in_a_year) for each in found.organisations] == [(2, 2)]
    assert isinstance(found.organisations[0], Organisation)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (lambda talk: talk, 1),
        (lambda talk: setattr(talk, "recording_url", "https://video.example.org/1"), 0),
        (lambda talk: setattr(talk.confirmations[0], "recording_consent", False), 0),
        (lambda talk: setattr(talk.confirmations[0], "recording_consent", None), 0),
        (lambda talk: [setattr(part, "recorded", False) for part in talk.touchpoint.segments], 0),
        (lambda talk: setattr(talk, "state", TalkState.RELEASED), 0),
    ],
    ids=["as it was agreed", "there", "refused", "not decided", "never recorded", "not given"],
)
def test_a_recording_is_missing_where_all_had_agreed_to_one(session, hold, now, change, missing):
    talk = hold(datetime(2026, 11, 5, 14))
    hold(datetime(2026, 12, 10, 14))
    change(talk)
    session.flush()
    assert read_insights(session, now=now).recordings.count == missing


def test_a_recording_that_will_never_be_there_is_not_missing(session, hold, now):
    talk = hold(datetime(2026, 11, 5, 14))
    session.add(
        Material(talk=talk, kind=MaterialKind.RECORDING, none_reason="Nobody pressed the button.", changed_at=now)
    )
    session.flush()
    assert read_insights(session, now=now).recordings.count == 0


def test_lists_are_cut_and_counts_are_whole(session, thursday, now):
    for day in range(1, 13):
        make_touchpoint(session, thursday, datetime(2026, 12, day, 14))
    found = read_insights(session, now=now)
    assert (found.empty.count, len(found.empty.first)) == (12, 10)
