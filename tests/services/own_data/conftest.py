"""A life here: somebody about whom every table knows something, with words that stand nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.consent import Channel
from app.domain.people import Role
from app.domain.personal_feeds import FeedKind
from app.domain.received import CalendarAnswer, ReceivedKind
from app.domain.reviews import Vote
from app.domain.site import Site
from app.domain.states import MailState, ProposalState, TalkState
from app.mail.values import Mail
from app.models import (
    BouncingAddress,
    CalendarReply,
    Consent,
    Notes,
    OutboxMessage,
    Person,
    Proposal,
    ReceivedMessage,
    Review,
    SignInRequest,
    Speaker,
    Subscription,
    Talk,
    Touchpoint,
)
from app.services import outbox, personal_feeds
from app.services.auditing import Actor, record
from app.services.publishing import publish_touchpoints
from app.services.sign_ins import begin_sign_in
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

NAME, EMAIL, EMPLOYER = "Quillon Zarnecki", "quillon@zarnecki.example", "Vexillum Dynamics"
CANARIES = ("quillon", "zarnecki", "vexillum", "plumbago", "xanthic", "halcyonic", "tourmaline")
"""Parts of the name, address and employer, and words of bio, notes, mails and comments about them."""


@dataclass(frozen=True)
class Life:
    """Quillon, and what they left here. Olu is an organizer, Mira speaks with them in `shared`."""

    person: Person
    olu: Person
    given: Talk
    coming: Talk
    shared: Talk
    other: Proposal
    draft: Proposal

    @property
    def calls(self) -> tuple[Touchpoint, ...]:
        return tuple(talk.touchpoint for talk in (self.given, self.coming, self.shared) if talk.touchpoint)


@pytest.fixture
def life(session: Session, site: Site, now: datetime) -> Life:
    """Everything at once: a talk given, one to come, one to come with Mira, a draft, mails both ways, an account."""
    olu = make_person(session, "Olu Adeyemi", role=Role.ORGANIZER)
    person = make_person(session, NAME, email=EMAIL, role=Role.MEMBER)
    person.affiliation, person.bio, person.pronouns = EMPLOYER, "Plumbago collector.", "xanthic"
    series = make_series(session)
    past, next_one, later = (
        make_touchpoint(session, series, datetime(2026, month, day, 14, 0), talk_minutes=40)
        for month, day in ((10, 1), (12, 3), (12, 17))
    )
    titles = (f"How {EMPLOYER} does it", "Upstream, as Quillon Zarnecki sees it", "Two views of licences")
    given, coming, shared = (
        make_proposal(session, title, speakers=speakers, owner=person, email=EMAIL, state=ProposalState.ACCEPTED)
        for title, speakers in zip(
            titles, ((_self(),), (_self(),), (_self(), make_speaker("Mira Member"))), strict=True
        )
    )
    for proposal in (given, coming, shared):
        proposal.abstract = "Zarnecki tells of it; write to quillon@zarnecki.example."
        proposal.links, proposal.private_note = ["https://example.org/quillon"], "Halcyonic wishes."
        comment = "Both are fine." if proposal is shared else "Tourmaline!"
        session.add(
            Review(
                proposal_id=proposal.id,
                organizer_id=olu.id,
                vote=Vote.YES,
                comment=comment,
                created_at=now,
                updated_at=now,
            )
        )
    talks = [
        make_talk(session, proposal, touchpoint, state=TalkState.CONFIRMED)
        for proposal, touchpoint in ((given, past), (coming, next_one), (shared, later))
    ]
    other = make_proposal(session, "Somebody else's", speakers=(make_speaker("Sam Speaker"), _self()))
    draft = make_proposal(
        session, "A draft of Zarnecki", state=ProposalState.DRAFT, owner=person, email=EMAIL, speakers=(_self(),)
    )
    draft.form, draft.submitted_at = {"name": [NAME]}, None
    _account(session, person, site, now)
    _letters(session, person, talks, site, now)
    session.add(Notes(touchpoint_id=past.id, text="Quillon Zarnecki said so.", created_at=now, updated_at=now))
    answer = talks[2].confirmations[0]
    answer.words, answer.on_behalf_note = "halcyonic words", "tourmaline note"
    answer.calendar_reply = CalendarReply(
        answer=CalendarAnswer.DECLINED, sequence=0, stamp=now, words="halcyonic reply", received_at=now
    )
    for talk in talks:
        session.add(
            Consent(
                confirmation_id=talk.confirmations[0].id,
                attribution=Attribution.NAME,
                wording="2026-2",
                channel=Channel.LINK,
                given_at=now,
                person_id=person.id,
                reason="tourmaline reason",
            )
        )
    session.flush()
    session.expire_all()
    publish_touchpoints(session, [past, next_one, later], site=site, now=now)
    session.commit()
    return Life(person, olu, *talks, other, draft)


def _self() -> Speaker:
    speaker = make_speaker(NAME, email=EMAIL, affiliation=EMPLOYER)
    speaker.bio, speaker.pronouns = "Plumbago collector.", "xanthic"
    return speaker


def _account(session: Session, person: Person, site: Site, now: datetime) -> None:
    begin_sign_in(session, person, user_agent="", now=now)
    session.add(
        SignInRequest(
            purpose="sign-in",
            email=EMAIL,
            link_hash="a",
            code_hash="",
            browser_hash="",
            created_at=now,
            expires_at=now + timedelta(minutes=10),
        )
    )
    session.add(Subscription(email=EMAIL, asked_at=now, asked_since=now, confirmed_at=now))
    session.add(BouncingAddress(email=EMAIL, bounces=1, words=f"550 <{EMAIL}>", bounced_at=now))
    session.commit()
    personal_feeds.make_feed(
        session, person, kind=FeedKind.SPEAKER, label="plumbago phone", by=Actor.signed_in(person), now=now
    )
    record(session, "person.profile_saved", person, by=Actor.signed_in(person), now=now)


def _letters(session: Session, person: Person, talks: list[Talk], site: Site, now: datetime) -> None:
    for number, (to, talk) in enumerate(((EMAIL, talks[1]), ("mira@example.org", talks[2]), ("olu@example.org", None))):
        words = f"Dear reader, {NAME} speaks."
        mail = Mail("confirmed", to, f"{number}: {talk.proposal.title if talk else 'Week'}", words, f"<p>{words}</p>")
        outbox.queue_mail(
            session,
            mail,
            dedup=f"m{number}",
            talk=talk,
            site=site,
            now=now,
            tells={"now": {"title": talk.proposal.title}} if talk else None,
        )
    bulk = Mail("digest", "nora@example.org", "Calls", f"{NAME} speaks", "x", unsubscribe="https://example.org/off")
    outbox.queue_mail(session, bulk, dedup="bulk", site=site, now=now)
    for row in session.query(OutboxMessage).where(OutboxMessage.dedup.in_(("m1", "bulk"))):
        row.state, row.sent_at = MailState.SENT, now
    for sender, linked in ((EMAIL.title(), None), ("phone@calendar.example", talks[1].confirmations[0].id)):
        session.add(
            ReceivedMessage(
                fingerprint=sender,
                kind=ReceivedKind.OTHER,
                sender=sender,
                subject="halcyonic",
                message=b"Subject: halcyonic\r\n\r\nhalcyonic",
                confirmation_id=linked,
                received_at=now,
            )
        )
