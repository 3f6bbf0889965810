"""A speaker whose text says what they keep back: each place is shown, and it is public by their explicit word alone."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup

from app.domain.states import ProposalState, TalkState
from app.models import Publication
from app.services import links, publishing
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint
from tests.drafts import FIELDS, make_topics

ABSTRACT = "Sam Speaker of Kestrel Works shows a patch. It is small."
NEUTRAL = "An OSPO member of their organisation shows a patch. It is small."
YES = {"title": "Upstream by Sam", "abstract": ABSTRACT, "attribution": "role", "recording_consent": "no"}


@pytest.fixture
def talk(session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    publishing.publish_touchpoint(session, call, site=site, now=now)
    proposal = make_proposal(
        session, state=ProposalState.ACCEPTED, title=YES["title"], speakers=(make_speaker("Sam Speaker"),)
    )
    proposal.abstract = ABSTRACT
    return make_talk(session, proposal, call, state=TalkState.INVITED)


@pytest.fixture
def path(talk, site):
    return links.confirmation_path(talk.confirmations[0], site=site)


def public(session):
    session.expire_all()
    return session.query(Publication).one().value["talks"][0]


def agreed(visitor, path):
    """The form with the speaker's word for what they were shown."""
    shown = BeautifulSoup(visitor.post(path, data=YES).text, "html.parser")
    return {**YES, "words_stand": "yes", "words_for": shown.find("input", {"name": "words_for"})["value"]}


def test_a_text_that_names_its_speaker_is_not_public_by_silence(session, path, visitor):
    refused = visitor.post(path, data=YES)
    assert refused.status_code == 422
    assert "<mark>Sam Speaker</mark> of Kestrel Works shows a patch." in refused.text
    assert "Your name stands in the title, your name stands in the abstract" in refused.text
    assert "In public: “Upstream by an OSPO member”" in refused.text
    assert session.query(Publication).one().value["talks"] == []


def test_the_neutral_words_are_written(session, path, visitor, talk):
    assert visitor.post(path, data={**YES, "words_stand": "no"}).status_code == 303
    assert (public(session)["title"], public(session)["abstract"]) == ("Upstream by an OSPO member", NEUTRAL)
    assert talk.proposal.abstract == NEUTRAL


def test_the_speakers_word_lets_the_text_stand_until_somebody_writes_it_anew(session, path, visitor, talk, site, now):
    assert visitor.post(path, data=agreed(visitor, path)).status_code == 303
    assert public(session)["abstract"] == ABSTRACT
    assert 'name="words_stand" value="yes" checked' in visitor.get(path).text
    talk.proposal.abstract = f"{ABSTRACT} Sam wrote it."
    publishing.publish_touchpoint(session, talk.touchpoint, site=site, now=now)
    assert public(session)["abstract"] == f"{ABSTRACT} An OSPO member wrote it."
    assert 'name="words_stand" value="yes" checked' not in visitor.get(path).text


def test_their_word_counts_for_what_they_have_seen(session, path, visitor):
    said = agreed(visitor, path)
    for other in ({"attribution": "none"}, {"title": "Upstream by Sam Speaker"}, {"words_for": ""}):
        assert visitor.post(path, data={**said, **other}).status_code == 422
    assert visitor.post(path, data=said).status_code == 303


def test_the_preview_shows_what_each_choice_does(path, visitor):
    said = visitor.post(f"{path}/preview", data=YES).text
    assert 'id="betraying"' in said
    assert '<p class="pv-t">Upstream by an OSPO member</p>' in said
    stands = visitor.post(f"{path}/preview", data=agreed(visitor, path)).text
    assert '<p class="pv-t">Upstream by Sam</p>' in stands


def test_nothing_is_asked_of_who_may_be_named(path, visitor):
    assert visitor.post(path, data={**YES, "attribution": "name_and_affiliation"}).status_code == 303
    assert "words_stand" not in visitor.get(path).text


def test_the_proposal_form_shows_each_hit_and_takes_neutral_words(visitor, session):
    make_topics(session)
    typed = {**FIELDS, "title": "How Vera forks", "abstract": "By vera@example.org.", "speaker-0-attribution": "role"}
    page = visitor.post("/propose/preview", typed).text
    assert "How <mark>Vera</mark> forks" in page
    assert "<mark>vera@example.org</mark>" in page
    taken = visitor.post("/propose/preview", {**typed, "neutral": "title"})
    assert taken.status_code == 200
    assert 'value="How an OSPO member forks"' in taken.text
    assert "By <mark>vera@example.org</mark>" in taken.text
    assert "<mark>Vera</mark>" in visitor.post("/propose/preview", {**typed, "neutral": "links"}).text


def test_the_question_stays_as_it_is_while_it_is_the_same(path, visitor):
    said = agreed(visitor, path)
    assert 'id="betraying"' not in visitor.post(f"{path}/preview", data=said).text
    asked_anew = visitor.post(f"{path}/preview", data={**said, "attribution": "none"}).text
    assert 'id="betraying"' in asked_anew
    assert "checked" not in asked_anew
