"""A speaker is not named by free text either: from the answer to the feed, past every later change and retraction."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.confirming import Answer
from app.domain.consent import Choices
from app.domain.errors import InvalidInput
from app.domain.states import ProposalState, TalkState
from app.models import OutboxMessage, Publication
from app.services import publishing
from app.services.auditing import COMMAND, LINK
from app.services.confirming import confirm_talk
from app.services.notifying import notify_invited
from app.services.placing import move_talk, release_talk
from app.services.proposing import withdraw_proposal
from app.services.retracting import choose_naming
from app.services.scheduling import skip_touchpoint
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

TITLE = "Upstream by Sam"
ABSTRACT = "Sam Speaker (KESTREL-WORKS, sam@example.org) shows it."
NEUTRAL = "An OSPO member (their organisation, an OSPO member) shows it."


@pytest.fixture
def call(session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    publishing.publish_touchpoint(session, call, site=site, now=now)
    return call


def talk_of(session, call, *speakers):
    proposal = make_proposal(session, TITLE, state=ProposalState.ACCEPTED, speakers=speakers)
    proposal.abstract = ABSTRACT
    return make_talk(session, proposal, call, state=TalkState.INVITED)


def published(session, call):
    row = session.scalars(select(Publication).where(Publication.touchpoint_id == call.id)).one()
    return row.value["talks"][0], row.vevent.decode().replace("\r\n ", ""), row.sequence


def test_role_only_with_the_own_name_in_the_abstract(session, call, site, now):
    talk = talk_of(session, call, make_speaker("Sam Speaker"))
    (sam,) = talk.confirmations
    silent = Answer(TITLE, ABSTRACT, Attribution.ROLE, recording_consent=False)
    with pytest.raises(InvalidInput):
        confirm_talk(session, sam, silent, by=LINK, site=site, now=now)

    open_first = Answer(TITLE, ABSTRACT, Attribution.NAME_AND_AFFILIATION, recording_consent=False)
    confirm_talk(session, sam, open_first, by=LINK, site=site, now=now)
    said, event, sequence = published(session, call)
    assert (said["title"], said["abstract"]) == (TITLE, ABSTRACT)

    choices = Choices(Attribution.ROLE, recording=False, slides=False)
    choose_naming(session, sam, choices, by=LINK, site=site, now=now)
    said, event, after = published(session, call)
    assert (said["title"], said["abstract"]) == ("Upstream by an OSPO member", NEUTRAL)
    assert [word for word in ("Sam", "KESTREL", "sam@") if word in event] == []
    assert after == sequence + 1

    talk.proposal.title = "Patches, by Speaker, Sam"  # whoever writes it later
    publishing.publish_touchpoint(session, call, site=site, now=now)
    assert published(session, call)[0]["title"] == "Patches, by an OSPO member"


def test_a_reason_and_a_part_of_the_agenda_name_nobody(session, call, site, now):
    talk = talk_of(session, call, make_speaker("Sam Speaker", attribution=Attribution.NONE))
    call.segments[0].title = "Welcome, Sam Speaker"
    confirm_talk(
        session,
        talk.confirmations[0],
        Answer("Upstream first", "Fine.", Attribution.NONE, recording_consent=False),
        by=LINK,
        site=site,
        now=now,
    )
    row = session.scalars(select(Publication)).one()
    assert row.value["agenda"][0]["title"] == "Welcome, a speaker"


def test_no_speaker_reads_in_a_mail_what_another_keeps_back(session, call, site, now):
    sam, ann = make_speaker("Sam Speaker", attribution=Attribution.ROLE), make_speaker("Ann Lee", affiliation="Bolt")
    talk = talk_of(session, call, sam, ann)
    notify_invited(session, talk, site=site, now=now)
    (told,) = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == "ann@example.org"))
    assert "by an OSPO member" in told.subject
    assert b"Sam" not in told.message


def test_why_a_call_is_skipped_does_not_say_who_would_have_spoken(session, call, site, now):
    talk_of(session, call, make_speaker("Sam Speaker"))
    how = {"version": call.version, "by": COMMAND, "site": site, "now": now}
    with pytest.raises(InvalidInput) as refused:
        skip_touchpoint(session, call, reason="Sam is ill.", **how)
    assert refused.value.errors["reason"].startswith("This is public, and says who would have spoken: “Sam”.")
    skip_touchpoint(session, call, reason="Our speaker is ill.", **how)
    assert call.reason == "Our speaker is ill."


def named_in_the_agenda(session, call):
    return session.scalars(select(Publication).where(Publication.touchpoint_id == call.id)).one().value["agenda"][0]


@pytest.mark.parametrize("state", [TalkState.HOLD, TalkState.INVITED])
def test_the_agenda_does_not_name_whoever_has_not_answered(session, call, site, now, state):
    call.segments[0].title = "Welcome, Sam Speaker"
    make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), call, state=state)
    publishing.publish_touchpoint(session, call, site=site, now=now)
    assert named_in_the_agenda(session, call)["title"] == "Welcome, a speaker"


def test_the_agenda_names_whoever_has_answered_for_another_talk_of_the_call(session, call, site, now):
    call.segments[0].title = "Welcome, Sam Speaker"
    make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), call, state=TalkState.CONFIRMED)
    make_talk(session, make_proposal(session, "More"), call, state=TalkState.INVITED, position=1)
    publishing.publish_touchpoint(session, call, site=site, now=now)
    assert named_in_the_agenda(session, call)["title"] == "Welcome, Sam Speaker"


@pytest.mark.parametrize("how", ["released", "moved", "withdrawn"])
def test_the_agenda_does_not_name_whoever_has_left_the_call(session, call, site, now, how):
    call.segments[0].title = "Welcome, Sam Speaker, and news of Kestrel Works"
    nowhere = make_speaker("Sam Speaker", attribution=Attribution.NONE)
    talk = make_talk(
        session,
        make_proposal(session, state=ProposalState.ACCEPTED, speakers=(nowhere,)),
        call,
        state=TalkState.INVITED,
    )
    how_else = {"by": COMMAND, "site": site, "now": now}
    if how == "released":
        release_talk(session, talk, version=talk.version, **how_else)
    elif how == "moved":
        onto = make_touchpoint(session, call.series, datetime(2026, 12, 24, 14, 0))
        move_talk(session, talk, onto=onto, version=talk.version, **how_else)
    else:
        withdraw_proposal(session, talk.proposal, **how_else)
    assert named_in_the_agenda(session, call)["title"] == "Welcome, a speaker, and news of Kestrel Works"


def test_the_texts_of_others_name_nobody_who_took_the_name_back(session, call, site, now):
    talk = talk_of(session, call, make_speaker("Sam Speaker"))
    (sam,) = talk.confirmations
    named = Answer(TITLE, ABSTRACT, Attribution.NAME_AND_AFFILIATION, recording_consent=False)
    confirm_talk(session, sam, named, by=LINK, site=site, now=now)
    later = make_touchpoint(session, call.series, datetime(2027, 1, 7, 14, 0))
    texts = {
        "ann@example.org": (
            "After Sam Speaker: patches",
            "As Sam Speaker (sam@example.org) of Kestrel Works said. Sam says more.",
        ),
        "speaker@example.net": ("Sam Speaker, the other one", "Sam Speaker is a common name."),
    }
    for position, (email, (title, abstract)) in enumerate(texts.items()):
        speaker = make_speaker("Ann Lee" if "ann" in email else "Sam Speaker", email=email, affiliation="Bolt")
        other = make_proposal(session, title, state=ProposalState.ACCEPTED, speakers=(speaker,), email=email)
        other.abstract = abstract
        make_talk(session, other, later, state=TalkState.CONFIRMED, position=position)
    publishing.publish_touchpoint(session, later, site=site, now=now)
    was = session.get(Publication, later.id).sequence

    choices = Choices(Attribution.NONE, recording=False, slides=False)
    receipt = choose_naming(session, sam, choices, by=LINK, site=site, now=now)

    row = session.get(Publication, later.id)
    assert [(each["title"], each["abstract"]) for each in row.value["talks"]] == [
        ("After a speaker: patches", "As a speaker (a speaker) of Kestrel Works said. Sam says more."),
        texts["speaker@example.net"],
    ]
    assert (row.sequence, [each["key"] for each in receipt.receipt["calls"]]) == (was + 1, [call.key, later.key])


def test_whoever_takes_back_only_the_affiliation_stays_named_by_others(session, call, site, now):
    talk = talk_of(session, call, make_speaker("Sam Speaker"))
    named = Answer("Upstream first", "Fine.", Attribution.NAME_AND_AFFILIATION, recording_consent=False)
    confirm_talk(session, talk.confirmations[0], named, by=LINK, site=site, now=now)
    other = make_proposal(session, "After Sam Speaker of Kestrel Works", state=ProposalState.ACCEPTED)
    make_talk(session, other, make_touchpoint(session, call.series, datetime(2027, 1, 7, 14, 0)))

    choose_naming(
        session,
        talk.confirmations[0],
        Choices(Attribution.NAME, recording=False, slides=False),
        by=LINK,
        site=site,
        now=now,
    )
    assert other.title == "After Sam Speaker of Kestrel Works"


def test_a_talk_that_waits_for_its_date_or_speakers_does_not_bring_the_name_back(session, call, site, now):
    talk = talk_of(session, call, make_speaker("Sam Speaker"))
    named = Answer("Upstream first", "Fine.", Attribution.NAME_AND_AFFILIATION, recording_consent=False)
    confirm_talk(session, talk.confirmations[0], named, by=LINK, site=site, now=now)
    others = [
        make_proposal(session, "After Sam Speaker", state=ProposalState.ACCEPTED, speakers=(make_speaker("Ann Lee"),))
        for _ in range(2)
    ]
    make_talk(session, others[0], make_touchpoint(session, call.series, datetime(2027, 1, 7, 14, 0)))

    choices = Choices(Attribution.NONE, recording=False, slides=False)
    receipt = choose_naming(session, talk.confirmations[0], choices, by=LINK, site=site, now=now)

    assert [other.title for other in others] == ["After a speaker", "After a speaker"]
    assert [each["key"] for each in receipt.receipt["calls"]] == [call.key]
