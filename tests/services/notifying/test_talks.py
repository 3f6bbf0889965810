"""Speakers hear what, when and how they are named; their calendar has one entry that follows the talk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.domain.attribution import Attribution
from app.domain.errors import RuleViolation
from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.secret import Secret
from app.domain.states import ConfirmationState, MailState, ProposalState, TalkState
from app.models import JoinLink
from app.services import notifying
from app.services.board_moves import occasion_of
from app.services.links import find_confirmation
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

SETTLED = timedelta(minutes=5)


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def call(session, series):
    return make_touchpoint(session, series, datetime(2026, 12, 3, 14, 0))


@pytest.fixture
def later(session, series):
    return make_touchpoint(session, series, datetime(2026, 12, 17, 14, 0))


@pytest.fixture
def duo(session):
    """Sam, who proposed it, and Kim, who lives in New York and would be named by role only, as Sam guesses."""
    kim = make_speaker("Kim Co-Speaker", attribution=Attribution.ROLE, recording_consent=False, zone="America/New_York")
    speakers = (make_speaker("Sam Speaker"), kim)
    return make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers, email="sam@example.org")


def link_in(mail):
    return next(line for line in mail.text.splitlines() if line.startswith("http://localhost/confirm/"))


def ask(talk):
    """What asking does to the rows."""
    talk.state = TalkState.INVITED
    for answer in talk.confirmations:
        answer.state = ConfirmationState.ASKED


def test_an_invitation_goes_to_each_speaker_who_is_asked_with_a_link_of_their_own(session, site, now, told, call, duo):
    talk = make_talk(session, duo, call, state=TalkState.INVITED)
    notifying.notify_invited(session, talk, site=site, now=now)
    sam, kim = told()
    assert [(mail.kind, mail.to, mail.due_at, mail.method) for mail in (sam, kim)] == [
        ("invited", "sam@example.org", now + SETTLED, ""),
        ("invited", "kim@example.org", now + SETTLED, ""),
    ]
    for mail, answer in zip((sam, kim), talk.confirmations, strict=True):
        assert find_confirmation(session, link_in(mail).rpartition("/")[2], site=site) is answer
    assert "Named as:  Sam Speaker, Kestrel Works (name and affiliation)" in sam.text
    assert "Named as:  You choose on the page how you may be named." in kim.text
    assert "20 minutes; also speaking: Sam Speaker, Kestrel Works" in kim.text
    assert "20 minutes; also speaking: A speaker" in sam.text  # until Kim has chosen
    assert "08:00\N{EN DASH}09:00 New York (EST)" in kim.text
    assert "You agreed that your talk is recorded" in sam.text
    assert "You say on the page whether your talk may be recorded." in kim.text
    assert "Chatham House Rule" in sam.text
    assert (sam.row.talk_id, sam.row.proposal_id) == (talk.id, duo.id)


def test_who_confirmed_already_or_has_no_address_is_not_asked(session, site, now, told, call, duo):
    duo.speakers[1].email = None
    talk = make_talk(session, duo, call, state=TalkState.INVITED)
    talk.confirmations[0].state = ConfirmationState.CONFIRMED
    for notify in (notifying.notify_invited, notifying.notify_reminded):
        notify(session, talk, site=site, now=now)
    assert told() == []


def test_a_reminder_leaves_at_once_and_once(session, site, now, told, call, duo):
    talk = make_talk(session, duo, call, state=TalkState.INVITED)
    talk.confirmations[0].state = ConfirmationState.CONFIRMED
    for _ in range(2):
        notifying.notify_reminded(session, talk, site=site, now=now)
    assert [(mail.kind, mail.to, mail.due_at) for mail in told()] == [("reminded", "kim@example.org", now)]


def test_an_invitation_that_was_taken_back_can_be_sent_anew(session, site, now, told, taken_back, call, duo):
    talk = make_talk(session, duo, call, state=TalkState.INVITED)
    notifying.notify_invited(session, talk, site=site, now=now)
    for mail in told():
        taken_back(mail)
    talk.sequence += 1
    notifying.notify_invited(session, talk, site=site, now=now)
    assert len(told()) == 2


def test_the_confirmed_get_the_whole_call_under_the_talks_own_uid(session, site, now, told, call, duo):
    talk = make_talk(session, duo, call, state=TalkState.CONFIRMED)
    notifying.notify_confirmed(session, talk, site=site, now=now)
    sam, kim = told()
    assert [(mail.kind, mail.to, mail.due_at, mail.method) for mail in (sam, kim)] == [
        ("confirmed", "sam@example.org", now, "REQUEST"),
        ("confirmed", "kim@example.org", now, "REQUEST"),
    ]
    event = sam.event
    assert (str(event["UID"]), event["SEQUENCE"], event["STATUS"]) == (f"{talk.uid}@localhost", 0, "CONFIRMED")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (call.starts_at, call.ends_at)
    assert (str(event["ORGANIZER"]), str(event["ATTENDEE"])) == (
        "mailto:thursday@example.org",
        "mailto:sam@example.org",
    )
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert str(kim.event["ATTENDEE"]) == "mailto:kim@example.org"
    description = str(event["DESCRIPTION"])
    assert "Open forum, 20 min: under the Rule, not recorded." in description
    assert "14:05 Guest talk and questions, 20 min" in description
    assert f"Details: http://localhost/touchpoints/{call.key}" in description
    assert dict(sam.message.headers)["Reply-To"] == "organizers@example.org, thursday@example.org"


def test_the_entry_names_others_on_the_call_as_the_public_does(session, site, now, told, call, duo):
    nobody = make_speaker("Nora Nobody", affiliation="Secret Corp", attribution=Attribution.NONE)
    held = make_speaker("Hana Hold", affiliation="Hold Inc")
    make_talk(session, make_proposal(session, "Unnamed", speakers=(nobody,)), call, state=TalkState.CONFIRMED)
    hold = make_proposal(session, "Only a hold", speakers=(held,))
    make_talk(session, hold, call, position=1)
    talk = make_talk(session, duo, call, state=TalkState.CONFIRMED, position=2)
    notifying.notify_confirmed(session, talk, site=site, now=now)
    for mail in told():
        whole = mail.text + mail.message.html + mail.message.calendar.replace("\r\n ", "")
        assert "Unnamed" in whole
        for secret in ("Nora", "Secret Corp", "Only a hold", "Hana", "Hold Inc"):
            assert secret not in whole
        assert ("sam@example.org" in whole) != ("kim@example.org" in whole)


@pytest.mark.parametrize(("owners", "joined_at"), [("", ""), ("series", "series"), ("both", "touchpoint")])
def test_confirmed_speakers_alone_learn_how_to_join(session, site, now, told, call, duo, owners, joined_at):
    if owners:
        session.add(JoinLink(series_id=call.series_id, url=Secret("https://meet.example.org/series")))
    if owners == "both":
        session.add(JoinLink(touchpoint_id=call.id, url=Secret("https://meet.example.org/touchpoint")))
    talk = make_talk(session, duo, call, state=TalkState.CONFIRMED)
    notifying.notify_confirmed(session, talk, site=site, now=now)
    mail = told()[0]
    url = f"https://meet.example.org/{joined_at}" if joined_at else None
    assert mail.event.get("LOCATION") == url
    assert mail.text.count("https://meet.example.org/") == (1 if url else 0)
    assert str(mail.event["DESCRIPTION"]).startswith(f"Join: {url}\n") == bool(url)


def test_a_members_only_call_says_that_the_public_sees_the_title_alone(session, site, now, told, duo):
    friday = make_series(session, "friday", audience=Audience.MEMBERS)
    talk = make_talk(
        session, duo, make_touchpoint(session, friday, datetime(2026, 12, 4, 17, 30)), state=TalkState.INVITED
    )
    notifying.notify_invited(session, talk, site=site, now=now)
    assert "for members. Public pages show the title alone." in told()[0].text


def test_who_has_not_chosen_is_told_that_they_choose(session, site, now, told, call):
    speaker = make_speaker(attribution=None, recording_consent=None)
    talk = make_talk(session, make_proposal(session, speakers=(speaker,)), call, state=TalkState.INVITED)
    notifying.notify_invited(session, talk, site=site, now=now)
    assert "You choose on the page how you may be named. Until then you are not." in told()[0].text


def test_a_move_before_anybody_confirmed_carries_no_calendar(session, site, now, told, call, later, duo):
    talk = make_talk(session, duo, later, state=TalkState.INVITED)
    notifying.notify_moved(session, talk, was=occasion_of(call), site=site, now=now)
    mails = told()
    assert [(mail.kind, mail.due_at, mail.method) for mail in mails] == [("moved", now + SETTLED, "")] * 2
    assert "was: Thursday 3 December 2026, 14:00\N{EN DASH}15:00 Madrid (CET)" in mails[0].text
    assert "now: Thursday 17 December 2026, 14:00\N{EN DASH}15:00 Madrid (CET)" in mails[0].text
    assert dict(mails[0].message.headers)["Reply-To"] == "organizers@example.org"


def test_one_entry_follows_the_talk_from_yes_to_yes(session, site, now, told, call, later, duo):
    talk = make_talk(session, duo, call, state=TalkState.CONFIRMED)
    notifying.notify_confirmed(session, talk, site=site, now=now)
    first = told()[0].event
    was, talk.touchpoint = occasion_of(call), later
    ask(talk)
    notifying.notify_moved(session, talk, was=was, site=site, now=now + SETTLED)
    moved = told()[0]
    assert (moved.method, moved.event["STATUS"], moved.event["DTSTART"].dt) == ("REQUEST", "TENTATIVE", later.starts_at)
    assert "stands as tentative until you confirm" in moved.text
    talk.state = TalkState.CONFIRMED
    for answer in talk.confirmations:
        answer.state = ConfirmationState.CONFIRMED
    notifying.notify_confirmed(session, talk, site=site, now=now + 2 * SETTLED)
    again = told()[0].event
    events = (first, moved.event, again)
    assert len({str(event["UID"]) for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 1]
    assert [event["DTSTAMP"].dt for event in events] == [now, now + SETTLED, now + 2 * SETTLED]


def test_a_cancellation_takes_the_entry_back_and_says_why(session, site, now, told, call, duo):
    talk = make_talk(session, duo, call, state=TalkState.CONFIRMED)
    notifying.notify_confirmed(session, talk, site=site, now=now)
    told()
    was, talk.touchpoint = occasion_of(call), None
    notifying.notify_cancelled(session, talk, was=was, reason="Public holiday.", site=site, now=now)
    mails = told()
    assert [(mail.kind, mail.to, mail.due_at, mail.method) for mail in mails] == [
        ("cancelled", "sam@example.org", now + SETTLED, "CANCEL"),
        ("cancelled", "kim@example.org", now + SETTLED, "CANCEL"),
    ]
    event = mails[0].event
    assert (str(event["UID"]), event["SEQUENCE"], event["STATUS"]) == (f"{talk.uid}@localhost", 1, "CANCELLED")
    assert (event["DTSTART"].dt, str(event["ORGANIZER"])) == (call.starts_at, "mailto:thursday@example.org")
    assert "Why:       Public holiday." in mails[0].text
    assert "The entry in your calendar is taken back with this mail." in mails[0].text


def test_who_has_no_entry_gets_none_taken_back(session, site, now, told, taken_back, call, duo):
    talk = make_talk(session, duo, call, state=TalkState.CONFIRMED)
    notifying.notify_confirmed(session, talk, site=site, now=now)
    for mail in told():
        taken_back(mail)
    notifying.notify_cancelled(session, talk, was=occasion_of(call), reason="Holiday.", site=site, now=now)
    mails = told()
    assert [mail.method for mail in mails] == ["", ""]
    assert "calendar" not in mails[0].text.lower()


def test_who_was_never_asked_hears_of_no_cancellation(session, site, now, told, call, duo):
    talk = make_talk(session, duo, call)
    notifying.notify_cancelled(session, talk, was=occasion_of(call), reason="Holiday.", site=site, now=now)
    assert told() == []


def test_who_confirmed_is_not_asked_any_more(session, site, now, told, call, later, duo):
    talk = make_talk(session, duo, later, state=TalkState.INVITED)
    notifying.notify_moved(session, talk, was=occasion_of(call), site=site, now=now)
    questions = told()
    talk.state = TalkState.CONFIRMED
    for answer in talk.confirmations:
        answer.state = ConfirmationState.CONFIRMED
    notifying.notify_confirmed(session, talk, site=site, now=now)
    assert [mail.row.state for mail in questions] == [MailState.CANCELLED] * 2
    assert [mail.kind for mail in told()] == ["confirmed"] * 2


def test_who_was_invited_minutes_ago_and_has_read_nothing_hears_nothing(session, site, now, told, call, duo):
    talk = make_talk(session, duo, call, state=TalkState.INVITED)
    notifying.notify_invited(session, talk, site=site, now=now)
    sam, kim = told()
    sam.row.state = MailState.SENT
    notifying.notify_cancelled(session, talk, was=occasion_of(call), reason="Holiday.", site=site, now=now)
    assert [(mail.kind, mail.to) for mail in told()] == [("cancelled", "sam@example.org")]
    assert kim.row.state is MailState.CANCELLED


def test_a_series_without_a_mailbox_speaks_through_the_organizers(session, site, now, told, call, duo):
    call.series.role_address = ""
    talk = make_talk(session, duo, call, state=TalkState.CONFIRMED)
    notifying.notify_confirmed(session, talk, site=site, now=now)
    mail = told()[0]
    assert str(mail.event["ORGANIZER"]) == "mailto:organizers@example.org"
    assert dict(mail.message.headers)["Reply-To"] == "organizers@example.org"


def test_organizers_hear_of_a_speaker_who_cannot(session, site, now, told, call, later, duo):
    for name in ("Olu", "Ota"):
        make_person(session, name, role=Role.ORGANIZER)
    talk = make_talk(session, duo, call, state=TalkState.DECLINED)
    answer = talk.confirmations[0]
    answer.words, answer.wishes = "I travel that week.", [later.id]
    for _ in range(2):
        notifying.notify_declined_date(session, talk, confirmation=answer, site=site, now=now)
    mails = told()
    assert [(mail.kind, mail.to, mail.due_at) for mail in mails] == [
        ("declined_date", "olu@example.org", now),
        ("declined_date", "ota@example.org", now),
    ]
    assert "Sam Speaker cannot speak on this call" in mails[0].text
    assert "> I travel that week." in mails[0].text
    assert "- Europe Chapter and OSPOlogy: Thursday 17 December 2026" in mails[0].text
    assert "http://localhost/board" in mails[0].text


def test_a_no_without_words_or_wishes_says_no_more(session, site, now, told, call, duo):
    make_person(session, "Olu", role=Role.ORGANIZER)
    talk = make_talk(session, duo, call, state=TalkState.DECLINED)
    notifying.notify_declined_date(session, talk, confirmation=talk.confirmations[0], site=site, now=now)
    (mail,) = told()
    assert "They write" not in mail.text
    assert "They could do" not in mail.text


def test_a_talk_without_a_date_invites_nobody(session, site, now, call, duo):
    talk = make_talk(session, duo, call, state=TalkState.INVITED)
    talk.touchpoint = None
    with pytest.raises(RuleViolation, match="has no date"):
        notifying.notify_invited(session, talk, site=site, now=now)
