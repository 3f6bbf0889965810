"""Mail that comes in: stored first, understood as far as it can be, and never answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import sessionmaker

from app.domain.plus_addresses import Purpose, plus_address
from app.domain.received import BOUNCES_KEPT, KEPT, KEPT_OF_LARGER, LARGEST, CalendarAnswer, ReceivedKind
from app.domain.states import ConfirmationState, MailState, TalkState, TouchpointState
from app.mail.values import Mail
from app.models import AuditEvent, BouncingAddress, CalendarReply, OutboxMessage, ReceivedMessage, Subscription
from app.services import outbox
from app.services.answering import answer_address, in_words
from app.services.auditing import Actor
from app.services.bouncing import lift_stop
from app.services.receiving import forget_received, receive_mail, settle_received
from app.services.subscribing import unsubscribe
from tests.cast import Role, make_person, make_proposal, make_series, make_talk, make_touchpoint
from tests.letters import letter

INBOUND = "touchpoints@example.org"
PROPOSED = (
    "Proposed another time in their calendar: Thursday 3 December 2026, 16:00 Romance Standard Time: "
    "Two hours later would do."
)


@pytest.fixture
def site(site):
    return replace(site, inbound=INBOUND)


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu", role=Role.ORGANIZER))


@pytest.fixture
def talk(session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14))
    talk = make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    talk.sequence = 2
    session.commit()
    return talk


@pytest.fixture
def sam(talk):
    """Sam's part in the talk."""
    return talk.confirmations[0]


@pytest.fixture
def receive(session, site, now):
    """Takes a message, and returns its row as the table has it then; None for one that we have."""

    def received(data, *, at=now):
        number = receive_mail(session, data, site=site, now=at)
        session.expire_all()
        return session.get(ReceivedMessage, number) if number is not None else None

    return received


@pytest.fixture
def answer(receive, sam, site):
    """Sam's calendar answers, `name` being one of tests/mail/inbound."""

    def answered(name, *, to=None, uid=None, sequence=2, at=None, change=None):
        sent_to = answer_address(sam, site=site) if to is None else to
        entry = f"{sam.talk.uid}@{site.uid_domain}" if uid is None else uid
        data = letter(name, answer=sent_to, uid=entry, sequence=sequence)
        return receive(data.replace(*change) if change else data, **({"at": at} if at else {}))

    return answered


@pytest.fixture
def mail(session, site, now):
    """A mail that has left."""

    def sent(to="sam@example.org", *, kind="invited", state=MailState.SENT, name="one"):
        outbox.queue_mail(session, Mail(kind, to, "Hello", "Hello", "Hello"), dedup=name, site=site, now=now)
        row = session.scalars(select(OutboxMessage).where(OutboxMessage.dedup == name)).one()
        row.state, row.sent_at = state, now
        session.commit()
        return row

    return sent


@pytest.fixture
def bounce(receive, site):
    """A mail server reports about `mail`, to its own address unless `to` says another."""

    def bounced(mail, name="postfix_dsn", *, to=None, change=None):
        own = plus_address(INBOUND, Purpose.BOUNCE, mail.id, secret_key=site.secret_key)
        data = letter(name, bounce=own if to is None else to, message_id=mail.message_id)
        return receive(data.replace(*change) if change else data)

    return bounced


def kinds(session):
    return [action for (action,) in session.execute(select(AuditEvent.action).order_by(AuditEvent.id))]


# What is kept


def test_a_message_that_is_only_a_message_waits_for_an_organizer_whole(receive, now):
    data = letter("plain_answer")
    row = receive(data)
    assert (row.kind, row.sender, row.settled_at, row.received_at) == (ReceivedKind.OTHER, "sam@example.org", None, now)
    assert (row.message, row.note, row.outbox, row.confirmation) == (data, "", None, None)


def test_the_same_message_twice_is_one_row(session, receive):
    data = letter("plain_answer")
    assert receive(data) is not None
    assert receive(b"Received: by another way\r\n" + data.replace(b"\r\n", b"\n")) is None
    assert len(session.scalars(select(ReceivedMessage)).all()) == 1


def test_a_copied_message_id_lets_nothing_vanish(session, receive):
    data = letter("plain_answer")
    receive(data.replace(b"January", b"never"))
    assert receive(data) is not None


def test_two_who_take_the_same_message_at_once_make_one_row(session, site, now):
    data = letter("plain_answer")
    sessions = sessionmaker(session.get_bind())
    with sessions() as one, sessions() as other:
        assert [receive_mail(each, data, site=site, now=now) for each in (one, other)].count(None) == 1


def test_of_a_larger_message_the_beginning_is_kept(receive):
    row = receive(b"Subject: long\r\n\r\n" + b"x" * LARGEST)
    assert (len(row.message), row.subject, row.settled_at) == (KEPT_OF_LARGER, "long", None)
    assert row.note == "It is larger than 10 MB: only its beginning was read and is kept."


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"From: \x00\xff\r\nSubject: =?utf-16?b?2AA=?= \x00\xed\xa0\x80\r\nMessage-ID: <\x00>\r\n\r\n\x00\xff",
        b"Subject: =?utf-8?q?one=0D=0ABcc:_nora@example.org?=\r\nFrom: a@example.org\r\n\r\nx",
        b"Content-Type: text/calendar; charset=utf-16\r\n\r\n\x00\xd8BEGIN:VCALENDAR",
    ],
)
def test_whatever_comes_is_kept_as_it_came(session, receive, data):
    row = receive(data)
    assert (row.kind, row.settled_at, row.message) == (ReceivedKind.OTHER, None, data)
    assert "\n" not in row.subject
    assert "\x00" not in row.subject + row.sender + row.note


def test_what_fails_on_the_way_waits_for_an_organizer(session, answer, sam, caplog):
    session.execute(text("DROP TABLE audit_event"))
    session.commit()
    row = answer("outlook_reply_declined")
    assert (row.kind, row.settled_at) == (ReceivedKind.OTHER, None)
    assert row.note == "Something in it could not be dealt with; it is kept as it came."
    assert [message.split(": ")[0] for message in caplog.messages] == [f"received mail {row.id} waits for an organizer"]
    assert sam.calendar_reply is None


def test_what_came_90_days_ago_is_forgotten(session, receive, now):
    receive(letter("plain_answer"))
    assert forget_received(session, now=now + KEPT) == 0
    assert forget_received(session, now=now + KEPT + timedelta(seconds=1)) == 1
    assert session.scalars(select(ReceivedMessage)).all() == []


def test_what_an_address_did_a_year_ago_is_forgotten(session, bounce, mail, now):
    bounce(mail())
    forget_received(session, now=now + BOUNCES_KEPT)
    assert session.scalars(select(BouncingAddress.bounces)).all() == [1]
    forget_received(session, now=now + BOUNCES_KEPT + timedelta(seconds=1))
    assert session.scalars(select(BouncingAddress)).all() == []


def test_nobody_who_writes_is_answered(session, answer, bounce, receive, mail, olu):
    sent = mail()
    for name in ("gmail_reply_accepted", "outlook_reply_declined", "outlook_counter", "apple_reply_tentative"):
        answer(name)
    bounce(sent)
    receive(letter("exchange_out_of_office"))
    receive(letter("plain_answer"))
    others = select(OutboxMessage).where(OutboxMessage.id != sent.id)
    assert {row.recipient for row in session.scalars(others)} == {olu.person.email}


def test_organizers_hear_once_that_a_speaker_may_not_come(session, answer, talk, olu):
    answer("apple_reply_tentative", change=(b"T091500Z", b"T090000Z"))
    answer("outlook_reply_declined")
    answer("outlook_reply_declined", change=(b"Subject: ", b"Subject: Again: "))
    (told,) = session.scalars(select(OutboxMessage))
    assert (told.kind, told.recipient, told.talk_id) == ("may_not_come", olu.person.email, talk.id)
    assert b"travelling" in told.message
    answer("outlook_counter", change=(b"20261123T091159Z", b"20261123T092000Z"))
    assert len(session.scalars(select(OutboxMessage)).all()) == 2


def test_a_talk_without_a_date_worries_nobody(session, answer, talk, olu):
    talk.touchpoint, talk.position, talk.state = None, None, TalkState.RELEASED
    session.commit()
    answer("outlook_reply_declined")
    assert session.scalars(select(OutboxMessage)).all() == []


# Answers of calendars


@pytest.mark.parametrize(
    ("name", "answered", "note", "waits"),
    [
        ("gmail_reply_accepted", CalendarAnswer.ACCEPTED, "Accepted in their calendar", False),
        ("apple_reply_tentative", CalendarAnswer.TENTATIVE, "Tentative in their calendar", False),
        (
            "outlook_reply_declined",
            CalendarAnswer.DECLINED,
            "Declined in their calendar; nothing is freed by that: I am travelling that week, sorry.\nSam",
            True,
        ),
        (
            "outlook_counter",
            CalendarAnswer.COUNTER,
            PROPOSED,
            True,
        ),
    ],
)
def test_an_answer_is_noted_and_changes_nothing(session, answer, sam, talk, name, answered, note, waits):
    row = answer(name)
    assert (row.kind, row.note, row.confirmation, row.settled_at is None) == (ReceivedKind.ANSWER, note, sam, waits)
    assert (sam.calendar_reply.answer, sam.calendar_reply.sequence) == (answered, 2)
    assert (sam.state, talk.state, talk.touchpoint.state) == (
        ConfirmationState.CONFIRMED,
        TalkState.CONFIRMED,
        TouchpointState.OPEN,
    )
    assert kinds(session) == ["confirmation.answered_by_calendar", "received.taken"]


def test_accepting_in_a_calendar_confirms_nothing(session, answer, sam, talk):
    sam.state, talk.state = ConfirmationState.ASKED, TalkState.INVITED
    session.commit()
    answer("gmail_reply_accepted")
    assert (sam.state, talk.state) == (ConfirmationState.ASKED, TalkState.INVITED)
    assert in_words(sam) == "Accepted in their calendar, not confirmed yet"


def test_what_a_calendar_says_is_shown_while_it_matters(session, answer, sam, talk, now):
    assert in_words(sam) == ""
    answer("gmail_reply_accepted")
    assert in_words(sam) == ""  # they have confirmed: nothing new
    answer("apple_reply_tentative")
    assert in_words(sam) == "Tentative in their calendar"
    answer("outlook_counter", change=(b"20261123T091159Z", b"20261123T092000Z"))
    assert in_words(sam) == PROPOSED
    talk.sequence = 3
    assert in_words(sam) == ""
    talk.sequence, sam.answered_at = 2, now + timedelta(minutes=1)
    assert in_words(sam) == ""


@pytest.mark.parametrize(
    "to", [INBOUND, "touchpoints+answer.1.aaaaaaaaaaaaaaaa@example.org", "", "organizers@example.org"]
)
def test_an_answer_without_the_token_of_its_address_counts_for_nothing(session, answer, sam, to):
    row = answer("outlook_reply_declined", to=to)
    assert (row.kind, row.settled_at, row.confirmation) == (ReceivedKind.OTHER, None, None)
    assert row.note == "A calendar's answer that did not come to the address of one of our entries."
    assert sam.calendar_reply is None


def test_the_token_of_another_counts_for_nothing(session, answer, sam, site):
    other = plus_address(INBOUND, Purpose.BOUNCE, sam.id, secret_key=site.secret_key)
    assert answer("outlook_reply_declined", to=other).kind is ReceivedKind.OTHER
    unknown = plus_address(INBOUND, Purpose.ANSWER, sam.id + 1, secret_key=site.secret_key)
    assert answer("outlook_counter", to=unknown).kind is ReceivedKind.OTHER
    assert sam.calendar_reply is None


def test_an_answer_about_another_entry_or_in_another_name_waits(session, answer, sam):
    row = answer("outlook_reply_declined", uid="other@example.org")
    assert (row.settled_at, row.confirmation, row.kind) == (None, sam, ReceivedKind.OTHER)
    assert row.note == "A calendar's answer about another event than the entry that we sent to this address."
    sam.speaker.email = "nora@example.org"
    session.commit()
    row = answer("outlook_counter")
    assert row.note == "A calendar's answer in the name of somebody whom we did not invite."
    sam.speaker.email = ""
    session.commit()
    assert answer("gmail_reply_accepted").kind is ReceivedKind.OTHER
    assert sam.calendar_reply is None


def test_an_answer_about_an_earlier_date_is_noted_as_such(session, answer, sam):
    row = answer("outlook_reply_declined", sequence=1)
    assert (row.kind, row.settled_at is None, row.confirmation) == (ReceivedKind.ANSWER, False, sam)
    assert row.note == (
        "Declined in their calendar; nothing is freed by that. "
        "That was about an earlier date or text: it changes nothing."
    )
    assert sam.calendar_reply is None


def test_of_two_answers_the_one_written_later_counts_whichever_comes_first(session, answer, sam):
    answer("apple_reply_tentative")  # 09:15
    row = answer("outlook_reply_declined")  # 09:10
    assert row.note.endswith("It was written before another answer that we have: it changes nothing.")
    assert sam.calendar_reply.answer is CalendarAnswer.TENTATIVE


def test_an_answer_about_a_new_date_follows_one_about_the_old(session, answer, sam, talk):
    answer("apple_reply_tentative")
    talk.sequence = 3
    session.commit()
    answer("outlook_reply_declined", sequence=3)
    assert (sam.calendar_reply.answer, sam.calendar_reply.sequence) == (CalendarAnswer.DECLINED, 3)


def test_an_organizer_who_has_dealt_with_an_answer_takes_the_flag_away(session, answer, sam, olu, now):
    row = answer("outlook_reply_declined")
    later = now + timedelta(hours=1)
    settle_received(session, row, by=olu, now=later)
    settle_received(session, row, by=olu, now=later + timedelta(hours=1))
    assert (row.settled_at, in_words(sam)) == (later, "")
    assert session.scalars(select(CalendarReply)).all() == []
    assert kinds(session)[-2:] == ["confirmation.answer_dismissed", "received.settled"]


def test_settling_an_old_answer_leaves_the_flag_of_a_newer_one(session, answer, sam, olu, now):
    declined = answer("outlook_reply_declined")
    answer("apple_reply_tentative", at=now + timedelta(hours=1))
    settle_received(session, declined, by=olu, now=now + timedelta(hours=2))
    assert in_words(sam) == "Tentative in their calendar"


def test_settling_a_message_about_a_talk_without_a_flag_is_nothing_special(session, receive, sam, site, olu, now):
    row = receive(b"From: sam@example.org\r\nTo: " + answer_address(sam, site=site).encode() + b"\r\n\r\nHello Olu")
    assert (row.confirmation, row.kind) == (sam, ReceivedKind.OTHER)
    settle_received(session, row, by=olu, now=now)
    assert row.settled_at == now


def test_what_a_message_turned_out_to_be_has_a_name_and_is_settled_by_hand(session, receive, olu, now):
    row = receive(letter("plain_answer"))
    settle_received(session, row, by=olu, now=now)
    assert (row.kind.label, row.settled_at) == ("Message", now)


def test_without_a_mailbox_nobody_answers_anywhere(sam, site):
    assert answer_address(sam, site=replace(site, inbound="")) == ""


# Mails that come back


def test_a_mail_that_comes_back_is_marked_and_waits_for_an_organizer(session, bounce, mail):
    sent = mail()
    row = bounce(sent)
    assert (row.kind, row.outbox, row.settled_at) == (ReceivedKind.BOUNCE, sent, None)
    said = "5.1.1 550 5.1.1 <sam@example.org>: Recipient address rejected: User unknown"
    assert (sent.state, sent.last_error) == (MailState.BOUNCED, f"It came back: {said}")
    address = session.scalars(select(BouncingAddress)).one()
    assert (address.email, address.bounces, address.stopped_at) == ("sam@example.org", 1, None)
    assert kinds(session) == ["mail.bounced", "received.taken"]


def test_a_report_names_the_mail_by_its_message_id_too(bounce, mail):
    sent = mail()
    assert bounce(sent, to="postmaster@example.org").outbox is sent
    assert sent.state is MailState.BOUNCED


def test_a_report_about_somebody_elses_mail_is_forged_in_vain(session, bounce, mail):
    sent = mail()
    sent_id, sent.message_id = sent.message_id, "<secret@example.org>"
    session.commit()
    for to in ("touchpoints+bounce.1.aaaaaaaaaaaaaaaa@example.org", "", INBOUND):
        row = bounce(sent, to=to, change=(b"<secret@example.org>", b"<guessed@example.org>"))
        assert row is None or (row.kind, row.outbox, row.settled_at) == (ReceivedKind.BOUNCE, None, None)
    assert sent_id
    assert sent.state is MailState.SENT
    assert session.scalars(select(BouncingAddress)).all() == []


def test_a_report_without_any_name_of_a_mail_is_about_none(receive, mail):
    mail()
    data = letter("postfix_dsn").partition(b"Content-Description: Undelivered Message")[0]
    assert receive(data).note == "A report about a mail that we do not know."


@pytest.mark.parametrize(
    ("change", "note", "state"),
    [
        ((b"Action: failed", b"Action: delayed"), "The mail is on its way, and the server goes on trying: ", "sent"),
        ((b"Status: 5.1.1", b"Status: 4.4.7"), "The mail came back: ", "bounced"),
        ((b"Status: 5.1.1", b"Status: 5.2.2"), "The mail came back: ", "bounced"),
    ],
)
def test_what_passes_does_not_count_against_the_address(session, bounce, mail, change, note, state):
    sent = mail()
    assert bounce(sent, change=change).note.startswith(note)
    assert sent.state.value == state
    assert session.scalars(select(BouncingAddress)).all() == []


def test_a_second_report_about_a_mail_changes_nothing(session, bounce, mail):
    sent = mail()
    bounce(sent)
    row = bounce(sent, change=(b"Message-Id: <2026", b"Message-Id: <2027"))
    assert row.note.startswith("The mail had been marked already: ")
    assert row.settled_at is not None
    assert session.scalars(select(BouncingAddress.bounces)).all() == [1]


def test_after_two_mails_nothing_more_leaves_to_the_address_until_an_organizer_lifts_that(
    session, bounce, mail, olu, now
):
    for name in ("one", "two", "three"):
        bounce(mail("Sam@Example.org", name=name))
    address = session.scalars(select(BouncingAddress)).one()
    assert (address.email, address.bounces, address.stopped_at) == ("sam@example.org", 3, now)
    assert kinds(session).count("address.stopped") == 1
    lift_stop(session, address, by=olu, now=now)
    assert session.scalars(select(BouncingAddress)).all() == []
    assert kinds(session)[-1] == "address.lifted"


def test_a_report_without_a_reason_says_so(bounce, mail):
    row = bounce(mail(), change=(b"Status: 5.1.1\r\nRemote-MTA: dns; mail.example.org\r\nDiagnostic-Code", b"X-Other"))
    assert row.note == "The mail came back: no reason given"


def test_a_mail_that_is_a_key_comes_back_without_anybody_having_to_look(bounce, mail):
    assert bounce(mail(kind="sign_in")).settled_at is not None


# Subscribers


@pytest.fixture
def nora(session, now):
    subscription = Subscription(email="sam@example.org", asked_at=now, asked_since=now, confirmed_at=now)
    session.add(subscription)
    session.commit()
    return subscription


def test_a_subscribers_bounce_ends_the_subscription_and_shows_nobody_the_address(session, bounce, mail, nora, now):
    row = bounce(mail(kind="call_moved"))
    assert nora.stopped_at == now
    kept = f"{row.sender}{row.subject}{row.note}".encode() + row.message
    assert b"sam@" not in kept
    assert (row.settled_at, row.kind) == (now, ReceivedKind.BOUNCE)
    assert session.scalars(select(BouncingAddress)).all() == []


@pytest.mark.parametrize(
    ("change", "state"),
    [((b"Status: 5.1.1", b"Status: 4.2.1"), "bounced"), ((b"Action: failed", b"Action: delayed"), "sent")],
)
def test_a_soft_bounce_stops_no_subscription(bounce, mail, nora, change, state):
    sent = mail(kind="call_moved")
    bounce(sent, change=change)
    assert (nora.stopped_at, sent.state.value) == (None, state)
    assert nora.email in sent.recipient


def test_two_personal_mails_that_come_back_stop_the_subscription_of_that_address_too(bounce, mail, nora, now):
    for name in ("one", "two"):
        bounce(mail(name=name))
    assert nora.stopped_at == now


@pytest.mark.parametrize("data", ["report", "away"])
def test_of_a_follower_whose_mails_are_forgotten_machines_tell_nobody_either(
    session, receive, mail, nora, site, now, data
):
    sent = mail(kind="digest")
    own = plus_address(INBOUND, Purpose.BOUNCE, sent.id, secret_key=site.secret_key)
    said = {
        "report": letter("postfix_dsn", bounce=own, message_id=sent.message_id),
        "away": b"From: sam@example.org\r\nTo: %s\r\nAuto-Submitted: auto-replied\r\n\r\nAway" % own.encode(),
    }
    unsubscribe(session, nora, now=now)
    row = receive(said[data])
    assert (row.sender, row.message, row.settled_at, row.outbox) == ("", b"", now, None)


def test_the_address_of_a_forgotten_mail_never_becomes_that_of_another(session, bounce, mail, nora, now):
    forgotten = mail(kind="call_moved", name="one")
    number, message_id = forgotten.id, forgotten.message_id
    unsubscribe(session, nora, now=now)
    session.expunge_all()
    sent = mail("olu@example.org", name="two")
    assert sent.id > number
    bounce(SimpleNamespace(id=number, message_id=message_id))
    assert sent.state is MailState.SENT


# What machines and people write


def test_an_out_of_office_bothers_nobody(receive, mail, now):
    sent = mail()
    row = receive(
        letter("exchange_out_of_office").replace(
            b"MIME-Version", b"In-Reply-To: " + sent.message_id.encode() + b"\r\nMIME-Version"
        )
    )
    assert (row.kind, row.settled_at, row.outbox) == (ReceivedKind.AUTOMATIC, now, sent)
    assert row.note == "A machine wrote this, such as an out-of-office."


def test_a_subscribers_out_of_office_is_not_kept(receive, mail, now):
    sent = mail(kind="digest")
    data = (
        b"From: sam@example.org\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: %s\r\n\r\nAway"
        % sent.message_id.encode()
    )
    row = receive(data)
    assert (row.sender, row.message, row.settled_at) == ("", b"", now)


def test_what_a_person_writes_to_us_after_a_subscribers_mail_is_kept(receive, mail):
    sent = mail(kind="digest")
    data = b"From: sam@example.org\r\nIn-Reply-To: %s\r\n\r\nPlease call me" % sent.message_id.encode()
    assert (receive(data).message, receive(data)) == (data, None)


@pytest.mark.parametrize(
    "head",
    [
        b"From: MAILER-DAEMON@mx.example.org\r\nAuto-Submitted: auto-replied",
        b"From: MAILER-DAEMON (Mail Delivery System)\r\nAuto-Submitted: auto-replied",
        b"From: a@example.org\r\nContent-Type: multipart/report; boundary=b",
    ],
)
def test_a_report_that_cannot_be_read_waits_with_the_mail_that_it_came_for(receive, mail, site, head):
    sent = mail()
    own = plus_address(INBOUND, Purpose.BOUNCE, sent.id, secret_key=site.secret_key)
    row = receive(head + b"\r\nTo: " + own.encode() + b"\r\n\r\nHi. This is the qmail-send program.")
    assert (row.kind, row.settled_at, row.outbox) == (ReceivedKind.OTHER, None, sent)
    assert row.note == "A mail server wrote this, and it could not be understood."
    assert sent.state is MailState.SENT
