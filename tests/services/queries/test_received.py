"""What organizers read of received mail, in a number of queries that does not grow."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from app.domain.received import CalendarAnswer, ReceivedKind
from app.domain.states import TalkState
from app.models import BouncingAddress, CalendarReply, ReceivedMessage
from app.services.queries.board_cards import make_card
from app.services.queries.received import PAGE, ReceivedFilter, bouncing_among, letters_about, read_received
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def talk(session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14))
    return make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)


def put(session, number, now, **values):
    row = ReceivedMessage(
        fingerprint=str(number), kind=ReceivedKind.OTHER, sender="", subject=str(number), message=b"x",
        received_at=now + timedelta(minutes=number), **values,
    )  # fmt: skip
    session.add(row)
    return row


def count_queries(session, work):
    statements = []
    session.commit()
    session.expunge_all()
    listen = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(session.get_bind(), "before_cursor_execute", listen)
    work()
    event.remove(session.get_bind(), "before_cursor_execute", listen)
    return len(statements)


def test_one_message_and_fifty_take_the_same_number_of_queries(session, talk, now):
    def read():
        page = read_received(session, ReceivedFilter())
        assert [row.confirmation.talk.proposal.title for row in page.messages]

    put(session, 0, now, confirmation=talk.confirmations[0])
    one = count_queries(session, read)
    series = make_series(session, "friday", rrule="FREQ=WEEKLY;BYDAY=FR", start=datetime(2026, 1, 1, 17).time())
    for number in range(1, 50):
        call = make_touchpoint(session, series, datetime(2026, 12, 4, 17) + timedelta(days=7 * number))
        other = make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
        put(session, number, now, confirmation=other.confirmations[0])
    assert count_queries(session, read) == one


def test_pages_end_where_the_messages_end(session, now):
    for number in range(PAGE + 1):
        put(session, number, now)
    page = read_received(session, ReceivedFilter(page=9))
    assert (page.page, page.pages, page.total, [row.subject for row in page.messages]) == (2, 2, PAGE + 1, ["0"])
    assert page.waiting == PAGE + 1


def test_letters_and_bounces_are_those_of_the_people_asked_about(session, talk, now):
    (sam,) = talk.confirmations
    letters = [put(session, number, now, confirmation=sam) for number in (1, 2)]
    put(session, 3, now)
    bounced = BouncingAddress(email="sam@example.org", bounces=1, bounced_at=now)
    session.add_all([bounced, BouncingAddress(email="vera@example.org", bounces=1, bounced_at=now)])
    session.flush()
    assert letters_about(session, [sam]) == {sam.id: letters[::-1]}
    assert letters_about(session, []) == {}
    assert bouncing_among(session, ["Sam@Example.org", "nora@example.org", ""]) == {"sam@example.org": bounced}


def test_the_boards_card_says_what_a_calendar_answered(session, talk, now):
    def card():
        return make_card(talk.proposal, talk, talks=[talk], dates={}, now=now)

    (sam,) = talk.confirmations
    assert (card().words, card().chip) == ((), "confirmed")
    sam.calendar_reply = CalendarReply(
        answer=CalendarAnswer.DECLINED, sequence=0, stamp=now, received_at=now, words="I am travelling", proposed=""
    )
    assert card().words == ("Sam Speaker: Declined in their calendar; nothing is freed by that: I am travelling",)
    assert card().chip == "at_risk"
    sam.calendar_reply.answer = CalendarAnswer.TENTATIVE
    assert card().chip == "confirmed"
    sam.calendar_reply.answer, talk.sequence = CalendarAnswer.DECLINED, 1
    assert (card().words, card().chip) == ((), "confirmed")
