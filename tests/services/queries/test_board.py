"""The board's read model: what stands where, what it says, and that thirty rows take no more queries than one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from app.domain.errors import NotFound
from app.domain.people import Role
from app.domain.placement import Fit
from app.domain.proposals import SeriesPreference
from app.domain.publication import PublicStatus
from app.domain.states import ConfirmationState, ProposalState, TalkState, TouchpointState
from app.services import placing
from app.services.auditing import SYSTEM, Actor, record
from app.services.publishing import publish_touchpoints
from app.services.queries.board import Look, read_board, read_move
from app.services.queries.board_rows import read_revision
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

ACCEPTED = ProposalState.ACCEPTED
DAY = timedelta(days=1)


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def thursdays(session):
    return make_series(session, rrule="FREQ=MONTHLY;BYDAY=2TH")


@pytest.fixture
def fridays(session):
    series = make_series(session, "friday", name="General Member", hue="plum", shape="square")
    series.position = 1
    return series


@pytest.fixture
def december(session, thursdays):
    return make_touchpoint(session, thursdays, datetime(2026, 12, 10, 14), talk_minutes=45)


@pytest.fixture
def read(session, olu, now):
    def read(look=None, *, at=now):
        session.commit()
        session.expire_all()
        return read_board(session, look or Look(), organizer=olu, now=at)

    return read


def accepted(session, title="Upstream first", **options):
    return make_proposal(session, title, state=ACCEPTED, **options)


def inbox(board):
    return [card.proposal.title for card in board.inbox]


def only_slot(board):
    [slot] = board.slots.values()
    return slot


def test_the_inbox_holds_accepted_proposals_without_a_place_the_longest_waiting_first(session, december, read, now):
    accepted(session, "Short wait", submitted_at=now - 2 * DAY)
    accepted(session, "Long wait", submitted_at=now - 15 * DAY)
    make_talk(session, accepted(session, "Placed"), december)
    for state in (ProposalState.SUBMITTED, ProposalState.DECLINED, ProposalState.WITHDRAWN):
        make_proposal(session, state.value, state=state)

    board = read()

    assert inbox(board) == ["Long wait", "Short wait"]
    assert [(card.waiting_days, card.is_late) for card in board.inbox] == [(15, True), (2, False)]
    assert [card.proposal.title for card in only_slot(board).cards] == ["Placed"]


def test_a_cross_shared_proposal_stays_in_the_inbox_until_it_has_both_places(session, december, fridays, read):
    friday = make_touchpoint(session, fridays, datetime(2026, 12, 11, 17, 30), talk_minutes=45)
    shared = accepted(session, preference=SeriesPreference.BOTH)
    make_talk(session, shared, december)

    [card] = read().inbox
    assert card.also == ("Thu 10 Dec",)
    assert {card.verdicts[december.id].words, card.verdicts[friday.id].fit} == {"Already on Thu 10 Dec", Fit.YES}

    make_talk(session, shared, friday)
    board = read()
    assert board.inbox == ()
    assert [card.also for slot in board.slots.values() for card in slot.cards] == [("Fri 11 Dec",), ("Thu 10 Dec",)]


@pytest.mark.parametrize(
    ("text", "found"),
    [("", 2), ("railway", 1), ("KESTREL", 1), ("tia rail", 1), ("sam rail", 0), ("100%", 0)],
)
def test_the_inbox_is_searched_by_words_of_title_names_and_organisations(session, read, text, found):
    accepted(session, "At a railway", speakers=(make_speaker("Tia Speaker", affiliation="Lumen"),))
    accepted(session, "Upstream")
    board = read(Look(text=text))
    assert (len(board.inbox), board.waiting) == (found, 2)


def test_the_inbox_is_filtered_by_the_series_that_a_proposal_is_still_for(session, thursdays, fridays, december, read):
    accepted(session, "Thursday", preference=SeriesPreference.ONE, preferred_series=thursdays, minutes=10)
    accepted(session, "Friday", preference=SeriesPreference.ONE, preferred_series=fridays, minutes=11)
    accepted(session, "Either", minutes=12)
    shared = accepted(session, "Both", preference=SeriesPreference.BOTH, minutes=13)
    make_talk(session, shared, december)

    assert sorted(inbox(read(Look(series="thursday")))) == ["Either", "Thursday"]
    assert sorted(inbox(read(Look(series="friday")))) == ["Both", "Either", "Friday"]
    assert len(read(Look(series="no-such")).inbox) == 4


def test_the_board_shows_three_months_from_the_next_call_on(session, thursdays, read):
    for month, year in ((11, 2026), (12, 2026), (2, 2027), (3, 2027)):
        make_touchpoint(session, thursdays, datetime(year, month, 19 if month == 11 else 10, 14))

    board = read()

    assert (board.first, board.final) == (date(2026, 12, 1), date(2027, 2, 1))
    assert (board.earlier, board.later) == (date(2026, 9, 1), date(2027, 3, 1))
    assert [slot.date for slot in board.slots.values()] == ["Thu 10 Dec", "Wed 10 Feb"]


def test_what_is_over_is_shown_only_where_it_is_asked_for(session, thursdays, december, read, now):
    held = make_touchpoint(session, thursdays, datetime(2026, 11, 12, 14))
    card = make_talk(session, accepted(session), held, state=TalkState.CONFIRMED)
    assert held.id not in read().slots

    board = read(Look(first=date(2026, 11, 1)))

    slot = board.slots[held.id]
    assert (slot.over, slot.hint, slot.holds) == (True, "", 0)
    assert not board.cards[f"talk-{card.id}"].is_movable
    assert board.verdicts_of(board.cards[f"talk-{card.id}"]) == {}


def test_an_empty_installation_shows_this_month(read):
    board = read()
    assert (board.first, board.columns, board.inbox, board.empty_dates, board.last) == (
        date(2026, 11, 1),
        (),
        (),
        0,
        None,
    )


def test_each_living_series_has_a_column_with_its_rhythm(session, thursdays, fridays, read):
    ended = make_series(session, "monday", name="Mondays")
    ended.ended_on = date(2026, 1, 31)
    bare = make_series(session, "bare", name="Without rules")
    bare.position, bare.rules = 9, []

    board = read()

    assert [(column.series.slug, column.rhythm) for column in board.columns] == [
        ("thursday", "2nd Thursday, 14:00 Madrid"),
        ("friday", "Every 2nd Thursday, 14:00 Madrid"),
        ("bare", ""),
    ]


def test_an_ended_series_is_shown_with_the_calls_that_it_had(session, thursdays, december, read):
    thursdays.ended_on = date(2026, 11, 1)
    assert [column.series.slug for column in read().columns] == ["thursday"]


def test_a_slot_says_its_minutes_and_what_is_free(session, december, read):
    for position, (state, minutes) in enumerate(((TalkState.HOLD, 15), (TalkState.DECLINED, 25))):
        make_talk(session, accepted(session, minutes=minutes), december, state=state, position=position)

    slot = only_slot(read())

    assert (slot.used, slot.total, slot.free, slot.holds, slot.hint) == (15, 45, 30, 1, "30 min free")


@pytest.mark.parametrize(("minutes", "hint"), [(35, "10 min free"), (36, ""), (0, "Needs a speaker, 17 days left")])
def test_free_minutes_are_said_while_a_talk_could_use_them(session, december, read, minutes, hint):
    if minutes:
        make_talk(session, accepted(session, minutes=minutes), december)
    assert only_slot(read()).hint == hint


@pytest.mark.parametrize(
    ("days", "hint"),
    [
        (60, "Nothing planned yet"),
        (42, "Nothing planned yet"),
        (41, "Needs a speaker, 41 days left"),
        (1, "Needs a speaker, 1 day left"),
    ],
)
def test_an_empty_date_needs_a_speaker_from_six_weeks_on(december, read, days, hint):
    assert only_slot(read(at=december.starts_at - days * DAY)).hint == hint


def test_a_call_that_was_held_without_a_talk_says_so(session, december, read):
    look = Look(first=date(2026, 12, 1))
    assert only_slot(read(look, at=december.ends_at)).hint == "No talk was held"


def test_a_skipped_call_says_what_subscribers_see(session, december, read, site, now):
    make_talk(session, accepted(session), december, state=TalkState.CONFIRMED)
    publish_touchpoints(session, [december], site=site, now=now)
    december.state, december.reason = TouchpointState.SKIPPED, "New Year"
    publish_touchpoints(session, [december], site=site, now=now)

    slot = only_slot(read())

    assert (slot.skipped, slot.hint, slot.in_public) == (True, "", PublicStatus.CANCELLED)


def test_empty_dates_of_the_next_ninety_days_are_counted(session, thursdays, december, read):
    for day in (datetime(2026, 12, 24, 14), datetime(2027, 1, 14, 14), datetime(2027, 3, 11, 14)):
        make_touchpoint(session, thursdays, day)
    skipped = make_touchpoint(session, thursdays, datetime(2027, 1, 28, 14))
    skipped.state = TouchpointState.SKIPPED
    make_talk(session, accepted(session), december)
    assert read().empty_dates == 2


def test_a_card_says_who_has_answered_and_by_when(session, december, read, now):
    speakers = (make_speaker("Sam Speaker"), make_speaker("Tia Speaker"))
    talk = make_talk(session, accepted(session, speakers=speakers), december, state=TalkState.INVITED)
    talk.confirmations[0].state = ConfirmationState.CONFIRMED

    [card] = only_slot(read()).cards
    assert (card.id, card.chip, card.confirmed, card.at_risk, card.can_invite) == (
        f"talk-{talk.id}",
        "invited",
        1,
        False,
        False,
    )
    [card] = only_slot(read(at=now + 8 * DAY)).cards
    assert (card.chip, card.at_risk) == ("at_risk", True)


def test_a_declined_card_carries_the_speakers_words_and_wishes(session, thursdays, december, read):
    january = make_touchpoint(session, thursdays, datetime(2027, 1, 14, 14), talk_minutes=45)
    talk = make_talk(session, accepted(session), december, state=TalkState.DECLINED)
    talk.confirmations[0].words, talk.confirmations[0].wishes = "On a plane", [january.id, 4711]

    card = read().cards[f"talk-{talk.id}"]

    assert (card.words, card.wishes, card.can_invite) == (("On a plane",), ("Thu 14 Jan",), True)


def test_a_card_is_recorded_when_every_speaker_agreed(session, december, read):
    willing, not_willing = make_speaker("Sam Speaker"), make_speaker("Tia Speaker", recording_consent=False)
    both = accepted(session, speakers=(willing, not_willing))
    talk = make_talk(session, accepted(session), december)
    board = read()
    assert not board.cards[f"proposal-{both.id}"].is_recorded
    assert board.cards[f"talk-{talk.id}"].is_recorded


def test_a_waiting_card_knows_its_city_and_what_it_is(session, read):
    proposal = accepted(session, speakers=(make_speaker(zone="Asia/Tokyo"),))
    other = accepted(session, speakers=(make_speaker(zone=""),))
    cards = read().cards
    card = cards[f"proposal-{proposal.id}"]
    assert (card.city, card.chip, card.confirmed, card.version, card.minutes, card.is_movable) == (
        "Tokyo",
        "accepted",
        0,
        proposal.version,
        20,
        True,
    )
    assert cards[f"proposal-{other.id}"].city == ""


def test_every_verdict_of_a_card_is_there_in_plain_words(session, thursdays, december, read):
    full = make_touchpoint(session, thursdays, datetime(2027, 1, 14, 14))
    talk = make_talk(session, accepted(session, minutes=25), december)
    board = read()
    assert board.verdicts_of(board.cards[f"talk-{talk.id}"]) == {
        str(december.id): ("here", "Here now"),
        str(full.id): ("no", "5 min too long"),
    }


def test_warnings_know_calls_that_are_not_shown(session, thursdays, december, read):
    november = make_touchpoint(session, thursdays, datetime(2026, 11, 12, 14))
    make_talk(session, accepted(session, "Held"), november, state=TalkState.CONFIRMED)
    proposal = accepted(session, "Again")
    card = read().cards[f"proposal-{proposal.id}"]
    assert card.verdicts[december.id].notes == ("Kestrel Works also on 12 Nov",)
    assert card.notes == ()


def test_a_placed_card_keeps_its_warnings(session, december, fridays, read):
    make_touchpoint(session, fridays, datetime(2026, 12, 10, 17, 30))
    talk = make_talk(session, accepted(session), december)
    assert read().cards[f"talk-{talk.id}"].notes == ("Friday meets that day",)


def test_the_last_change_and_what_can_be_undone_are_known(session, december, olu, read, site, now):
    proposal = accepted(session)
    session.commit()
    assert not read().undoable
    placing.place_proposal(
        session, proposal, onto=december, version=proposal.version, by=Actor.signed_in(olu), site=site, now=now
    )
    board = read()
    assert (board.undoable, board.last.who, board.last.at) == (True, "Olu Organizer", now)


def test_the_revision_changes_with_each_change_and_each_hour(session, december, olu, now):
    before = read_revision(session, now=now)
    record(session, "person.signed_in", olu, by=SYSTEM, now=now)
    session.flush()
    assert read_revision(session, now=now) == before
    assert read_revision(session, now=now + timedelta(hours=1)) != before
    record(session, "touchpoint.skipped", december, by=SYSTEM, now=now)
    session.flush()
    assert read_revision(session, now=now) != before


def test_the_dialog_offers_every_coming_call_by_series(session, thursdays, fridays, december, now):
    make_touchpoint(session, thursdays, datetime(2026, 11, 12, 14))
    friday = make_touchpoint(session, fridays, datetime(2026, 12, 4, 17, 30), talk_minutes=15)
    far = make_touchpoint(session, thursdays, datetime(2027, 9, 9, 14), talk_minutes=45)
    talk = make_talk(session, accepted(session), december, state=TalkState.DECLINED)
    talk.confirmations[0].wishes = [far.id]
    session.commit()

    move = read_move(session, "talk", talk.id, now=now)

    assert move.card.id == f"talk-{talk.id}"
    assert [
        (series.slug, [(choice.touchpoint.id, choice.possible, choice.wished) for choice in choices])
        for series, choices in move.choices
    ] == [
        ("thursday", [(december.id, True, False), (far.id, True, True)]),
        ("friday", [(friday.id, False, False)]),
    ]


def test_the_dialog_of_a_waiting_proposal(session, december, now):
    proposal = accepted(session)
    session.commit()
    move = read_move(session, "proposal", proposal.id, now=now)
    assert (move.card.id, move.choices[0][1][0].verdict.fit) == (f"proposal-{proposal.id}", Fit.YES)


def test_what_is_neither_placed_nor_waiting_has_no_dialog(session, december, now):
    submitted = make_proposal(session, state=ProposalState.SUBMITTED)
    for kind, pk in (("talk", 4711), ("proposal", submitted.id), ("proposal", 4711)):
        with pytest.raises(NotFound):
            read_move(session, kind, pk, now=now)


def test_thirty_rows_take_as_many_queries_as_one(session, thursdays, fridays, read):
    def grow(month, count):
        for number in range(count):
            day = datetime(2026, month, 1 + number % 27, 8 + number % 12)
            call = make_touchpoint(session, (thursdays, fridays)[number % 2], day)
            call.rule_date = None
            away = accepted(session, f"Waits {number}", speakers=(make_speaker("Tia Speaker"), make_speaker()))
            away.away_touchpoints = [call]
            away.preferred_series, away.preference = fridays, SeriesPreference.ONE
            talk = make_talk(session, accepted(session, f"Talk {number}"), call, state=TalkState.DECLINED)
            talk.confirmations[0].wishes = [call.id]

    def count_queries():
        statements = []
        session.commit()
        session.expire_all()
        engine = session.get_bind()
        listen = lambda *arguments: statements.append(arguments[2])  # noqa: E731 (removed again by identity)
        event.listen(engine, "before_cursor_execute", listen)
        board = read()
        for card in board.cards.values():
            assert (card.chip, card.lead.name, card.also, card.notes, card.is_recorded) is not None
        event.remove(engine, "before_cursor_execute", listen)
        return len(statements)

    grow(12, 1)
    few = count_queries()
    grow(12, 29)
    assert count_queries() == few
