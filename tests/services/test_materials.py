"""A speaker gives slides and decides on the recording; the archive shows it as everybody agreed."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.domain.consent import Channel
from app.domain.errors import Conflict, InvalidInput, NotFound, RuleViolation
from app.domain.receipts import Receipt
from app.domain.states import ProposalState, TalkState
from app.models import AuditEvent, Publication, Retraction
from app.services import links, materials, publishing
from app.services.auditing import LINK
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

SLIDES = "https://slides.example.org/upstream,first"


@pytest.fixture
def call(session):
    return make_touchpoint(session, make_series(session), datetime(2026, 11, 19, 14, 0))


@pytest.fixture
def talk(session, call, site, now):
    speakers = (make_speaker("Sam Speaker"), make_speaker("Tia Speaker"))
    talk = make_talk(
        session,
        make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers),
        call,
        state=TalkState.CONFIRMED,
    )
    talk.recording_url = "https://video.example.org/1"
    talk.confirmations[1].slides_consent = True
    publishing.publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return talk


@pytest.fixture
def give(session, talk, site, now):
    def give(**changes):
        values = {"slides_url": SLIDES, "recording": True, "slides": True, "version": talk.version} | changes
        materials.give_materials(session, talk.confirmations[0], **values, by=LINK, site=site, now=now)

    return give


def shown(session, call):
    [talk] = session.get(Publication, call.id).value["talks"]
    return talk["slides_url"], talk["recording_url"]


def actions(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


def test_slides_stand_in_the_archive_at_once(session, talk, call, give):
    assert shown(session, call) == ("", talk.recording_url)
    give()
    assert shown(session, call) == (SLIDES, talk.recording_url)
    assert actions(session) == ["talk.slides_given", "confirmation.materials_decided"]


def test_slides_are_shown_once_every_speaker_has_said_yes_to_it(session, talk, call, give):
    talk.confirmations[1].slides_consent = None
    session.commit()
    give()
    assert shown(session, call) == ("", talk.recording_url)
    talk.confirmations[1].slides_consent = True
    give(slides=False)
    assert shown(session, call) == ("", talk.recording_url)
    give()
    assert shown(session, call) == (SLIDES, talk.recording_url)
    consents = talk.confirmations[0].consents
    assert [(each.slides, each.recording, each.channel) for each in consents] == [
        (True, True, Channel.LINK),
        (False, True, Channel.LINK),
        (True, True, Channel.LINK),
    ]


def test_slides_that_were_shown_and_are_not_any_more_have_a_receipt(session, give):
    give()
    give(slides=False)
    [row] = session.scalars(select(Retraction)).all()
    assert Receipt.from_json(row.receipt).changes == ("Slides: were shown if there are any, are not shown.",)


def test_a_no_takes_the_recording_out_and_holds_for_later_dates(session, talk, call, give):
    give(slides_url="", recording=False)
    assert shown(session, call) == ("", "")
    speaker = talk.confirmations[0].speaker
    assert (talk.confirmations[0].recording_consent, speaker.recording_consent) == (False, False)
    assert talk.confirmations[1].recording_consent is True
    assert actions(session) == ["confirmation.materials_decided", "retraction.made"]
    give(slides_url="", recording=True)
    assert shown(session, call) == ("", talk.recording_url)
    assert speaker.recording_consent is False  # a yes is for this talk alone


def test_the_same_again_changes_nothing(session, give):
    give()
    give()
    assert actions(session) == ["talk.slides_given", "confirmation.materials_decided"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"slides_url": "slides.example.org"}, ["slides_url"]),
        ({"slides_url": "https://x.example.org/" + "a" * 500}, ["slides_url"]),
        ({"slides_url": "https://example.zoom.us/j/123?pwd=secret"}, ["slides_url"]),
        ({"slides_url": "javascript:alert(1)", "recording": None}, ["slides_url", "recording"]),
        ({"slides": None}, ["slides"]),
    ],
)
def test_what_cannot_be_is_refused(session, talk, call, give, changes, fields):
    with pytest.raises(InvalidInput) as refused:
        give(**changes)
    assert list(refused.value.errors) == fields
    session.rollback()
    assert (shown(session, call), actions(session)) == (("", talk.recording_url), [])


def test_a_stale_page_writes_nothing_over(session, talk, give):
    seen = talk.version
    give()
    with pytest.raises(Conflict):
        give(slides_url="", version=seen)
    session.rollback()
    assert talk.slides_url == SLIDES


def test_a_talk_without_a_date_takes_nothing(session, talk, give):
    talk.state, talk.touchpoint, talk.position = TalkState.RELEASED, None, None
    session.commit()
    with pytest.raises(RuleViolation):
        give()
    assert not materials.takes_materials(talk)


def test_the_link_opens_this_page_alone(session, talk, site):
    answer = talk.confirmations[0]
    token = links.materials_path(answer, site=site).rpartition("/")[2]
    assert links.find_materials(session, token, site=site) is answer
    with pytest.raises(NotFound):
        links.find_confirmation(session, token, site=site)
    with pytest.raises(NotFound):
        links.find_materials(session, links.confirmation_path(answer, site=site).rpartition("/")[2], site=site)
