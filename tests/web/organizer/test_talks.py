"""One talk for organizers: who has answered, and confirming on a speaker's behalf."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.attribution import Attribution
from app.domain.people import Role
from app.domain.states import ProposalState, TalkState
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint


@pytest.fixture
def browser(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def talk(session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    speakers = (make_speaker("Sam Speaker"), make_speaker("Kim Speaker"))
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers)
    return make_talk(session, proposal, call, state=TalkState.INVITED)


def test_only_organizers_see_a_talk(session, talk, sign_in, visitor):
    assert visitor.get(f"/talks/{talk.key}").status_code == 303
    assert sign_in(make_person(session, "Mira Member", role=Role.MEMBER)).get(f"/talks/{talk.key}").status_code == 404


def test_the_page_says_who_has_answered_and_what_they_wish(session, talk, browser):
    other = make_touchpoint(session, talk.touchpoint.series, datetime(2026, 12, 24, 14, 0))
    talk.confirmations[0].words, talk.confirmations[0].wishes = "I am <away>", [other.id, 4711]

    page = browser.get(f"/talks/{talk.key}").text

    assert "I am &lt;away&gt;" in page
    assert "Thursday 24 December 2026, 14:00–15:00 Madrid" in page
    assert page.count("Confirm on their behalf") == 2


def test_an_organizer_confirms_for_a_speaker(session, talk, browser):
    path = f"/talks/{talk.key}/confirmations/{talk.confirmations[0].id}"

    assert browser.post(path, {"note": "On the phone"}).status_code == 303

    page = browser.get(f"/talks/{talk.key}").text
    assert "by Olu Organizer on their behalf: On the phone" in page
    assert page.count("Confirm on their behalf") == 1
    session.refresh(talk)
    assert talk.state is TalkState.INVITED


def test_without_a_note_nothing_is_confirmed(session, talk, browser):
    answer = browser.post(f"/talks/{talk.key}/confirmations/{talk.confirmations[0].id}", {"note": " "})

    assert answer.status_code == 422
    assert "Say how and when the speaker confirmed." in answer.text


def test_a_confirmation_of_another_talk_is_not_found(session, talk, browser):
    other = make_talk(
        session,
        make_proposal(session, "Another talk", state=ProposalState.ACCEPTED),
        make_touchpoint(session, make_series(session, "friday"), datetime(2026, 12, 11, 17, 30)),
        state=TalkState.INVITED,
    )

    answer = browser.post(f"/talks/{talk.key}/confirmations/{other.confirmations[0].id}", {"note": "Yes"})

    assert answer.status_code == 404
    assert browser.get("/talks/nothing").status_code == 404


def test_a_talk_off_the_board_offers_nothing(session, talk, browser):
    talk.touchpoint, talk.position, talk.state = None, None, TalkState.RELEASED

    page = browser.get(f"/talks/{talk.key}").text

    assert "no date" in page
    assert "Confirm on their behalf" not in page


def make_stricter(talk, browser, **fields):
    answer = talk.confirmations[0]
    own = {f"stricter-{answer.id}-{name}": value for name, value in fields.items()}
    return browser.post(f"/talks/{talk.key}/confirmations/{answer.id}/stricter", own)


def test_an_organizer_makes_a_speaker_stricter_and_says_why(session, talk, browser):
    talk.confirmations[0].slides_consent = True
    session.commit()
    assert (
        make_stricter(
            talk, browser, attribution="role", recording="no", slides="no", reason="Asked by phone"
        ).status_code
        == 303
    )
    own = talk.confirmations[0]
    session.refresh(own)
    assert (own.attribution, own.recording_consent, own.slides_consent) == (Attribution.ROLE, False, False)
    page = browser.get(f"/talks/{talk.key}").text
    assert "by an organizer: Asked by phone" in page
    assert "Stricter now, everywhere. Sam Speaker is told." in page


def test_an_organizer_never_allows_more_and_keeps_what_was_typed(session, talk, browser):
    talk.confirmations[0].attribution = Attribution.ROLE
    session.commit()
    answer = make_stricter(talk, browser, attribution="name", reason="Why not")
    assert answer.status_code == 422
    assert "Only the speaker can allow more than now, which is “Role only”." in answer.text
    assert "Why not</textarea>" in answer.text
    assert make_stricter(talk, browser, attribution="", reason="").status_code == 422


def test_of_somebody_who_allowed_nothing_nothing_is_made_stricter(session, talk, browser):
    for answer in talk.confirmations:
        answer.attribution, answer.recording_consent = None, False
    session.commit()
    assert "Make stricter" not in browser.get(f"/talks/{talk.key}").text
    assert browser.post(f"/talks/{talk.key}/confirmations/4711/stricter", {}).status_code == 404
