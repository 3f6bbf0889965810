"""Whoever takes back how a speaker is named changes all that we control, in one transaction, and gets a receipt."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.domain.attribution import Attribution
from app.domain.confirming import Answer
from app.domain.consent import Channel, Choices, consent_wording
from app.domain.errors import InvalidInput
from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.receipts import MailsOut, Receipt
from app.domain.states import MailState, ProposalState, TalkState
from app.domain.text import MAX_NOTE
from app.domain.wording import STANDARD
from app.mail.reading import read_message
from app.models import AuditEvent, Consent, OutboxMessage, Publication, Retraction, Speaker
from app.services import confirming, notifying, retracting
from app.services.auditing import LINK, Actor
from app.services.board_moves import occasion_of
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

NAMED = Choices(Attribution.NAME_AND_AFFILIATION, recording=True, slides=None)
UNNAMED = Choices(Attribution.NONE, recording=True, slides=None)
LATER = timedelta(days=1000)


@pytest.fixture
def call(session, site, now):
    """Of 40 minutes for talks: Sam and Kim hold one of them, Tia another."""
    return make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14), talk_minutes=40)


@pytest.fixture
def talk(session, call, site, now):
    duo = (make_speaker("Sam Speaker"), make_speaker("Kim Speaker", affiliation="Heron Works"))
    talk = confirmed(session, call, "Upstream first at a railway operator", duo)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return talk


@pytest.fixture
def sam(talk):
    return talk.confirmations[0]


@pytest.fixture
def choose(session, sam, site, now):
    def choose(choices=UNNAMED, *, after=timedelta(), by=LINK):
        return retracting.choose_naming(session, sam, choices, by=by, site=site, now=now + after)

    return choose


def confirmed(session, call, title, speakers, *, position=0):
    proposal = make_proposal(session, title, state=ProposalState.ACCEPTED, speakers=speakers, email=speakers[0].email)
    return make_talk(session, proposal, call, state=TalkState.CONFIRMED, position=position)


def public(session, call):
    row = session.get(Publication, call.id)
    return [talk["speakers"] for talk in row.value["talks"]], row.sequence


def waiting(session, kind):
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id))
    return list(rows)


def words(row):
    message = read_message(row.message)
    return message.text + message.html + message.calendar.replace("\r\n ", "")


def everything_left(session, now):
    session.execute(update(OutboxMessage).values(state=MailState.SENT, sent_at=now))


def consents(session, confirmation):
    rows = session.scalars(select(Consent).where(Consent.confirmation_id == confirmation.id).order_by(Consent.id))
    return [(row.attribution, row.recording, row.slides, row.channel, row.given_at) for row in rows]


def test_a_name_goes_from_the_publication_years_after_the_call(session, talk, call, choose, now):
    assert public(session, call) == ([["Sam Speaker, Kestrel Works", "Kim Speaker, Heron Works"]], 0)

    row = choose(after=LATER)

    assert public(session, call) == ([["A speaker", "Kim Speaker, Heron Works"]], 1)
    assert session.get(Publication, call.id).last_modified == now + LATER
    receipt = Receipt.from_json(row.receipt)
    assert (receipt.at, receipt.before, receipt.now, receipt.by_organizer) == (now + LATER, NAMED, UNNAMED, False)
    [served] = receipt.calls
    assert (served.key, served.sequence, served.last_modified, served.changed) == (call.key, 1, now + LATER, True)


def test_each_choice_is_kept_with_its_way_time_and_wording(session, sam, choose, now):
    choose()
    olu = make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    sam_signed_in = make_person(session, "Sam Speaker")
    choose(NAMED, after=LATER, by=Actor(LINK.door, sam_signed_in))
    choose(UNNAMED, after=LATER, by=Actor.signed_in(olu))

    assert consents(session, sam) == [
        (Attribution.NONE, True, None, Channel.LINK, now),
        (Attribution.NAME_AND_AFFILIATION, True, None, Channel.SIGNED_IN, now + LATER),
        (Attribution.NONE, True, None, Channel.ORGANIZER, now + LATER),
    ]
    rows = session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [row.person_id for row in rows] == [None, sam_signed_in.id, olu.id]
    assert {row.wording for row in rows} == {consent_wording(STANDARD.version)}


def test_what_is_withheld_holds_for_later_dates_and_what_is_revealed_for_this_talk_alone(session, sam, choose):
    choose()
    choose(NAMED)
    assert (sam.attribution, sam.speaker.attribution) == (Attribution.NAME_AND_AFFILIATION, Attribution.NONE)
    choose(Choices(Attribution.NONE, recording=False, slides=None))
    choose()
    assert (sam.recording_consent, sam.speaker.recording_consent) == (True, False)


def test_to_allow_more_makes_no_receipt(session, talk, call, choose):
    choose()
    assert choose(NAMED) is None
    assert public(session, call) == ([["Sam Speaker, Kestrel Works", "Kim Speaker, Heron Works"]], 2)
    assert len(waiting(session, "retracted")) == 1


def test_naming_and_recording_must_be_chosen(session, choose):
    with pytest.raises(InvalidInput) as error:
        choose(Choices(None, None, None))
    assert error.value.errors == {
        "attribution": "Choose how you may be named.",
        "recording_consent": "Choose whether your talk may be recorded.",
    }


def test_the_word_for_sentences_ends_with_the_naming_it_was_given_with(session, sam, choose):
    sam.agreed_sentences = ["Sam says so."]
    choose(Choices(Attribution.NAME_AND_AFFILIATION, recording=False, slides=None))
    assert sam.agreed_sentences == ["Sam says so."]
    choose()
    assert sam.agreed_sentences == []


def test_mails_to_co_speakers_that_have_not_left_are_written_anew_in_their_place(session, talk, sam, choose, site, now):
    notifying.notify_confirmed(session, talk, site=site, now=now)
    notifying.notify_upcoming(session, talk, step=3, site=site, now=now)
    before = [(row.id, row.dedup, row.message_id, row.due_at, row.entry_sequence) for row in everybody(session)]
    to_kim = [row for row in everybody(session) if row.recipient == "kim@example.org"]
    assert all("Sam Speaker, Kestrel Works" in words(row) for row in to_kim)

    receipt = Receipt.from_json(choose().receipt)

    session.expire_all()
    after = [(row.id, row.dedup, row.message_id, row.due_at, row.entry_sequence) for row in everybody(session)]
    assert after[:-1] == before
    assert not any("Sam Speaker" in words(row) or "Kestrel" in words(row) for row in to_kim)
    assert (receipt.rewritten, receipt.entries, receipt.to_speakers) == (4, 0, MailsOut())


def everybody(session):
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


@pytest.mark.parametrize("kind", ["invited", "reminded", "moved", "thanked", "updated"])
def test_each_kind_of_mail_that_names_co_speakers_follows(session, talk, call, choose, kind, site, now):
    """Also one that was given up, and may be sent again."""
    moment = {"site": site, "now": now}
    if kind in ("updated", "moved"):
        notifying.notify_confirmed(session, talk, **moment)
        everything_left(session, now)
        talk.proposal.title = "Another title"
    if kind in ("invited", "reminded", "moved"):
        for answer in talk.confirmations:
            answer.state = "asked"
    was = occasion_of(call)
    call.starts_at += timedelta(days=7) if kind == "moved" else timedelta()
    extra = {"moved": {"was": was}}.get(kind, {})
    getattr(notifying, f"notify_{kind}")(session, talk, **extra, **moment)
    session.execute(update(OutboxMessage).where(OutboxMessage.kind == kind).values(state=MailState.PARKED))
    [to_kim] = [row for row in waiting(session, kind) if row.recipient == "kim@example.org"]
    assert "Sam Speaker" in words(to_kim)

    choose()

    session.refresh(to_kim)
    assert (to_kim.state, "Sam Speaker" in words(to_kim)) == (MailState.PARKED, False)


def test_a_mail_that_a_worker_tries_keeps_what_it_tells_but_is_not_tried_again_with_those_words(
    session, talk, choose, site, now
):
    notifying.notify_confirmed(session, talk, site=site, now=now)
    session.execute(update(OutboxMessage).values(state=MailState.LEASED))

    receipt = Receipt.from_json(choose().receipt)

    session.expire_all()
    [to_kim] = [row for row in waiting(session, "confirmed") if row.recipient == "kim@example.org"]
    assert "Sam Speaker" not in words(to_kim)
    assert receipt.to_speakers == MailsOut(1, now, now)
    assert [row.recipient for row in waiting(session, "updated")] == ["sam@example.org", "kim@example.org"]


def test_entries_in_the_calendars_of_all_speakers_on_the_call_follow_once(session, talk, call, choose, site, now):
    other = confirmed(session, call, "Licences at scale", (make_speaker("Tia Third"),), position=1)
    for each in (talk, other):
        notifying.notify_confirmed(session, each, site=site, now=now)
    everything_left(session, now)

    receipt = Receipt.from_json(choose(after=timedelta(minutes=1)).receipt)

    rows = waiting(session, "updated")
    assert [row.recipient for row in rows] == ["sam@example.org", "kim@example.org", "tia@example.org"]
    assert {row.entry_sequence for row in rows} == {1}
    assert {row.due_at for row in rows} == {now + timedelta(minutes=1)}
    assert not any("Sam Speaker, Kestrel" in words(row) for row in rows)
    assert "A speaker is not named any more as before." in words(rows[2])
    assert (receipt.entries, receipt.to_speakers) == (3, MailsOut(2, now, now))
    choose(NAMED)
    assert len(waiting(session, "updated")) == 3


def test_mails_of_an_earlier_release_count_where_they_are_about_this_talk(session, talk, call, choose, site, now):
    other = confirmed(session, call, "Licences at scale", (make_speaker("Tia Third"),), position=1)
    for each in (talk, other):
        notifying.notify_upcoming(session, each, step=3, site=site, now=now)
    session.execute(update(OutboxMessage).values(state=MailState.SENT, sent_at=now, tells=None))

    assert Receipt.from_json(choose().receipt).to_speakers == MailsOut(1, now, now)


def test_a_first_answer_that_withholds_takes_nothing_back_but_changes_what_waits(session, call, site, now):
    duo = (make_speaker("Sam Speaker"), make_speaker("Kim Speaker"))
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=duo, email="sam@example.org")
    asked = make_talk(session, proposal, call, state=TalkState.INVITED)
    notifying.notify_invited(session, asked, site=site, now=now)
    [to_kim] = [row for row in waiting(session, "invited") if row.recipient == "kim@example.org"]
    assert "Sam Speaker" in words(to_kim)

    answer = Answer(proposal.title, proposal.abstract, Attribution.NONE, recording_consent=False, slides_consent=True)
    confirming.confirm_talk(session, asked.confirmations[0], answer, by=LINK, site=site, now=now)

    session.refresh(to_kim)
    assert "Sam Speaker" not in words(to_kim)
    assert consents(session, asked.confirmations[0]) == [(Attribution.NONE, False, True, Channel.LINK, now)]
    assert session.scalars(select(Retraction)).all() == []


def test_a_talk_without_a_date_has_its_receipt_too(session, talk, sam, choose):
    talk.touchpoint, talk.position, talk.state = None, None, TalkState.RELEASED

    receipt = Receipt.from_json(choose().receipt)

    assert (receipt.calls, receipt.takes_back_naming) == ((), True)


def test_of_a_call_that_was_never_published_no_version_is_told(session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14))
    own = confirmed(session, call, "Upstream first", (make_speaker(),)).confirmations[0]

    row = retracting.choose_naming(session, own, UNNAMED, by=LINK, site=site, now=now)

    assert Receipt.from_json(row.receipt).calls == ()


def test_a_speaker_without_an_address_gets_no_mail_but_a_receipt(session, sam, choose):
    sam.speaker.email = None
    session.commit()
    assert choose() is not None
    assert waiting(session, "retracted") == []


def test_where_only_the_recording_is_taken_back_no_mail_is_counted(session, talk, choose, site, now):
    notifying.notify_confirmed(session, talk, site=site, now=now)
    everything_left(session, now)
    receipt = Receipt.from_json(choose(Choices(Attribution.NAME_AND_AFFILIATION, recording=False, slides=None)).receipt)
    assert (receipt.takes_back_naming, receipt.to_speakers) == (False, MailsOut())


def test_a_cross_shared_talk_has_a_level_of_its_own_on_each_call(session, talk, call, choose, site, now):
    friday = make_series(session, "friday", name="General Member")
    other_call = make_touchpoint(session, friday, datetime(2026, 12, 11, 17, 30))
    other = make_talk(session, talk.proposal, other_call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, other_call, site=site, now=now)

    choose()

    assert public(session, call)[0] == [["A speaker", "Kim Speaker, Heron Works"]]
    assert public(session, other_call)[0] == [["Sam Speaker, Kestrel Works", "Kim Speaker, Heron Works"]]
    assert other.confirmations[0].attribution is Attribution.NAME_AND_AFFILIATION


def test_named_nowhere_holds_for_every_talk_and_proposal_of_the_address(session, talk, call, sam, site, now):
    past = make_touchpoint(session, call.series, datetime(2024, 5, 2, 14))
    old = confirmed(session, past, "An old talk", (make_speaker("S. Speaker", email="sam@example.org"),))
    publish_touchpoint(session, past, site=site, now=now)
    offered = make_proposal(session, "Not placed yet", speakers=(make_speaker(),))
    draft = make_proposal(session, "A draft", state=ProposalState.DRAFT, speakers=(make_speaker(),))

    rows = retracting.leave_unnamed(session, "sam@example.org", by=LINK, site=site, now=now)

    assert [row.confirmation for row in rows] == [sam, old.confirmations[0]]
    assert (public(session, call)[0], public(session, past)[0]) == (
        [["A speaker", "Kim Speaker, Heron Works"]],
        [["A speaker"]],
    )
    levels = {speaker.proposal.title: speaker.attribution for speaker in session.scalars(own_speakers())}
    assert levels == {
        talk.proposal.title: Attribution.NONE,
        "An old talk": Attribution.NONE,
        offered.title: Attribution.NONE,
        draft.title: Attribution.NAME_AND_AFFILIATION,
    }
    [mail] = waiting(session, "retracted")
    assert (mail.recipient, mail.subject) == ("sam@example.org", "How you are named has changed: 2 talks")
    assert retracting.leave_unnamed(session, "sam@example.org", by=LINK, site=site, now=now) == []


def own_speakers():
    return select(Speaker).where(Speaker.email == "sam@example.org")


def stricter(session, confirmation, choices, site, now, reason="Their employer asked."):
    olu = make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    return retracting.make_stricter(
        session, confirmation, choices, reason=reason, by=Actor.signed_in(olu), site=site, now=now
    )


def test_an_organizer_makes_it_stricter_on_a_past_call_with_a_reason_kept_private(session, sam, call, site, now):
    row = stricter(session, sam, Choices(Attribution.ROLE, recording=True, slides=None), site, now + LATER)

    assert public(session, call)[0] == [["An OSPO member", "Kim Speaker, Heron Works"]]
    assert Receipt.from_json(row.receipt).by_organizer is True
    assert (sam.consents[-1].channel, sam.consents[-1].reason) == (Channel.ORGANIZER, "Their employer asked.")
    [mail] = waiting(session, "retracted")
    assert "An organizer has made stricter what may be public of you." in words(mail)
    assert "employer asked" not in words(mail)
    details = session.scalars(select(AuditEvent.detail)).all()
    assert not any("employer" in str(detail) for detail in details)


@pytest.mark.parametrize(
    ("choices", "reason", "errors"),
    [
        (
            Choices(Attribution.NAME_AND_AFFILIATION, recording=True, slides=True),
            "x",
            {"attribution": "Only the speaker can allow more than now, which is “Name and affiliation”."},
        ),
        (NAMED, "x", {"attribution": "Choose something stricter than what holds now."}),
        (UNNAMED, " ", {"reason": "Say why. Only organizers read it, and the speaker where they ask for their data."}),
        (UNNAMED, "x" * (MAX_NOTE + 1), {"reason": f"At most {MAX_NOTE} characters; these are {MAX_NOTE + 1}."}),
    ],
)
def test_an_organizer_can_only_make_it_stricter_and_says_why(session, sam, choices, reason, errors, site, now):
    with pytest.raises(InvalidInput) as error:
        stricter(session, sam, choices, site, now, reason)
    assert error.value.errors == errors


def test_of_a_members_only_series_nothing_public_changes(session, site, now):
    series = make_series(session, "friday", audience=Audience.MEMBERS)
    call = make_touchpoint(session, series, datetime(2026, 12, 11, 17, 30))
    own = confirmed(session, call, "For members", (make_speaker(),)).confirmations[0]
    publish_touchpoint(session, call, site=site, now=now)

    row = retracting.choose_naming(session, own, UNNAMED, by=LINK, site=site, now=now)

    [served] = Receipt.from_json(row.receipt).calls
    assert (served.changed, served.sequence) == (False, 0)
