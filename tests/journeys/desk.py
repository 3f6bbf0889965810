"""The organizers' desk in services: a whole talk in one call, for journeys that are about many talks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.confirming import Answer
from app.domain.people import RoleCategory
from app.domain.proposals import Level, ProposalDraft, SeriesPreference, SpeakerDraft, TalkFormat
from app.domain.reviews import Ground, Vote
from app.domain.site import Site
from app.domain.states import ConfirmationState, ProposalState
from app.models import Person, Proposal, Talk, Touchpoint
from app.services import confirming, inviting, placing, proposing, reviewing
from app.services.auditing import LINK, VISITOR, Actor
from app.services.reviewing import Decision
from tests.conftest import Clock


@dataclass(frozen=True)
class Desk:
    """Two organizers who decide together. The first of them acts on the board."""

    session: Session
    site: Site
    clock: Clock
    organizers: tuple[Person, Person]

    @property
    def by(self) -> Actor:
        return Actor.signed_in(self.organizers[0])

    def accept(
        self, title: str, speakers: tuple[tuple[str, str], ...], *, topic: str, minutes: int, recorded: bool
    ) -> Proposal:
        """Proposed by its first speaker from an address that they prove, voted for by both, and accepted."""
        session, site, now = self.session, self.site, self.clock.now
        draft = _draft(title, speakers, topic=topic, minutes=minutes, recorded=recorded)
        form_key = f"the one-time form key of {draft.email}"
        proposal = proposing.submit_proposal(session, draft, form_key=form_key, by=VISITOR, site=site, now=now)
        proposing.confirm_address(session, proposal, version=proposal.version, by=LINK, site=site, now=now)
        for organizer in self.organizers:
            reviewing.cast_vote(session, proposal, vote=Vote.YES, comment="", by=Actor.signed_in(organizer), now=now)
        decision = Decision(ProposalState.ACCEPTED, "", Ground.MAJORITY)
        reviewing.decide(session, proposal, decision, version=proposal.version, by=self.by, site=site, now=now)
        return proposal

    def invite(self, proposal: Proposal, onto: Touchpoint) -> None:
        """Place it on the call, and ask its speakers."""
        saw = {"by": self.by, "site": self.site, "now": self.clock.now}
        talk = placing.place_proposal(self.session, proposal, onto=onto, version=proposal.version, **saw)
        inviting.invite_talk(self.session, talk, version=talk.version, **saw)

    def answer(self, talk: Talk) -> None:
        """Each speaker who is asked confirms, and chooses to be named in full; recorded, if the first one wishes."""
        asked = [each for each in talk.confirmations if each.state is ConfirmationState.ASKED]
        assert asked, "nobody is asked"
        proposal, recorded = talk.proposal, talk.confirmations[0].recording_consent
        for confirmation in asked:
            answer = Answer(proposal.title, proposal.abstract, _in_full(confirmation.speaker.affiliation), recorded)
            confirming.confirm_talk(self.session, confirmation, answer, by=LINK, site=self.site, now=self.clock.now)

    def talk_on(self, touchpoint: Touchpoint) -> Talk:
        """The one talk on the call."""
        return self.session.scalars(select(Talk).where(Talk.touchpoint_id == touchpoint.id)).one()


def _draft(
    title: str, speakers: tuple[tuple[str, str], ...], *, topic: str, minutes: int, recorded: bool
) -> ProposalDraft:
    people = tuple(
        SpeakerDraft(
            number=number,
            name=name,
            email=address_of(name),
            affiliation=affiliation,
            role_category=RoleCategory.OSPO,
            attribution=_in_full(affiliation),
            recording_consent=recorded,
        )
        for number, (name, affiliation) in enumerate(speakers)
    )
    return ProposalDraft(
        title=title,
        abstract="The talk shows what its title says.",  # the record keeps no abstracts
        benefit="Others need not find it out again.",
        format=TalkFormat.PRESENTATION,
        minutes=minutes,
        level=Level.INTRODUCTORY,
        topics=(topic,),
        preference=SeriesPreference.EITHER,
        speakers=people,
        email=people[0].email,
        acknowledged=True,
    )


def _in_full(affiliation: str) -> Attribution:
    return Attribution.NAME_AND_AFFILIATION if affiliation else Attribution.NAME


def address_of(name: str) -> str:
    """An address for a name, with ASCII letters alone: addresses are not in the record."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
    return f"{letters}@example.org"
