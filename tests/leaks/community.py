"""The scene of the leak suite: people with words of their own, and the use cases that lead them through everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.confirming import Answer
from app.domain.group_forms import ChairDraft, ChannelDraft, GroupDraft
from app.domain.notes import NotesAudience
from app.domain.people import Role
from app.domain.proposals import SeriesPreference
from app.domain.publication import Audience, PublicDetail
from app.domain.reviews import Vote
from app.domain.secret import Secret
from app.domain.site import Site
from app.domain.states import ProposalState
from app.models import JoinLink, Person, Proposal, Review, Speaker, Talk, Topic, Touchpoint
from app.services import (
    confirming,
    inviting,
    notes,
    placing,
    proposing,
    publishing,
    publishing_notes,
    retracting,
    scheduling,
)
from app.services.auditing import LINK, Actor
from app.services.own_data.erasing import erase
from app.services.own_data.holders import holder_of
from app.services.working_groups.chairing import choose_naming
from app.services.working_groups.keeping import add_group
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint
from tests.conftest import Clock
from tests.leaks.canaries import CANARIES, EVERYBODY, MEMBER, MODERATOR, NORA, ORGANIZER, SCRIBE, WAITING, Canary
from tests.leaks.columns import fill_empty_tables, mark_columns
from tests.leaks.walking import Found

FIRST = datetime(2027, 1, 7, 14, 0)
NOTED = "somebody wrote down all of this"
CHAIRS = WAITING, NORA
ACCOUNTS = 947_281_365
"""The number of the first account: none that could stand anywhere by chance."""


@dataclass
class Community:
    """Every canary on an open call of their own; two share one; the first also speaks on the members' call.

    `levels` says at which each may be known now.
    """

    session: Session
    site: Site
    clock: Clock
    levels: dict[Canary, Attribution | None] = field(default_factory=lambda: {each: each.level for each in CANARIES})

    def found(self) -> None:
        """People, series, calls and proposals; nothing is public yet."""
        session = self.session
        crew = (ORGANIZER, Role.ORGANIZER), (MODERATOR, Role.MEMBER), (SCRIBE, Role.MEMBER), (MEMBER, Role.MEMBER)
        crew = *crew, (NORA, Role.VOLUNTEER), (WAITING, Role.VOLUNTEER)
        self.people = {who: self._account(who, role) for who, role in crew}
        self.people |= {canary: self._account(canary, Role.VOLUNTEER) for canary in CANARIES}
        self.thursday = make_series(session)
        self.members = make_series(session, "members", name="Members", audience=Audience.MEMBERS)
        self.calls = [
            make_touchpoint(session, self.thursday, FIRST + timedelta(weeks=week)) for week in range(len(CANARIES) + 3)
        ]
        self.closed = make_touchpoint(session, self.members, FIRST + timedelta(days=1))
        for call in (*self.calls, self.closed):
            call.moderator = self.people[MODERATOR]
        session.add(Topic(slug="law", name="Law", position=0))
        self.proposals = {canary: self._proposal(f"Subject {canary.number}", canary) for canary in CANARIES}
        self.duo = self._proposal("A subject for two", CANARIES[0], CANARIES[3])
        make_talk(session, self._proposal("Nothing for now", WAITING), self.calls[-2])  # nobody is asked
        session.add_all(self._secrets())
        self._begin_a_group()
        mark_columns(session)

    def _begin_a_group(self) -> None:
        """Two who are named nowhere chair it: one has not answered, one said so; its texts and addresses name both."""
        waiting, nora = (ChairDraft(place, None, who.name, who.employer, who.mail) for place, who in enumerate(CHAIRS))
        draft = GroupDraft(
            name=f"Friends of {CHAIRS[0].name}",
            slug="friends",
            scope="\n\n".join(f"{who.name} of {who.employer} ({who.mail}) began it." for who in CHAIRS),
            notes=f"Ask {CHAIRS[1].first}.",
            repository=f"https://git.example.org/{CHAIRS[0].mark}.post/friends",
            rhythm=f"When {CHAIRS[1].name} has time",
            channels=(
                ChannelDraft(0, f"Mail to {CHAIRS[0].name}", f"mailto:{CHAIRS[0].mail}"),
                ChannelDraft(1, f"Chat with {CHAIRS[1].name}", "https://chat.example.org/friends"),
            ),
            chairs=(waiting, nora),
        )
        group = add_group(self.session, draft, **self.organizer())
        said = {"name": nora.name, "affiliation": nora.affiliation, "naming": Attribution.NONE}
        choose_naming(self.session, group.chairs[1], **said, by=LINK, now=self.later())
        for call in self.calls[:2]:
            call.segments[2].working_group = group
        self.duo.working_group = group

    def publish(self) -> None:
        """Each canary confirms, under the name before the edit; the one who never chose is confirmed by phone."""
        for canary, call in zip(CANARIES, self.calls, strict=False):
            self.answer(self.place(self.proposals[canary], call))
        self.answer(self.place(self.duo, self.calls[len(CANARIES)]))
        self.answer(self.place(self.proposals[CANARIES[0]], self.closed))
        self.correct()

    def correct(self) -> None:
        """Everybody has a new last name, somebody writes names into the texts again, and all is published anew."""
        for speaker in self.session.scalars(select(Speaker)):
            speaker.name = self._who(speaker).name
        for proposal in (*self.proposals.values(), self.duo):
            self._betray(proposal)
        calls = [*self.calls, self.closed]
        publishing.publish_touchpoints(self.session, calls, site=self.site, now=self.later())
        self.session.commit()

    def place(self, proposal: Proposal, call: Touchpoint) -> Talk:
        saw = self.organizer()
        talk = placing.place_proposal(self.session, proposal, onto=call, version=proposal.version, **saw)
        inviting.invite_talk(self.session, talk, version=talk.version, **saw)
        talk.slides_url = CANARIES[0].slides if proposal is self.duo else self._canary(proposal).slides
        return talk

    def answer(self, talk: Talk) -> None:
        """Every speaker says yes at their present level."""
        for confirmation in list(talk.confirmations):
            level = self.levels[self._who(confirmation.speaker)]
            if level is None:
                confirming.confirm_on_behalf(self.session, confirmation, note="By phone", **self.organizer())
            else:
                answer = Answer(talk.proposal.title, talk.proposal.abstract, level, True, True, words_stand=False)
                confirming.confirm_talk(self.session, confirmation, answer, **self.by_link())

    def move_everything(self) -> None:
        for call in self.calls:
            to = call.local_start + timedelta(hours=2)
            scheduling.move_touchpoint(self.session, call, to=to, version=call.version, **self.organizer())
        for talk in self.talks():
            self.answer(talk)

    def retract(self) -> None:
        """Everybody lowers their level to none, by their own link."""
        self.levels = dict.fromkeys(CANARIES)
        for talk in self.talks():
            for confirmation in list(talk.confirmations):
                answer = Answer(
                    talk.proposal.title, talk.proposal.abstract, Attribution.NONE, True, False, words_stand=False
                )
                confirming.confirm_talk(self.session, confirmation, answer, **self.by_link())

    def cancel_every_call(self) -> None:
        self.levels = dict.fromkeys(CANARIES)
        for call in (*self.calls, self.closed):
            saw = self.organizer()
            scheduling.skip_touchpoint(self.session, call, reason="A public holiday", version=call.version, **saw)

    def withdraw_every_talk(self) -> None:
        self.levels = dict.fromkeys(CANARIES)
        for proposal in (*self.proposals.values(), self.duo):
            self.withdraw(proposal)

    def withdraw(self, proposal: Proposal) -> None:
        proposing.withdraw_proposal(self.session, proposal, **self.by_link())

    def leave_everybody_unnamed(self) -> None:
        """By the one button that names somebody nowhere any more."""
        self.levels = dict.fromkeys(CANARIES)
        for canary in CANARIES:
            retracting.leave_unnamed(self.session, canary.mail, **self.by_link())

    def erase_everybody(self) -> None:
        self.levels = dict.fromkeys(CANARIES)
        for canary in CANARIES:
            erase(self.session, holder_of(self.session, self.people[canary]), **self.organizer())

    def hide_the_members_calls(self) -> None:
        """Also from whoever has seen them."""
        self.members.public_detail = PublicDetail.NOTHING
        publishing.publish_series(self.session, self.members, with_past=True, site=self.site, now=self.later())
        self.session.commit()

    def publish_notes(self) -> None:
        """Of the first call: they name everybody, are made neutral, and published by a second person."""
        session, call, by = self.session, self.calls[0], self.by(SCRIBE)
        self.clock.advance(call.ends_at - self.clock.now)
        self.thursday.notes_audience, call.scribe = NotesAudience.PUBLIC, self.people[SCRIBE]
        text = "\n\n".join(f"{each.name} of {each.employer} ({each.mail}) asked why." for each in EVERYBODY)
        written = notes.save_notes(session, call, f"{text}\n\n{NOTED}", version=0, by=by, now=self.later())
        notes.replace_in_notes(session, call, None, version=written.version, by=by, now=self.later())
        notes.hand_over_notes(session, call, version=written.version, by=by, site=self.site, now=self.later())
        by = self.by(ORGANIZER)
        publishing_notes.publish_notes(session, call, version=written.version, by=by, now=self.later())

    def hold_everything(self) -> None:
        """Placed and asked, and nobody has said yes."""
        self.levels = dict.fromkeys(CANARIES)
        for canary, call in zip(CANARIES, self.calls, strict=False):
            self.place(self.proposals[canary], call)

    def mark(self, *, but: Canary | None = None) -> None:
        """Mark every column, in rows that are there by now; what somebody's own account says of them stays."""
        fill_empty_tables(self.session)
        mark_columns(self.session)
        if but is not None:
            own = self.people[but]
            self.session.refresh(own)
            own.name, own.affiliation, own.bio, own.pronouns = but.name, but.employer, but.bio, ""
            self.session.commit()

    def leaks(self, found: Found, *, own: Iterable[Canary] = ()) -> list[tuple[str, str]]:
        """(where, word) of all that is hidden and found. What is somebody's `own` they may read."""
        theirs = {word for canary in own for word in (*canary.words(), self._number(canary))}
        hidden = {word for canary in EVERYBODY for word in canary.hidden(self.levels.get(canary))}
        allowed = {word for canary in CANARIES for word in canary.words()} - hidden
        return [(place, word) for place, words in found.items() for word in sorted(words - allowed - theirs)]

    def verdict(self, found: Found) -> tuple[list[tuple[str, str]], list[str]]:
        """What leaks, and the words that should be found and are not."""
        shown = {word for canary, level in self.levels.items() for word in canary.shown(level)}
        return self.leaks(found), sorted(shown - set().union(*found.values()))

    def by(self, who: Canary) -> Actor:
        return Actor.signed_in(self.people[who])

    def talks(self) -> list[Talk]:
        return list(self.session.scalars(select(Talk).where(Talk.proposal_id.in_(self._ids())).order_by(Talk.id)))

    def organizer(self) -> dict[str, Any]:
        """What a use case takes of an organizer, a minute later."""
        return {"by": Actor.signed_in(self.people[ORGANIZER]), "site": self.site, "now": self.later()}

    def by_link(self) -> dict[str, Any]:
        """The same of whoever holds a mailed link."""
        return {"by": LINK, "site": self.site, "now": self.later()}

    def later(self) -> datetime:
        return self.clock.advance(timedelta(minutes=1))

    def _betray(self, proposal: Proposal) -> None:
        """Title and abstract say who speaks; whoever is named in full may have written their address, too.

        Not those of two: each of them reads and writes the whole text.
        """
        if len(proposal.speakers) > 1:
            return
        told = [
            f"{each.name} of {each.affiliation}" + (f" ({each.email})" if each.email != CANARIES[0].mail else "")
            for each in proposal.speakers
        ]
        proposal.title = f"Subject {proposal.id}, by {proposal.speakers[-1].name}"
        proposal.abstract = f"You hear a story.\n\n{', '.join(told)} tells it."

    def propose(self, canary: Canary) -> Proposal:
        """One more proposal, accepted."""
        return self._proposal("Once more", canary)

    def _ids(self) -> list[int]:
        return [proposal.id for proposal in (*self.proposals.values(), self.duo)]

    def _who(self, speaker: Speaker) -> Canary:
        return next(each for each in EVERYBODY if each.mail == speaker.email)

    def _canary(self, proposal: Proposal) -> Canary:
        return self._who(proposal.speakers[0])

    def _number(self, who: Canary) -> str:
        return str(ACCOUNTS + 1000 * who.number)

    def _account(self, who: Canary, role: Role) -> Person:
        person = who.account(number=int(self._number(who)), role=role)
        person.created_at = self.clock.now
        self.session.add(person)
        self.session.flush()
        return person

    def _proposal(self, title: str, *canaries: Canary) -> Proposal:
        speakers = tuple(canary.speaker(position=number) for number, canary in enumerate(canaries))
        proposal = make_proposal(
            self.session,
            title,
            state=ProposalState.ACCEPTED,
            speakers=speakers,
            owner=self.people[canaries[0]],
            email=canaries[0].mail,
            preference=SeriesPreference.BOTH,
        )
        proposal.private_note, proposal.links = canaries[0].note, [canary.link for canary in canaries]
        self._betray(proposal)
        proposal.topics = list(self.session.scalars(select(Topic)))
        now, organizer = self.clock.now, self.people[ORGANIZER]
        review = Review(organizer_id=organizer.id, vote=Vote.YES, comment=canaries[0].note, created_at=now)
        review.proposal_id, review.updated_at = proposal.id, now
        self.session.add(review)
        return proposal

    def _secrets(self) -> list[JoinLink]:
        ways = (
            ("url", "https://meet.example/"),
            ("passcode", "x"),
            ("dial_in", "+34"),
            ("registration", "https://r.example/"),
        )
        secrets = {name: Secret(value) for name, value in ways}
        return [JoinLink(series_id=series.id, **secrets) for series in (self.thursday, self.members)]
