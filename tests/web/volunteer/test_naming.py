"""How a speaker is named: from the mailed link for good, signed in for all talks; each tick asked for itself."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.attribution import Attribution
from app.domain.consent import Channel
from app.domain.states import ProposalState, TalkState
from app.models import Confirmation
from app.services import links
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

ROLE = {"attribution": "role", "recording_consent": "no"}


@pytest.fixture
def talk(session, site, now):
    """A talk of Sam's own and Kim, on a call that is over."""
    call = make_touchpoint(session, make_series(session), datetime(2024, 5, 2, 14))
    speakers = (make_speaker("Sam Speaker"), make_speaker("Kim Speaker"))
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers, email="sam@example.org")
    talk = make_talk(session, proposal, call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return talk


@pytest.fixture
def sam(talk):
    return talk.confirmations[0]


@pytest.fixture
def path(sam, site):
    return links.naming_path(sam, site=site)


def hidden(page, name):
    return {name: page.split(f'name="{name}" value="')[1].split('"')[0]}


def ticked(page):
    return [line.split('value="')[1].split('"')[0] for line in page.split("<input") if " checked" in line]


def test_the_page_of_a_call_that_is_over_offers_how_one_is_named(path, visitor):
    page = visitor.get(path.removesuffix("/naming")).text
    assert "This call is over." in page
    assert f'action="{path}"' in page
    assert "May your slides be shown?" in page


def test_a_choice_is_taken_and_its_receipt_shown(session, sam, path, visitor):
    answer = visitor.post(path, ROLE)
    assert answer.headers["Location"] == path
    page = visitor.get(path).text
    assert "Changed. What is public follows now" in page
    assert "was “Name and affiliation”, is “Role only”" in page
    assert "What nobody can call back" in page
    session.refresh(sam)
    assert (sam.attribution, sam.recording_consent, sam.slides_consent) == (Attribution.ROLE, False, None)
    assert [each.channel for each in sam.consents] == [Channel.LINK]


def test_to_allow_more_is_kept_without_a_receipt(sam, path, visitor):
    choices = {"attribution": "name_and_affiliation", "recording_consent": "yes", "slides_consent": "yes"}
    visitor.post(path, choices)
    page = visitor.get(path).text
    assert "Kept. Nothing was taken back." in page
    assert "the receipt stands here for good" in page


def test_a_slip_comes_back_with_what_was_chosen(path, visitor):
    answer = visitor.post(path, {"recording_consent": "no"})
    assert answer.status_code == 422
    assert "Choose how you may be named." in answer.text
    assert "<title>Error: How you are named" in answer.text
    assert ticked(answer.text) == ["no"]


def test_nothing_that_somebody_else_chose_is_ticked_for_a_co_speaker(session, talk, path, site, visitor):
    assert ticked(visitor.get(path).text) == ["name_and_affiliation", "yes"]
    own = links.naming_path(talk.confirmations[1], site=site)
    assert ticked(visitor.get(own).text) == []
    visitor.post(own, ROLE)
    assert ticked(visitor.get(own).text) == ["role", "no"]


def test_one_button_names_the_speaker_nowhere(session, sam, path, visitor):
    assert visitor.post(f"{path}/nowhere").headers["Location"] == path
    session.refresh(sam)
    assert sam.attribution is Attribution.NONE
    visitor.post(f"{path}/nowhere")
    assert "You were named nowhere already" in visitor.get(path).text


def test_without_an_address_there_is_nothing_but_this_talk(session, sam, path, visitor):
    sam.speaker.email = None
    session.commit()
    assert "Every talk of yours" not in visitor.get(path).text
    assert visitor.post(f"{path}/nowhere").status_code == 404


def test_a_forged_link_opens_nothing(path, visitor):
    for way in (path.replace("confirm/", "confirm/x"), f"{path.replace('confirm/', 'confirm/x')}/nowhere"):
        assert visitor.post(way, ROLE).status_code == 404


def test_signed_in_each_talk_leads_on_and_one_level_per_call_is_seen(session, talk, sam, path, site, sign_in):
    friday = make_series(session, "friday", name="General Member")
    make_talk(
        session, talk.proposal, make_touchpoint(session, friday, datetime(2024, 5, 3, 17)), state=TalkState.CONFIRMED
    ).confirmations[0].attribution = Attribution.NONE
    hold = make_proposal(session, "A hold that nobody knows of", speakers=(make_speaker(),))
    make_talk(session, hold, make_touchpoint(session, friday, datetime(2026, 12, 4, 17)))
    browser = sign_in(make_person(session, "Sam Speaker"))

    page = browser.get("/my/naming").text

    assert f'href="{path}"' in page
    assert ("“Sam Speaker, Kestrel Works”" in page, "“A speaker”" in page) == (True, True)
    assert "nobody knows of" not in page
    assert browser.post("/my/naming/nowhere").headers["Location"] == "/my/naming"
    page = browser.get("/my/naming").text
    assert (page.count("“A speaker”"), "Kestrel" in page) == (2, False)
    assert sam.consents[-1].channel is Channel.SIGNED_IN
    assert [each.attribution for each in session.get(Confirmation, sam.id).consents] == [Attribution.NONE]


def test_a_talk_without_a_date_and_a_choice_is_listed_too(session, talk, sam, sign_in):
    talk.touchpoint, talk.position, talk.state, sam.attribution = None, None, TalkState.RELEASED, None
    session.commit()
    page = sign_in(make_person(session, "Sam Speaker")).get("/my/naming").text
    assert ("No date" in page, "Not chosen yet. The public reads no name here." in page) == (True, True)


def test_who_was_never_asked_reads_so(session, sign_in, visitor):
    assert "No talk yet" in sign_in(make_person(session, "Nora Nobody")).get("/my/naming").text
    assert visitor.get("/my/naming").status_code == 303


def test_a_page_from_before_brings_back_nothing_that_was_taken_back_since(session, sam, path, visitor):
    old = hidden(visitor.get(path).text, "held")
    visitor.post(path, ROLE)
    more = {"attribution": "name", "recording_consent": "no"}
    answer = visitor.post(path, {**old, **more})
    assert (answer.status_code, "has changed since you opened this page" in answer.text) == (409, True)
    assert ticked(answer.text) == ["role", "no"]
    session.refresh(sam)
    assert sam.attribution is Attribution.ROLE
    slip = visitor.post(path, {**old, "attribution": "name"})  # a slip does not make an old page a new one
    assert visitor.post(path, {**hidden(slip.text, "held"), **more}).status_code == 409
    assert visitor.post(path, {**hidden(answer.text, "held"), **more}).status_code == 303


def test_a_page_from_before_still_takes_a_name_back(session, sam, path, visitor):
    old = hidden(visitor.get(path).text, "held")
    visitor.post(path, {"attribution": "name", "recording_consent": "no"})
    assert visitor.post(path, {**old, **ROLE}).status_code == 303
    session.refresh(sam)
    assert sam.attribution is Attribution.ROLE
