"""Speakers answer an invitation; the last yes publishes, and a no is off the public pages at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.domain.attribution import Attribution
from app.domain.confirming import Answer, checked_answer
from app.domain.consent import Channel, consent_wording
from app.domain.errors import Conflict, InvalidInput, RuleViolation
from app.domain.people import Role
from app.domain.proposals import SeriesPreference
from app.domain.states import ConfirmationState, MailState, ProposalState, TalkState
from app.domain.text import MAX_NOTE, MAX_TEXT
from app.domain.wording import STANDARD
from app.models import AuditEvent, NoticeWording, OutboxMessage, Publication
from app.services import confirming, publishing
from app.services.auditing import LINK, Actor
from app.services.consenting import keep_consent
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

TITLE, ABSTRACT = "Upstream first at a railway operator", "The audience sees how fixes go upstream."


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def call(session, series, site, now):
    touchpoint = make_touchpoint(session, series, datetime(2026, 12, 10, 14, 0))
    publishing.publish_touchpoint(session, touchpoint, site=site, now=now)
    return touchpoint


@pytest.fixture
def talk(session, call):
    return make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), call, state=TalkState.INVITED)


@pytest.fixture
def duo(session, call):
    """A talk of two speakers, both asked."""
    speakers = (make_speaker("Sam Speaker"), make_speaker("Kim Speaker", attribution=Attribution.ROLE))
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers)
    return make_talk(session, proposal, call, state=TalkState.INVITED)


def answer(attribution=Attribution.NAME, *, title=TITLE, abstract=ABSTRACT, recording=False):
    return Answer(title, abstract, attribution, recording)


def confirm(session, confirmation, site, now, given=None):
    confirming.confirm_talk(session, confirmation, given or answer(), by=LINK, site=site, now=now)


def published(session, touchpoint):
    value = session.get(Publication, touchpoint.id).value
    return [(talk["title"], talk["speakers"]) for talk in value["talks"]]


def mails(session):
    return [(row.kind, row.recipient) for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]


def test_the_only_speakers_yes_publishes_the_talk(session, talk, call, site, now):
    confirm(session, talk.confirmations[0], site, now)

    assert (talk.state, talk.confirmed_at) == (TalkState.CONFIRMED, now)
    assert published(session, call) == [(TITLE, ["Sam Speaker"])]
    assert mails(session) == [("confirmed", "sam@example.org")]
    actions = set(session.scalars(select(AuditEvent.action)))
    assert {"confirmation.confirmed", "talk.confirmed"} <= actions


def test_the_consent_is_dated_and_worded(session, talk, site, now):
    confirm(session, talk.confirmations[0], site, now, answer(Attribution.NONE, recording=True))

    own = talk.confirmations[0]
    assert (own.attribution, own.recording_consent, own.answered_at) == (Attribution.NONE, True, now)
    assert (own.speaker.consent_at, own.speaker.consent_wording) == (now, consent_wording(STANDARD.version))


def test_one_yes_of_two_publishes_nothing(session, duo, call, site, now):
    confirm(session, duo.confirmations[0], site, now)

    assert duo.state is TalkState.INVITED
    assert published(session, call) == []
    assert mails(session) == []


def test_the_last_yes_publishes_and_tells_both(session, duo, call, site, now):
    confirm(session, duo.confirmations[0], site, now)
    confirm(session, duo.confirmations[1], site, now, answer(Attribution.ROLE))

    assert published(session, call) == [(TITLE, ["Sam Speaker", "An OSPO member"])]
    assert sorted(mails(session)) == [("confirmed", "kim@example.org"), ("confirmed", "sam@example.org")]


def test_a_yes_while_the_other_asked_for_another_date_leaves_the_talk_declined(session, duo, site, now):
    first, second = duo.confirmations
    confirming.ask_for_another_date(session, first, wishes=[], words="On leave", by=LINK, site=site, now=now)

    confirm(session, second, site, now)

    assert duo.state is TalkState.DECLINED


def test_a_corrected_answer_changes_the_publication_and_the_title_in_the_calendar(session, talk, call, site, now):
    confirm(session, talk.confirmations[0], site, now)
    session.execute(update(OutboxMessage).values(state=MailState.SENT, sent_at=now))

    stricter = answer(Attribution.NONE, title="Upstream first, everywhere")
    confirm(session, talk.confirmations[0], site, now + timedelta(days=1), stricter)

    assert published(session, call) == [("Upstream first, everywhere", ["A speaker"])]
    assert [kind for kind, _ in mails(session)] == ["confirmed", "updated", "retracted"]
    assert b"Sam Speaker" not in session.get(Publication, call.id).vevent


def test_a_corrected_title_reaches_the_other_call_of_a_cross_shared_talk(session, series, call, site, now):
    friday = make_series(session, "friday")
    other_call = make_touchpoint(session, friday, datetime(2026, 12, 11, 17, 30))
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, preference=SeriesPreference.BOTH)
    first = make_talk(session, proposal, call, state=TalkState.INVITED)
    second = make_talk(session, proposal, other_call, state=TalkState.INVITED)
    confirm(session, first.confirmations[0], site, now)

    confirm(session, second.confirmations[0], site, now, answer(Attribution.NONE, title="A better title"))

    assert published(session, call) == [("A better title", ["Sam Speaker"])]
    assert published(session, other_call) == [("A better title", ["A speaker"])]


def test_another_date_takes_a_confirmed_talk_out_of_public_view_at_once(session, series, talk, call, site, now):
    make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    later = make_touchpoint(session, series, datetime(2026, 12, 24, 14, 0))
    confirm(session, talk.confirmations[0], site, now)

    confirming.ask_for_another_date(
        session, talk.confirmations[0], wishes=[later], words="A train strike", by=LINK, site=site, now=now
    )

    own = talk.confirmations[0]
    assert (talk.state, own.state) == (TalkState.DECLINED, ConfirmationState.DECLINED)
    assert (own.words, own.wishes) == ("A train strike", [later.id])
    assert published(session, call) == []
    assert b"STATUS:CANCELLED" in session.get(Publication, call.id).vevent
    assert "declined_date" in {kind for kind, _ in mails(session)}


def test_asking_for_another_date_needs_a_date_or_a_reason(session, talk, site, now):
    with pytest.raises(InvalidInput) as error:
        confirming.ask_for_another_date(
            session, talk.confirmations[0], wishes=[], words=" \n", by=LINK, site=site, now=now
        )
    assert error.value.errors == {"words": "Choose a date that suits you, or say why none does."}


def test_the_reason_has_a_length(session, talk, site, now):
    with pytest.raises(InvalidInput, match="At most 2000"):
        confirming.ask_for_another_date(
            session, talk.confirmations[0], wishes=[], words="x" * (MAX_TEXT + 1), by=LINK, site=site, now=now
        )


def test_a_yes_after_a_no_confirms(session, talk, call, site, now):
    own = talk.confirmations[0]
    confirming.ask_for_another_date(session, own, wishes=[], words="Perhaps not", by=LINK, site=site, now=now)

    confirm(session, own, site, now)

    assert (talk.state, own.words) == (TalkState.CONFIRMED, "")
    assert published(session, call) == [(TITLE, ["Sam Speaker"])]


def test_a_yes_after_a_no_is_refused_when_the_minutes_were_given_away(session, talk, call, site, now):
    confirming.ask_for_another_date(
        session, talk.confirmations[0], wishes=[], words="Cannot", by=LINK, site=site, now=now
    )
    make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), call, position=1)
    session.commit()
    for act in (
        lambda: confirm(session, talk.confirmations[0], site, now),
        lambda: confirming.confirm_on_behalf(
            session, talk.confirmations[0], note="By phone", by=LINK, site=site, now=now
        ),
    ):
        with pytest.raises(RuleViolation, match="have been given away meanwhile: 20 too many"):
            act()
        session.rollback()
    assert talk.state is TalkState.DECLINED


def test_a_hold_waits_for_no_answer(session, talk, site, now):
    talk.state = TalkState.HOLD

    with pytest.raises(RuleViolation, match="not waiting for an answer"):
        confirm(session, talk.confirmations[0], site, now)


def test_a_talk_without_a_date_waits_for_no_answer(session, talk, site, now):
    talk.touchpoint, talk.position, talk.state = None, None, TalkState.RELEASED

    with pytest.raises(RuleViolation, match="no date"):
        confirm(session, talk.confirmations[0], site, now)


def test_nobody_answers_after_the_call(session, talk, call, site):
    with pytest.raises(RuleViolation, match="is over"):
        confirm(session, talk.confirmations[0], site, call.ends_at)


def test_an_organizer_confirms_on_a_speakers_behalf_with_a_note(session, talk, call, site, now):
    olu = make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    talk.proposal.email = "sam@example.org"
    session.commit()

    confirming.confirm_on_behalf(
        session, talk.confirmations[0], note="Said yes on the phone.", by=Actor.signed_in(olu), site=site, now=now
    )

    own = talk.confirmations[0]
    assert (own.on_behalf_by, own.on_behalf_note) == (olu, "Said yes on the phone.")
    assert own.attribution is Attribution.NAME_AND_AFFILIATION
    assert published(session, call) == [(TITLE, ["Sam Speaker, Kestrel Works"])]


@pytest.mark.parametrize(
    ("channel", "named"), [(None, "A speaker"), (Channel.ORGANIZER, "A speaker"), (Channel.LINK, "Sam Speaker")]
)
def test_whoever_has_not_chosen_themselves_is_named_on_nobodys_word(session, talk, call, site, now, channel, named):
    """Vera proposed the talk with Sam, and said how Sam may be named: that is a wish, and no consent."""
    own = talk.confirmations[0]
    own.attribution = Attribution.NAME
    if channel:
        keep_consent(session, own, channel=channel, by=LINK, now=now)
    session.commit()
    olu = Actor.signed_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))

    confirming.confirm_on_behalf(session, own, note="By phone.", by=olu, site=site, now=now)

    assert published(session, call) == [(TITLE, [named])]
    assert own.consents[-1].channel is Channel.ORGANIZER


def test_an_organizer_may_confirm_a_hold(session, talk, call, site, now):
    olu = make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    talk.state, talk.confirmations[0].state = TalkState.HOLD, ConfirmationState.WAITING

    confirming.confirm_on_behalf(
        session, talk.confirmations[0], note="By mail.", by=Actor.signed_in(olu), site=site, now=now
    )

    assert talk.state is TalkState.CONFIRMED


@pytest.mark.parametrize(
    ("note", "said"), [(" ", "Say how and when the speaker confirmed."), ("x" * (MAX_NOTE + 1), "At most 4000")]
)
def test_confirming_on_behalf_needs_a_note_of_some_length(session, talk, site, now, note, said):
    with pytest.raises(InvalidInput, match=said):
        confirming.confirm_on_behalf(session, talk.confirmations[0], note=note, by=LINK, site=site, now=now)


def test_nobody_confirms_on_behalf_of_somebody_who_did(session, talk, site, now):
    confirm(session, talk.confirmations[0], site, now)

    with pytest.raises(RuleViolation, match="has confirmed already"):
        confirming.confirm_on_behalf(session, talk.confirmations[0], note="Again", by=LINK, site=site, now=now)


def test_an_answer_is_cleaned():
    given = checked_answer(
        title="  Upstream\r\nfirst \x00 ",
        abstract="One.\r\nTwo.",
        attribution=Attribution.NONE,
        recording_consent=False,
    )

    assert given == Answer("Upstream first", "One.\nTwo.", Attribution.NONE, recording_consent=False)


def test_an_answer_lists_all_that_is_missing():
    with pytest.raises(InvalidInput) as error:
        checked_answer(title="Short", abstract="", attribution=None, recording_consent=None)

    assert error.value.errors == {
        "title": "Give the talk a title of 8 to 90 characters.",
        "abstract": "Say what people will take away.",
        "attribution": "Choose how you may be named.",
        "recording_consent": "Choose whether your talk may be recorded.",
    }


def test_an_answer_has_lengths_and_no_join_links():
    with pytest.raises(InvalidInput) as error:
        checked_answer(
            title="Join https://zoom.us/j/123?pwd=secret",
            abstract="x" * (MAX_TEXT + 1),
            attribution=Attribution.NONE,
            recording_consent=False,
        )

    assert list(error.value.errors) == ["abstract", "title"]
    assert "join link" in error.value.errors["title"]


def test_a_consent_names_the_notice_that_the_speaker_saw(session, talk, site, now):
    seen = confirming.sight_of(session, talk)
    other = NoticeWording(number=1, sentences={"asks": "Tell nobody who said what, or where they work."}, made_at=now)
    session.add(other)
    session.commit()
    publishing.publish_touchpoint(session, talk.touchpoint, site=site, now=now)

    with pytest.raises(Conflict, match="notice has changed"):
        confirming.confirm_talk(session, talk.confirmations[0], answer(), seen=seen, by=LINK, site=site, now=now)
    session.rollback()
    publishing.publish_touchpoint(session, talk.touchpoint, site=site, now=now)
    seen = confirming.sight_of(session, talk)
    confirming.confirm_talk(session, talk.confirmations[0], answer(), seen=seen, by=LINK, site=site, now=now)

    own = talk.confirmations[0]
    assert (own.consents[-1].wording, own.speaker.consent_wording) == ("2026-2/1", "2026-2/1")


def test_a_yes_to_a_text_that_has_changed_since_is_a_conflict(session, talk, site, now):
    seen = confirming.sight_of(session, talk)
    talk.proposal.title = "Another title altogether"
    session.commit()

    with pytest.raises(Conflict, match="has changed"):
        confirming.confirm_talk(session, talk.confirmations[0], answer(), seen=seen, by=LINK, site=site, now=now)
