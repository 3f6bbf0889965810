"""A speaker is named, published and moved, and takes the name back: while mail waits, and again years later."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.domain.states import ProposalState, TalkState
from app.extensions import db
from app.models import Confirmation, Publication, Talk
from app.queue import remind
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

SAM, KIM = "sam@example.org", "kim@example.org"
NAME = b"Sam Speaker"
FEEDS = ("/calendar/all.ics", "/calendar/thursday.ics", "/calendar/all.atom")


@pytest.fixture
def mail_url(smtp_server):
    return smtp_server.url


@pytest.fixture
def talk(session, site, now):
    """A talk of two, both asked, on a call whose other talk has a speaker of its own."""
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14), talk_minutes=40)
    duo = (make_speaker("Sam Speaker"), make_speaker("Kim Speaker", affiliation="Heron Works"))
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=duo, email=SAM)
    make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    talk = make_talk(session, proposal, call)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return talk


@pytest.fixture
def confirmed(app, session, talk, new_window, post, clock, sign_in):
    """Both have said yes, by their own links; returns these. Everything that was queued has left."""
    olu = sign_in(make_person(session, "Ola Organizer", role=Role.ORGANIZER))
    session.commit()
    assert olu.post(f"/board/invite/{talk.id}", {"version": str(talk.version)}).status_code == 303
    clock.advance(timedelta(minutes=15))
    post.deliver()
    links = {reader: post.last("invited", reader).link("/confirm/") for reader in (SAM, KIM)}
    speaker = new_window()
    for link in links.values():
        chosen = {"attribution": "name_and_affiliation", "recording_consent": "no"}
        speaker.open(link).press("Confirm", chosen)
        assert "You have confirmed." in speaker.said
    post.deliver()
    session.expire_all()
    return links


def bytes_of(window, call_key):
    pages = ("/", f"/touchpoints/{call_key}", f"/touchpoints/{call_key}.ics", *FEEDS)
    return {page: window.read(page) for page in pages}


def named_in(answers):
    return {page for page, body in answers.items() if NAME in body.replace(b"\r\n ", b"")}


def take_back(window, link):
    window.open(f"{link}/naming")
    return window.press("Save how I am named", {"attribution": "none", "recording_consent": "no"})


def test_a_name_taken_back_while_a_reminder_waits_is_in_no_mail_feed_or_page(
    app, session, talk, confirmed, new_window, new_visitor, post, clock
):
    stranger, old = new_window(), new_visitor()
    key = talk.touchpoint.key
    before = bytes_of(stranger, key)
    assert named_in(before) >= {f"/touchpoints/{key}", *FEEDS[:2]}
    etag = old.client.get(FEEDS[0]).headers["ETag"]
    clock.now = talk.touchpoint.starts_at - timedelta(days=3)
    session.commit()
    with app.app_context():
        remind()
        db.session.remove()

    said = take_back(new_window(), confirmed[SAM]).said

    assert "was “Name and affiliation”, is “No attribution”" in said
    assert named_in(bytes_of(stranger, key)) == set()
    again = old.client.get(FEEDS[0], headers={"If-None-Match": etag})
    assert (again.status_code, NAME in again.data) == (200, False)
    letters = post.deliver()
    to_kim = [letter for letter in letters if letter.to == KIM]
    assert sorted(letter.kind for letter in to_kim) == ["upcoming", "updated"]
    assert all(NAME not in letter.message.as_bytes() and NAME not in letter.calendar for letter in to_kim)
    [receipt] = [letter for letter in letters if letter.kind == "retracted"]
    assert receipt.to == SAM
    assert "Mails to other speakers: 2 that named you as before left on 23 November 2026." in receipt.text


def test_years_later_the_link_still_takes_the_name_out_of_the_archive(
    session, talk, confirmed, new_window, new_visitor, post, clock
):
    stranger, key = new_window(), talk.touchpoint.key
    clock.now = datetime(2029, 5, 7, 9, tzinfo=clock.now.tzinfo)
    was = session.scalars(select(Publication)).one().sequence
    assert NAME in stranger.read(f"/touchpoints/{key}")
    speaker = new_window().open(confirmed[SAM])
    assert "This call is over." in speaker.said

    speaker.press("Save how I am named", {"attribution": "role", "recording_consent": "no"})

    session.expire_all()
    assert session.scalars(select(Publication)).one().sequence == was + 1
    session.commit()
    page = stranger.read(f"/touchpoints/{key}")
    assert (NAME in page, b"An OSPO member" in page) == (False, True)
    [letter] = post.deliver()
    assert (letter.kind, letter.to) == ("retracted", SAM)
    assert f"version {was + 1} since" in letter.text
    assert f"version {was + 1} since" in new_window().open(letter.link("/confirm/")).said


def test_one_button_names_a_speaker_nowhere_and_years_later_they_may_choose_anew(
    session, talk, confirmed, new_window, post, clock
):
    second = make_talk(
        session,
        make_proposal(session, "A second talk of Sam", state=ProposalState.ACCEPTED, speakers=(make_speaker(),)),
        make_touchpoint(session, talk.touchpoint.series, datetime(2026, 12, 24, 14)),
        state=TalkState.CONFIRMED,
    )
    session.commit()

    speaker = new_window().open(f"{confirmed[SAM]}/naming").press("Name me nowhere")

    session.expire_all()
    own = [each for each in session.scalars(select(Confirmation)) if each.speaker.email == SAM]
    assert {each.attribution.value for each in own} == {"none"}
    assert {each.speaker.attribution.value for each in own} == {"none"}
    assert second.proposal.title in speaker.said
    session.commit()
    [letter] = [each for each in post.deliver() if each.kind == "retracted"]
    assert (letter.to, "2 talks" in letter.message["Subject"]) == (SAM, True)
    clock.now = datetime(2029, 5, 7, 9, tzinfo=clock.now.tzinfo)
    speaker.press("Save how I am named", {"attribution": "name", "recording_consent": "no"})
    assert NAME in new_window().read(f"/touchpoints/{session.get(Talk, talk.id).touchpoint.key}")
