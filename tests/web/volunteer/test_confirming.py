"""The confirm page: opened from a mail without signing in, and harmless to a machine that only opens it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.received import CalendarAnswer
from app.domain.states import ConfirmationState, ProposalState, TalkState
from app.models import CalendarReply, Confirmation, Publication
from app.services import links, publishing
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

YES = {
    "title": "Upstream first at a railway operator",
    "abstract": "The audience sees it.",
    "attribution": "role",
    "recording_consent": "no",
}


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def talk(session, series, site, now):
    call = make_touchpoint(session, series, datetime(2026, 12, 10, 14, 0))
    publishing.publish_touchpoint(session, call, site=site, now=now)
    speakers = (make_speaker("Sam Speaker", zone="Asia/Tokyo"),)
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers)
    return make_talk(session, proposal, call, state=TalkState.INVITED)


@pytest.fixture
def path(talk, site):
    return links.confirmation_path(talk.confirmations[0], site=site)


def test_the_page_says_when_in_both_zones_and_how_named(path, visitor):
    page = visitor.get(path).text

    assert "Thursday 10 December 2026" in page
    assert "22:00–23:00" in page  # in Tokyo
    assert "Thursday 10 December 2026, 14:00–15:00 Madrid" in page
    assert "night where you are" in page
    assert "Sam Speaker, Kestrel Works" in page


def test_whoever_accepted_in_their_calendar_is_told_what_is_missing(path, visitor, talk, session, now):
    said = "Your calendar has said yes to this date."
    (sam,) = talk.confirmations
    assert said not in visitor.get(path).text
    sam.calendar_reply = CalendarReply(
        answer=CalendarAnswer.ACCEPTED, sequence=talk.sequence, stamp=now, received_at=now, words="", proposed=""
    )
    assert said in visitor.get(path).text
    sam.calendar_reply.answer = CalendarAnswer.TENTATIVE
    assert said not in visitor.get(path).text
    sam.calendar_reply.answer, sam.state = CalendarAnswer.ACCEPTED, ConfirmationState.CONFIRMED
    assert said not in visitor.get(path).text


def test_a_browser_elsewhere_is_told_its_own_time_too(path, visitor):
    said = "Thursday 10 December 2026, 08:00–09:00 New York, where this browser is"
    assert said not in visitor.get(path).text

    visitor.client.set_cookie("tz", "America/New_York")
    assert said in visitor.get(path).text


def test_nobody_is_asked_to_answer_who_has(session, path, visitor):
    assert "Please answer by" in visitor.get(path).text

    session.scalars(select(Confirmation)).one().state = ConfirmationState.CONFIRMED
    session.flush()
    assert "Please answer by" not in visitor.get(path).text


def test_opening_every_link_of_the_page_changes_nothing(session, path, talk, visitor):
    for each in (path, f"{path}/withdraw"):
        assert visitor.get(each).status_code == 200

    session.refresh(talk)
    assert (talk.state, talk.confirmations[0].state) == (TalkState.INVITED, ConfirmationState.ASKED)


def test_the_page_is_private(path, visitor):
    answer = visitor.get(path)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in answer.text


def test_a_yes_publishes_with_the_chosen_attribution(session, path, talk, visitor):
    assert visitor.post(path, YES).status_code == 303

    value = session.get(Publication, talk.touchpoint_id).value
    assert value["talks"][0]["speakers"] == ["An OSPO member"]
    assert "You have confirmed." in visitor.get(path).text


def test_a_window_from_before_brings_back_no_name_and_keeps_the_text(session, path, talk, visitor):
    old = visitor.get(path).text.split('name="held" value="')[1].split('"')[0]
    visitor.post(path, {**YES, "attribution": "none"})
    answer = visitor.post(path, {**YES, "title": "My own new title", "held": old})
    assert (answer.status_code, "has changed since you opened this page" in answer.text) == (409, True)
    assert ('value="none" checked' in answer.text, "My own new title" in answer.text) == (True, True)
    session.expire_all()
    assert talk.confirmations[0].attribution is Attribution.NONE


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "Short", "Give the talk a title of 8 to 90 characters."),
        ("abstract", "", "Say what people will take away."),
        ("attribution", "", "Choose how you may be named."),
        ("attribution", "everything", "Choose how you may be named."),
        ("recording_consent", "", "Choose whether your talk may be recorded."),
    ],
)
def test_an_incomplete_yes_keeps_what_was_typed(session, path, talk, visitor, field, value, said):
    answer = visitor.post(path, {**YES, "abstract": "My own new words", field: value})

    assert answer.status_code == 422
    assert said in answer.text
    assert field == "abstract" or "My own new words" in answer.text
    session.refresh(talk)
    assert talk.state is TalkState.INVITED


def test_the_preview_is_made_of_the_form(session, path, talk, visitor):
    shown = visitor.post(f"{path}/preview", {**YES, "attribution": "affiliation", "title": "<i>New</i> title"}).text

    assert "Someone from Kestrel Works" in shown
    assert "Sam Speaker" not in shown
    assert "&lt;i&gt;New&lt;/i&gt; title" in shown
    session.refresh(talk.proposal)
    assert talk.proposal.title == "Upstream first at a railway operator"


def test_the_preview_is_recorded_only_if_every_speaker_agrees(session, talk, path, visitor):
    second = make_speaker("Kim Speaker", recording_consent=False)
    second.position = 1
    talk.proposal.speakers.append(second)
    talk.confirmations.append(Confirmation(speaker=second, attribution=Attribution.NONE, recording_consent=False))

    assert "Not recorded" in visitor.post(f"{path}/preview", {**YES, "recording_consent": "yes"}).text
    session.refresh(talk)
    talk.confirmations[1].recording_consent = True
    assert "This talk is recorded" in visitor.post(f"{path}/preview", {**YES, "recording_consent": "yes"}).text


def test_a_speaker_asks_for_another_date(session, series, path, talk, visitor):
    free = make_touchpoint(session, series, datetime(2026, 12, 24, 14, 0))
    full = make_touchpoint(session, series, datetime(2027, 1, 7, 14, 0))
    make_talk(session, make_proposal(session, "Full", state=ProposalState.ACCEPTED), full)

    offered = visitor.get(path).text
    answer = visitor.post(f"{path}/another-date", {"wish": [free.key, full.key], "words": "A <strike>"})

    assert (free.key in offered, full.key in offered) == (True, False)
    assert answer.status_code == 303
    session.refresh(talk.confirmations[0])
    assert talk.confirmations[0].wishes == [free.id]
    assert "You asked for another date." in visitor.get(path).text
    assert "A &lt;strike&gt;" in visitor.get(path).text


def test_asking_for_another_date_needs_words_or_a_date(session, path, talk, visitor):
    answer = visitor.post(f"{path}/another-date", {"words": ""})

    assert answer.status_code == 422
    assert "Choose a date that suits you, or say why none does." in answer.text


def test_a_speaker_withdraws(session, path, talk, visitor):
    assert "cannot be undone" in visitor.get(f"{path}/withdraw").text

    assert visitor.post(f"{path}/withdraw").status_code == 303

    session.refresh(talk.proposal)
    assert talk.proposal.state is ProposalState.WITHDRAWN
    assert "was withdrawn" in visitor.get(path).text


def test_a_talk_without_a_date_says_so(session, path, talk, visitor):
    talk.touchpoint, talk.position, talk.state = None, None, TalkState.RELEASED

    assert "has no date at the moment" in visitor.get(path).text
    assert visitor.post(path, YES).status_code == 422
    assert visitor.post(f"{path}/another-date", {"words": "Any Monday"}).status_code == 422
    assert "Upstream" in visitor.post(f"{path}/preview", YES).text


def test_after_the_call_there_is_nothing_to_answer(path, visitor, clock):
    clock.advance(timedelta(days=60))

    assert "This call is over." in visitor.get(path).text
    assert visitor.post(path, YES).status_code == 422


@pytest.mark.parametrize("forged", ["x", "WzEsImFiYyJd.abc", "%00", "a" * 3000])
def test_a_forged_link_opens_nothing(forged, visitor):
    assert visitor.get(f"/confirm/{forged}").status_code == 404
    assert visitor.post(f"/confirm/{forged}", YES).status_code == 404


def test_a_link_of_another_kind_opens_nothing(talk, site, visitor):
    token = links.proposal_token(talk.proposal, site=site)

    assert visitor.get(f"/confirm/{token}").status_code == 404


def test_a_changed_link_key_closes_every_earlier_link(session, talk, path, visitor):
    talk.confirmations[0].speaker.link_key = "another"

    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    ("level", "named"),
    [(Attribution.NAME, "Kim Speaker"), (Attribution.ROLE, "An OSPO member"), (None, "A speaker")],
)
def test_a_co_speaker_is_named_as_they_chose_with_their_answer(talk, path, visitor, level, named):
    second = make_speaker("Kim Speaker")
    second.position = 1
    talk.proposal.speakers.append(second)
    talk.confirmations.append(Confirmation(speaker=second, state=ConfirmationState.ASKED, attribution=level))

    page = visitor.get(path).text
    assert f"{named}: not answered yet" in page
    assert ("Kim" in page) is (level is Attribution.NAME)
