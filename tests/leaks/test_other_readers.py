"""Whoever knows more than a stranger still learns nothing that is not for them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.personal_feeds import FeedKind
from app.models import Confirmation, Proposal
from app.services import links, personal_feeds
from tests.leaks.canaries import CANARIES, MEMBER, NORA, ORGANIZER
from tests.leaks.walking import Walker

WAYS_IN = {"joinlinkurl", "joinlinkpasscode", "joinlinkdialin", "joinlinkregistration"}
TYPED = {  # by whoever wrote the proposal, who reads it on its own page
    *("proposalbenefit", "proposalprivatenote", "proposaldecisionreason", "speakerbio", "speakerpronouns"),
}


OF_A_MAIL = {"outboxsubject", "outboxlasterror"}
"""What we hold of a mail to whoever asks for their data: Nora was asked how she may be named as a chair."""


@pytest.fixture
def published(community):
    community.publish()
    return community


@pytest.fixture
def taken_back(community):
    community.publish()
    community.retract()
    community.mark()
    return community


def test_a_volunteer_who_is_signed_in_finds_no_more_than_a_stranger(published, signed_in):
    published.mark(but=NORA)
    found = signed_in(published.people[NORA]).walk()
    assert any("GET /my/" in place for place in found)
    leaks = published.leaks(found, own=[NORA])
    assert {word for _, word in leaks} <= OF_A_MAIL
    assert {place.partition(".")[0] for place, _ in leaks} <= {"GET /profile/data"}


def test_a_member_finds_what_the_speakers_chose_and_the_ways_into_members_calls(published, signed_in):
    published.mark(but=MEMBER)
    leaks = published.leaks(signed_in(published.people[MEMBER]).walk(), own=[MEMBER])
    assert {word for _, word in leaks} <= WAYS_IN
    assert {place.rpartition(" /")[2].split("/")[0] for place, _ in leaks} <= {"members"}


def test_an_organizer_finds_everything(published, signed_in):
    """The walker does see what stands behind a sign-in."""
    published.mark()
    walker = signed_in(published.people[ORGANIZER])
    pages = ["/board", "/people", *(f"/pool/{proposal.key}" for proposal in published.proposals.values())]
    found = frozenset().union(*map(walker.read, pages))
    assert {word for canary in CANARIES for word in (canary.first, canary.last, canary.mail)} <= found
    assert {"proposalprivatenote", "reviewcomment", "speakerbio"} <= found


@pytest.mark.parametrize("number", [0, 3])
def test_a_speaker_learns_of_a_co_speaker_no_more_than_everybody(taken_back, app, session, search, number):
    """By every link that was ever mailed to them, and in their own calendar; the first one wrote the proposal."""
    speaker = CANARIES[number]
    tokens = _tokens_of(taken_back, speaker)
    found = Walker(app, session, search, tokens=tokens).walk()
    assert any(speaker.first in words for words in found.values())
    leaks = {word for place, word in taken_back.leaks(found, own=[speaker]) if not _is_own_proposal(place, number)}
    assert leaks <= TYPED | {f"{CANARIES[0].mark}deck", f"{CANARIES[0].mark}slides"}  # the slides are the talk's


def _is_own_proposal(place, number):
    return number == 0 and "/proposals/" in place


@pytest.mark.parametrize(("reader", "kind"), [(MEMBER, FeedKind.MEMBER), (CANARIES[3], FeedKind.SPEAKER)])
def test_a_personal_calendar_names_others_as_the_public_one_does(published, app, session, search, clock, reader, kind):
    published.mark()
    person = published.people[reader]
    made = personal_feeds.make_feed(session, person, kind=kind, label="mine", by=published.by(reader), now=clock.now)
    found = {"calendar": Walker(app, session, search).read(f"/calendar/mine/{made.token}.ics")}
    assert [each for each in published.leaks(found, own=[reader]) if each[1] not in WAYS_IN] == []
    assert WAYS_IN & found["calendar"]


def _tokens_of(community, speaker):
    """The secret part of every link to this speaker."""
    site, session = community.site, community.session
    mine = [each for each in session.scalars(select(Confirmation)) if each.speaker.email == speaker.mail]
    own = session.scalars(select(Proposal).where(Proposal.email == speaker.mail)).all()
    paths = [path(each, site=site) for each in mine for path in (links.confirmation_path, links.materials_path)]
    paths += [links.proposal_path(each, site=site) for each in own]
    return tuple(path.rpartition("/")[2] for path in paths)
