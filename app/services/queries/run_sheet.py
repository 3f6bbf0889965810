"""The run sheet of a call, for those who run it: what comes when, who is introduced how, what to say, how to join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.attribution import PublicText, public_name
from app.domain.notice import Notice
from app.domain.publication import Audience
from app.domain.run_sheet import Cue, SheetTalk, Step, script
from app.domain.secret import WayIn
from app.domain.states import TAKES_MINUTES, TalkState, TouchpointState
from app.models import Person, Proposal, Talk, Touchpoint
from app.services.crew import find_call_to_run
from app.services.join_links import ways_in
from app.services.publishing import notice_on_call
from app.services.questions import accepted_questions
from app.services.talk_facts import speaker_facts, talk_facts
from app.services.wording import governing_wording

MOST_LATE = 60
"""Minutes by which a call may begin late."""


@dataclass(frozen=True)
class Introduced:
    """A speaker as the facilitator says them on the call, and `afterwards`: how anybody may name them after it."""

    name: str
    affiliation: str
    pronouns: str
    afterwards: PublicText


@dataclass(frozen=True)
class SheetRow:
    """A talk on the call with its speakers, in their order. `recorded`: every one of them agreed."""

    title: str
    minutes: int
    speakers: tuple[Introduced, ...]
    consented: bool


@dataclass(frozen=True)
class Line:
    """One step on the clock: aware UTC instants. `talk` is set where it is one."""

    step: Step
    starts_at: datetime
    ends_at: datetime
    talk: SheetRow | None


@dataclass(frozen=True)
class RunSheet:
    """All that a facilitator needs. `late` is by how many minutes the call began late, as they say.

    `waiting` talks are not confirmed, and have no place on the clock; `unplaced` ones are, but no part is for talks.
    """

    touchpoint: Touchpoint
    notice: Notice
    lines: tuple[Line, ...]
    closing: Cue
    waiting: tuple[SheetRow, ...]
    unplaced: tuple[SheetRow, ...]
    way_in: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]
    late: int

    @property
    def starts_at(self) -> datetime:
        return self.touchpoint.starts_at + timedelta(minutes=self.late)

    @property
    def ends_at(self) -> datetime:
        return self.touchpoint.ends_at + timedelta(minutes=self.late)

    @property
    def for_members(self) -> bool:
        return self.touchpoint.series.audience is Audience.MEMBERS

    @property
    def skipped(self) -> bool:
        return self.touchpoint.state is TouchpointState.SKIPPED

    def present(self, now: datetime) -> Line | None:
        """The step that is on at `now`: the last that has begun, until the call is over."""
        begun = [line for line in self.lines if line.starts_at <= now < self.ends_at]
        return begun[-1] if begun else None

    def following(self, now: datetime) -> Line | None:
        """The step that comes next."""
        return next((line for line in self.lines if line.starts_at > now), None)


def read_run_sheet(session: Session, key: str, *, person: Person, late: int) -> RunSheet:
    """The run sheet of the call of this key. Raises NotFound, also for somebody who does not run it."""
    touchpoint = find_call_to_run(session, key, person=person)
    talks = talks_that_stand(session, touchpoint)
    confirmed = [talk for talk in talks if talk.state is TalkState.CONFIRMED]
    wording = governing_wording(session, touchpoint)
    facts = [talk_facts(talk) for talk in confirmed]
    segments = [segment.value() for segment in touchpoint.segments]
    run = script(segments, [SheetTalk(each.title, each.minutes, each.consented) for each in facts], wording=wording)
    rows = [_row(talk) for talk in confirmed]
    way_in = ways_in(session, [touchpoint]).get(touchpoint.id, WayIn())
    late = min(max(late, 0), MOST_LATE)
    return RunSheet(
        touchpoint=touchpoint,
        notice=notice_on_call(touchpoint, talks=facts, wording=wording),
        lines=_lines(run.steps, rows, touchpoint.starts_at + timedelta(minutes=late)),
        closing=run.closing,
        waiting=tuple(_row(talk) for talk in talks if talk.state is not TalkState.CONFIRMED),
        unplaced=tuple(rows[number] for number in run.unplaced),
        way_in=way_in.revealed_lines(),
        questions=accepted_questions(session, touchpoint),
        late=late,
    )


def talks_that_stand(session: Session, touchpoint: Touchpoint) -> Sequence[Talk]:
    """The talks that take minutes of this call, confirmed or not, in order, with all that is said of them."""
    query = (
        select(Talk)
        .where(Talk.touchpoint_id == touchpoint.id, Talk.state.in_(TAKES_MINUTES))
        .order_by(Talk.position, Talk.id)
        .options(
            joinedload(Talk.proposal).options(selectinload(Proposal.speakers), selectinload(Proposal.topics)),
            selectinload(Talk.confirmations),
        )
    )
    return session.scalars(query).all()


def _row(talk: Talk) -> SheetRow:
    answers = {confirmation.speaker_id: confirmation for confirmation in talk.confirmations}
    facts = talk_facts(talk)
    return SheetRow(
        title=facts.title,
        minutes=facts.minutes,
        speakers=tuple(
            Introduced(
                name=speaker.name,
                affiliation=speaker.affiliation,
                pronouns=speaker.pronouns,
                afterwards=public_name(speaker_facts(speaker, answers.get(speaker.id))),
            )
            for speaker in talk.proposal.speakers
        ),
        consented=facts.consented,
    )


def _lines(steps: Sequence[Step], rows: Sequence[SheetRow], starts_at: datetime) -> tuple[Line, ...]:
    """The steps on the clock. Instants add up, so a change of the clocks during a call changes what they show."""
    lines = []
    for step in steps:
        at = starts_at + timedelta(minutes=step.starts)
        talk = rows[step.talk] if step.talk is not None else None
        lines.append(Line(step, at, at + timedelta(minutes=step.minutes), talk))
    return tuple(lines)
