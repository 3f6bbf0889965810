"""The promise, proven: whatever happens to a talk, a stranger finds of its speakers what they chose, and nothing more.

The stranger walks over the routes themselves, so that one written tomorrow is searched too; every mail is searched for
what its reader may not know, every log line for whatever names anybody. The allowed words must be found: a search that
finds nothing proves nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.confirming import Answer
from app.domain.people import Role
from app.domain.proposals import SeriesPreference
from app.domain.publication import Audience
from app.domain.states import ProposalState
from app.models import OutboxMessage, Proposal, Talk, Touchpoint
from app.services import confirming, inviting, placing, proposing, scheduling
from app.services.auditing import LINK, Actor
from tests.cast import make_person, make_proposal, make_series, make_touchpoint
from tests.leaks.canaries import CANARIES, Canary
from tests.leaks.readings import found_anywhere, found_in, of_mail, readings
from tests.leaks.stranger import Stranger

FIRST = datetime(2027, 1, 7, 14, 0)
ORGANIZER = "olu@example.org"
NOTHING_LEAKS_AND_NOTHING_IS_MISSED: tuple[list[tuple[str, str]], list[str]] = ([], [])


@dataclass
class Community:
    """Every canary on an open call of their own, on one they share, and the first also on the members' call."""

    session: object
    site: object
    clock: object
    stranger: Stranger
    levels: dict[Canary, Attribution | None] = field(default_factory=lambda: {each: each.level for each in CANARIES})

    def found(self) -> None:
        session = self.session
        self.organizer = make_person(session, "Olu Organizer", role=Role.ORGANIZER, email=ORGANIZER)
        self.thursday = make_series(session)
        self.members = make_series(session, "members", name="Members", audience=Audience.MEMBERS)
        self.calls = [
            make_touchpoint(session, self.thursday, FIRST + timedelta(weeks=week)) for week in range(len(CANARIES) + 2)
        ]
        self.closed = make_touchpoint(session, self.members, FIRST + timedelta(days=1))
        self.proposals = {canary: self._proposal(f"Subject {canary.number}", canary) for canary in CANARIES}
        self.duo = self._proposal("A subject for two", CANARIES[0], CANARIES[3])

    def publish(self) -> None:
        """Each canary confirms; the one who never chose is confirmed by an organizer, on the phone."""
        for canary, call in zip(CANARIES, self.calls, strict=False):
            self.answer(self.place(self.proposals[canary], call))
        self.answer(self.place(self.duo, self.calls[len(CANARIES)]))
        self.answer(self.place(self.proposals[CANARIES[0]], self.closed))

    def place(self, proposal: Proposal, call: Touchpoint) -> Talk:
        saw = self._saw()
        talk = placing.place_proposal(self.session, proposal, onto=call, version=proposal.version, **saw)
        inviting.invite_talk(self.session, talk, version=talk.version, **saw)
        talk.slides_url = CANARIES[0].slides if proposal is self.duo else self._canary(proposal).slides
        return talk

    def answer(self, talk: Talk) -> None:
        """Every speaker says yes at their present level."""
        for confirmation in list(talk.confirmations):
            canary = next(each for each in CANARIES if each.mail == confirmation.speaker.email)
            level = self.levels[canary]
            if level is None:
                confirming.confirm_on_behalf(self.session, confirmation, note="By phone", **self._saw())
                continue
            answer = Answer(talk.proposal.title, talk.proposal.abstract, level, recording_consent=True)
            confirming.confirm_talk(self.session, confirmation, answer, **{**self._saw(), "by": LINK})

    def talks(self) -> list[Talk]:
        return list(self.session.scalars(select(Talk).order_by(Talk.id)))

    def search(self) -> tuple[list[tuple[str, str]], list[str]]:
        """What a stranger finds now: (where, word) of all that is hidden, and the words they should find and do not."""
        pages = self.stranger.walk()
        hidden = [word for canary, level in self.levels.items() for word in canary.hidden(level)]
        shown = [word for canary, level in self.levels.items() for word in canary.shown(level)]
        found = {word for _, word in found_anywhere(pages, shown)}
        return found_anywhere(pages, hidden), [word for word in shown if word not in found]

    def _canary(self, proposal: Proposal) -> Canary:
        return next(canary for canary, own in self.proposals.items() if own is proposal)

    def _proposal(self, title: str, *canaries: Canary) -> Proposal:
        speakers = tuple(canary.speaker(position=number) for number, canary in enumerate(canaries))
        proposal = make_proposal(
            self.session,
            title,
            state=ProposalState.ACCEPTED,
            speakers=speakers,
            email=canaries[0].mail,
            preference=SeriesPreference.BOTH,
        )
        proposal.private_note, proposal.links = canaries[0].note, [canary.link for canary in canaries]
        proposal.benefit = "Others need not find it out again."
        return proposal

    def _saw(self) -> dict[str, object]:
        now = self.clock.advance(timedelta(minutes=1))
        return {"by": Actor.signed_in(self.organizer), "site": self.site, "now": now}


@pytest.fixture
def engine_name() -> str:
    return "sqlite"  # what is shown does not depend on it


@pytest.fixture
def community(app, session, site, clock, caplog) -> Community:
    caplog.set_level(logging.DEBUG)
    community = Community(session, site, clock, Stranger(app, session))
    community.found()
    session.commit()
    return community


def nothing_more(community: Community) -> None:
    """Everybody has confirmed, and that is all."""


def move_everything(community: Community) -> None:
    for call in community.calls:
        to = call.local_start + timedelta(hours=2)
        scheduling.move_touchpoint(community.session, call, to=to, version=call.version, **community._saw())
    for talk in community.talks():
        community.answer(talk)


def retract(community: Community) -> None:
    """Everybody lowers their level to none, by their own link."""
    community.levels = dict.fromkeys(CANARIES)
    for talk in community.talks():
        for confirmation in list(talk.confirmations):
            answer = Answer(talk.proposal.title, talk.proposal.abstract, Attribution.NONE, recording_consent=True)
            confirming.confirm_talk(community.session, confirmation, answer, **{**community._saw(), "by": LINK})


def cancel_every_call(community: Community) -> None:
    community.levels = dict.fromkeys(CANARIES)
    for call in community.calls:
        scheduling.skip_touchpoint(
            community.session, call, reason="A public holiday", version=call.version, **community._saw()
        )


def withdraw_every_talk(community: Community) -> None:
    community.levels = dict.fromkeys(CANARIES)
    for proposal in (*community.proposals.values(), community.duo):
        proposing.withdraw_proposal(community.session, proposal, **{**community._saw(), "by": LINK})


HAPPENINGS: list[Callable[[Community], None]] = [
    nothing_more,
    move_everything,
    retract,
    cancel_every_call,
    withdraw_every_talk,
]


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_a_stranger_finds_what_the_speakers_chose_and_no_more(community, caplog, happening):
    community.publish()
    happening(community)
    assert community.search() == NOTHING_LEAKS_AND_NOTHING_IS_MISSED
    assert _named_in_logs(caplog) == []


def test_before_anybody_has_confirmed_nothing_is_found(community):
    for canary, call in zip(CANARIES, community.calls, strict=False):
        community.place(community.proposals[canary], call)
    community.levels = dict.fromkeys(CANARIES)
    assert community.search() == NOTHING_LEAKS_AND_NOTHING_IS_MISSED


def test_of_a_members_only_call_no_speaker_is_found(community, session):
    for week, canary in enumerate(CANARIES):
        call = make_touchpoint(session, community.members, FIRST + timedelta(weeks=week, days=2))
        community.answer(community.place(community.proposals[canary], call))
    community.levels = dict.fromkeys(CANARIES)
    assert community.search() == NOTHING_LEAKS_AND_NOTHING_IS_MISSED


def test_mails_tell_nobody_but_the_speaker_and_the_organizers(community):
    community.publish()
    move_everything(community)
    retract(community)
    cancel_every_call(community)
    rows = community.session.execute(select(OutboxMessage.recipient, OutboxMessage.kind, OutboxMessage.message)).all()
    assert {canary.mail for canary in CANARIES} <= {recipient for recipient, _, _ in rows}
    for recipient, kind, message in rows:
        if recipient == ORGANIZER:
            continue
        text = readings(of_mail(message_from_bytes(message, policy=policy.SMTP)))
        others = [canary for canary in CANARIES if canary.mail != recipient]
        hidden = [word for canary in others for word in canary.hidden(canary.level)]
        assert (kind, found_in(text, hidden)) == (kind, [])


def _named_in_logs(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Whatever names a person or a talk in any line of any log."""
    text = readings("\n".join(record.getMessage() for record in caplog.records).encode())
    words = [word for canary in CANARIES for word in (canary.first, canary.last, canary.mark)]
    return found_in(text, [*words, "A subject for two", ORGANIZER])
