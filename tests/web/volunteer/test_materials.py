"""The page for slides and the recording: from the mailed link alone, harmless to open, kind to a slip."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.states import ProposalState, TalkState
from app.services import links
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint

SLIDES = "https://slides.example.org/1"


@pytest.fixture
def talk(session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 11, 19, 14))
    talk = make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), call, state=TalkState.CONFIRMED)
    session.commit()
    return talk


@pytest.fixture
def path(talk, site):
    return links.materials_path(talk.confirmations[0], site=site)


def test_it_shows_what_was_given_and_changes_nothing(session, talk, path, visitor):
    talk.slides_url = SLIDES
    session.commit()
    page = visitor.get(path).text
    assert f'value="{SLIDES}"' in page
    assert 'value="yes" checked' in page
    assert "Thursday 19 November 2026, 14:00–15:00 Madrid" in page
    assert 'content="noindex"' in page


def test_a_page_from_before_allows_nothing_that_was_taken_back_since(session, talk, path, visitor):
    old = visitor.get(path).text.split('name="held" value="')[1].split('"')[0]
    form = {"slides_url": SLIDES, "slides": "no", "recording": "no", "version": str(talk.version)}
    visitor.post(path, form)
    session.refresh(talk)
    stale = {**form, "recording": "yes", "held": old, "version": str(talk.version)}
    answer = visitor.post(path, stale)
    assert (answer.status_code, "has changed since you opened this page" in answer.text) == (409, True)
    assert 'value="yes" checked' not in answer.text
    assert visitor.post(path, {**stale, "recording": "no"}).status_code == 303
    session.expire_all()
    assert talk.confirmations[0].recording_consent is False


def test_what_is_given_is_kept(session, talk, path, visitor):
    form = {"slides_url": f"  {SLIDES}\n", "slides": "yes", "recording": "no", "version": str(talk.version)}
    assert visitor.post(path, form).headers["Location"] == path
    session.refresh(talk)
    assert (talk.slides_url, talk.confirmations[0].recording_consent) == (SLIDES, False)
    assert "Thank you: the archive has it." in visitor.get(path).text


def test_a_slip_comes_back_with_what_was_typed(talk, path, visitor):
    answer = visitor.post(path, {"slides_url": "ftp://x", "recording": "maybe", "version": str(talk.version)})
    assert answer.status_code == 422
    assert 'value="ftp://x"' in answer.text
    assert "Write the whole address" in answer.text
    assert "Choose whether the recording may be shown." in answer.text
    assert "<title>Error: Slides and recording" in answer.text


def test_a_stale_page_is_told_so_and_keeps_what_was_typed(session, talk, path, visitor):
    seen = talk.version
    given = {"slides": "yes", "recording": "yes", "version": str(seen)}
    visitor.post(path, {"slides_url": SLIDES, **given})
    answer = visitor.post(path, {"slides_url": "https://slides.example.org/2", **given})
    assert answer.status_code == 409
    assert 'value="https://slides.example.org/2"' in answer.text
    session.refresh(talk)
    assert (talk.slides_url, f'name="version" value="{talk.version}"' in answer.text) == (SLIDES, True)


def test_before_anything_is_chosen_nothing_is_ticked(session, talk, path, visitor):
    talk.confirmations[0].recording_consent = None
    session.commit()
    assert "checked" not in visitor.get(path).text


def test_without_a_date_there_is_nothing_to_give(session, talk, path, visitor):
    talk.state, talk.touchpoint, talk.position = TalkState.RELEASED, None, None
    session.commit()
    page = visitor.get(path)
    assert "there is nothing to give yet" in page.text
    answer = visitor.post(path, {"slides_url": SLIDES, "recording": "yes", "version": str(talk.version)})
    assert answer.status_code == 422


def test_another_link_opens_nothing(talk, site, visitor):
    other = links.confirmation_path(talk.confirmations[0], site=site).rpartition("/")[2]
    assert visitor.get(f"/materials/{other}").status_code == 404
    assert visitor.get("/materials/nonsense").status_code == 404
