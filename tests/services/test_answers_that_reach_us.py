"""From the invitation to the answer: what a calendar reads out of our mail brings its answer to the right talk."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email.utils import getaddresses

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from app.config.mail import MailSettings
from app.domain.received import CalendarAnswer
from app.domain.states import TalkState
from app.mail.reading import read_message
from app.mail.transport import make_transport
from app.models import OutboxMessage, ReceivedMessage
from app.services import notifying, outbox
from app.services.board_moves import occasion_of
from app.services.receiving import receive_mail
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

INBOUND = "touchpoints@example.org"


@pytest.fixture
def site(site):
    return replace(site, inbound=INBOUND)


@pytest.fixture
def talk(session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14))
    proposal = make_proposal(session, speakers=(make_speaker(), make_speaker("Mira Member")))
    return make_talk(session, proposal, call, state=TalkState.CONFIRMED)


def entries(session):
    """Each speaker's mail and the event in it."""
    found = {}
    for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)):
        message = read_message(row.message)
        found[row.recipient] = (message, Calendar.from_ical(message.calendar.encode()).events[0])
    return found


def reply_to(message):
    return [address for _, address in getaddresses([dict(message.headers)["Reply-To"]])]


def answer(event, partstat="DECLINED", *, to, attendee="sam@example.org"):
    """What RFC 5546 has a calendar send: UID, SEQUENCE and ORGANIZER of the event, and its own ATTENDEE."""
    return (
        f"From: {attendee}\r\nTo: {to}\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
        f"UID:{event['UID']}\r\nSEQUENCE:{event['SEQUENCE']}\r\nDTSTAMP:20261123T093000Z\r\n"
        f"ORGANIZER:{event['ORGANIZER']}\r\nATTENDEE;PARTSTAT={partstat}:mailto:{attendee}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def test_each_speakers_entry_is_answered_at_an_address_of_its_own(session, talk, site, now):
    notifying.notify_confirmed(session, talk, site=site, now=now)
    told = entries(session)
    mailboxes = {recipient: str(event["ORGANIZER"]) for recipient, (_, event) in told.items()}
    assert len(set(mailboxes.values())) == 2
    for recipient, (message, event) in told.items():
        assert mailboxes[recipient].startswith("mailto:touchpoints+answer.")
        assert event["ORGANIZER"].params["CN"] == "Europe Chapter and OSPOlogy"
        assert reply_to(message) == ["organizers@example.org", mailboxes[recipient].removeprefix("mailto:")]
    sam, mira = talk.confirmations
    organizer = mailboxes["sam@example.org"].removeprefix("mailto:")
    session.commit()
    receive_mail(session, answer(told["sam@example.org"][1], to=organizer), site=site, now=now)
    assert (sam.calendar_reply.answer, mira.calendar_reply) == (CalendarAnswer.DECLINED, None)
    forged = answer(told["mira@example.org"][1], to=organizer, attendee="mira@example.org")
    receive_mail(session, forged, site=site, now=now)
    session.expire_all()
    assert mira.calendar_reply is None


def test_an_entry_keeps_its_organizer_until_it_is_taken_back(session, talk, site, now):
    notifying.notify_confirmed(session, talk, site=site, now=now)
    first = entries(session)["sam@example.org"][1]
    notifying.notify_cancelled(session, talk, was=occasion_of(talk.touchpoint), reason="", site=site, now=now)
    last = entries(session)["sam@example.org"][1]
    assert (last["STATUS"], first["ORGANIZER"]) == ("CANCELLED", last["ORGANIZER"])


def test_an_answer_that_crosses_a_move_is_noted_as_about_the_old_date(session, talk, site, now):
    notifying.notify_confirmed(session, talk, site=site, now=now)
    event = entries(session)["sam@example.org"][1]
    talk.sequence += 1  # an organizer moves the talk meanwhile
    session.commit()
    to = str(event["ORGANIZER"]).removeprefix("mailto:")
    number = receive_mail(session, answer(event, to=to), site=site, now=now)
    assert session.get(ReceivedMessage, number).note.endswith("earlier date or text: it changes nothing.")
    assert talk.confirmations[0].calendar_reply is None


@pytest.mark.parametrize("change", [{"inbound": ""}, {"invite_mode": "publish"}])
def test_where_nobody_is_invited_or_nothing_is_read_the_series_mailbox_stands(session, talk, site, now, change):
    notifying.notify_confirmed(session, talk, site=replace(site, **change), now=now)
    message, event = entries(session)["sam@example.org"]
    assert str(event["ORGANIZER"]) == "mailto:thursday@example.org"
    assert not [address for address in reply_to(message) if "+" in address]


def test_a_mail_server_reports_to_an_address_of_the_very_mail(session, talk, site, now, clock, smtp_server):
    notifying.notify_confirmed(session, talk, site=site, now=now)
    session.commit()
    transport = make_transport(MailSettings.parse(smtp_server.url))
    outbox.deliver_due(sessionmaker(session.get_bind()), transport, site=site, clock=clock)
    senders = [sent.sender for sent in smtp_server.messages]
    assert len(set(senders)) == 2
    assert all(sender.startswith("touchpoints+bounce.") and sender.endswith("@example.org") for sender in senders)
