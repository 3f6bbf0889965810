"""Rules for blind review: no organizer reads whose a proposal is until it is decided, or shown with a reason."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from app.domain.errors import InvalidInput, NotAllowed, RuleViolation
from app.domain.people import Role
from app.domain.proposals import SeriesPreference
from app.domain.reviews import Vote
from app.domain.states import ProposalState
from app.mail.values import Mail
from app.models import AuditEvent
from app.services import blind_review
from app.services.auditing import LINK, Actor
from app.services.queries.pool import PoolFilter, read_pool, read_proposal
from app.services.reviewing import cast_vote
from tests.cast import make_person, make_proposal, make_series, make_speaker


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def olu(session):
    return make_person(session, "Olu", role=Role.ORGANIZER)


@pytest.fixture
def proposal(session, series):
    series.blind_review = True
    found = make_proposal(
        session, title="Sam on forks", speakers=(make_speaker("Sam Speaker"),), owner=make_person(session, "Vera")
    )
    found.abstract, found.private_note = "By Sam of Kestrel Works.", "Ask vera@example.org."
    found.links, found.speakers[0].bio = ["https://kestrel.example"], "Sam is Sam."
    session.flush()
    return found


def page(session, proposal, organizer, now):
    return read_proposal(session, proposal.key, organizer=organizer, now=now)


def test_a_proposal_is_read_without_names_until_it_is_decided(session, proposal, olu, now):
    face = page(session, proposal, olu, now).face
    assert (face.blind, face.title) == (True, "An OSPO member on forks")
    assert face.abstract == "By an OSPO member of their organisation."
    assert face.private_note == "Ask a volunteer."
    assert (face.links, face.email) == ([], "")
    (speaker,) = face.speakers
    assert (speaker.name, speaker.affiliation, speaker.bio, speaker.email) == ("An OSPO member", "", "", "")

    proposal.state = ProposalState.ACCEPTED
    assert page(session, proposal, olu, now).face.speakers[0].name == "Sam Speaker"
    proposal.state, proposal.decided_at = ProposalState.WITHDRAWN, now
    assert page(session, proposal, olu, now).face.speakers[0].name == "Sam Speaker"


def test_what_is_withdrawn_before_a_decision_stays_unnamed(session, proposal, olu, now):
    proposal.state = ProposalState.WITHDRAWN
    assert page(session, proposal, olu, now).face.blind


def test_whoever_speaks_in_it_knows_the_names(session, proposal, now):
    sam = make_person(session, "Sam", role=Role.ORGANIZER, email="sam@example.org")
    assert not page(session, proposal, sam, now).face.blind


def test_only_what_is_offered_to_such_a_series_is_blind(session, proposal, series):
    other = make_series(session, slug="other")
    blind = blind_review.blind_series(session)
    assert blind == {series.id}
    proposal.preference, proposal.preferred_series_id = SeriesPreference.ONE, other.id
    assert not blind_review.is_blind(proposal, blind)
    proposal.preferred_series_id = series.id
    assert blind_review.is_blind(proposal, blind)
    proposal.preference, proposal.preferred_series_id = SeriesPreference.BOTH, None
    assert blind_review.is_blind(proposal, blind)
    assert not blind_review.is_blind(proposal, frozenset())


def test_no_name_finds_it(session, proposal, olu, now):
    def found(text):
        return [row.face.title for row in read_pool(session, PoolFilter(text=text), organizer=olu, now=now).rows]

    assert found("forks") == ["An OSPO member on forks"]
    assert found("ospo forks") == ["An OSPO member on forks"]
    assert found("sam") == found("kestrel") == found("sam forks") == []
    blind_review.show_names(session, proposal, reason="Same name twice.", by=Actor.signed_in(olu), now=now)
    assert found("sam") == ["Sam on forks"]


def test_names_are_shown_to_all_with_a_reason_that_stays(session, proposal, olu, now):
    blind_review.show_names(session, proposal, reason=" Two of one person? ", by=Actor.signed_in(olu), now=now)
    face = page(session, proposal, olu, now).face
    assert (face.blind, face.names_shown_reason) == (False, "Two of one person?")
    assert (proposal.names_shown_by, proposal.names_shown_at) == (olu, now)
    kept = session.scalars(select(AuditEvent).where(AuditEvent.action == "proposal.names_shown")).one()
    assert kept.detail == {}


@pytest.mark.parametrize(("reason", "said"), [(" ", "Say why"), ("x" * 2001, "At most 2000")])
def test_showing_names_takes_a_reason(session, proposal, olu, now, reason, said):
    with pytest.raises(InvalidInput) as refused:
        blind_review.show_names(session, proposal, reason=reason, by=Actor.signed_in(olu), now=now)
    assert refused.value.errors["reason"].startswith(said)


def test_names_are_shown_by_organizers_and_once(session, proposal, olu, now):
    with pytest.raises(NotAllowed):
        blind_review.show_names(session, proposal, reason="So", by=LINK, now=now)
    proposal.names_shown_at = now
    with pytest.raises(RuleViolation):
        blind_review.show_names(session, proposal, reason="So", by=Actor.signed_in(olu), now=now)


def test_a_mail_is_previewed_without_its_reader(proposal):
    mail = Mail(kind="accepted", to="vera@example.org", subject="Sam on forks", text="Hello Vera", html="<p>Vera</p>")
    shown = blind_review.unnamed_mail(mail, proposal)
    assert (shown.to, shown.subject) == ("The volunteer", "An OSPO member on forks")
    assert (shown.text, shown.html) == ("Hello a volunteer", "")


def test_reviews_of_it_are_read_without_names(session, proposal, olu, now):
    cast_vote(session, proposal, vote=Vote.YES, comment="I know Sam.", by=Actor.signed_in(olu), now=now)
    shown = page(session, proposal, olu, now)
    assert [shown.comment_of(review) for review in shown.reviews] == ["I know an OSPO member."]
    proposal.names_shown_at = now
    shown = page(session, proposal, olu, now)
    assert [shown.comment_of(review) for review in shown.reviews] == ["I know Sam."]


def test_searching_takes_as_many_queries_for_one_as_for_thirty(session, proposal, olu, now):
    statements = []

    def read():
        session.expire_all()
        statements.clear()
        read_pool(session, PoolFilter(text="forks"), organizer=olu, now=now)
        return len(statements)

    event.listen(session.bind, "before_cursor_execute", lambda *args: statements.append(args[2]))
    one = read()
    for number in range(29):
        make_proposal(session, title=f"Sam {number} on forks")
    assert read() == one
