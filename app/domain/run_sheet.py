"""What the facilitator of a call does and says, part by part: when to record, and from where the Rule holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.domain.agenda import Segment, SegmentKind
from app.domain.disclosure import may_be_recorded
from app.domain.notice import rule_scope
from app.domain.running_order import running_order, segment_starts
from app.domain.wording import Wording

_QUESTIONS = "Questions and discussion"


@dataclass(frozen=True)
class SheetTalk:
    """A confirmed talk. `consented`: every speaker agreed to a recording of it."""

    title: str
    minutes: int
    consented: bool


@dataclass(frozen=True)
class Cue:
    """At a change of part: what to `do`, and what to `say` aloud. Both may be empty."""

    do: tuple[str, ...] = ()
    say: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step: a part, or a talk in it. `starts` is in minutes from the call's start.

    `talk` is the number of the talk, if it is one. `overrun` counts the minutes into the step that follows.
    """

    title: str
    starts: int
    minutes: int
    recorded: bool
    under_rule: bool
    kind: SegmentKind
    talk: int | None = None
    overrun: int = 0
    cue: Cue = Cue()

    @property
    def state(self) -> str:
        """What holds while it is on, in a few words."""
        tape = "Recorded" if self.recorded else "Not recorded"
        return f"{tape}, under the Rule" if self.under_rule else tape

    @property
    def lacks_talk(self) -> bool:
        return self.kind is SegmentKind.TALK and self.talk is None and self.title != _QUESTIONS


@dataclass(frozen=True)
class Script:
    """The steps of a call in order, what to do at its end, and the numbers of the talks without a place in it."""

    steps: tuple[Step, ...]
    closing: Cue
    unplaced: tuple[int, ...]


def script(segments: Sequence[Segment], talks: Sequence[SheetTalk], *, wording: Wording) -> Script:
    """The run of a call of these parts and confirmed talks, which stand where the public page shows them."""
    places = running_order(segments, [talk.minutes for talk in talks])
    starts = segment_starts(segments)
    scope = rule_scope(segments)
    steps: list[Step] = []
    for number, (segment, at) in enumerate(zip(segments, starts, strict=True)):
        allowed = may_be_recorded(segment, scope)
        begins = [
            (index, talks[index], place.starts)
            for index, place in enumerate(places)
            if place is not None and place.segment == number
        ]
        steps += _steps(segment, at, begins, allowed=allowed)
    steps = [*_with_overruns(steps)]
    return Script(
        steps=_with_cues(steps, wording=wording),
        closing=_closing(steps),
        unplaced=tuple(index for index, place in enumerate(places) if place is None),
    )


def _steps(segment: Segment, at: int, begins: Sequence[tuple[int, SheetTalk, int]], *, allowed: bool) -> Iterator[Step]:
    """The part; one for talks has a step for each of its talks, and one for the minutes that they leave."""
    if not begins:
        recorded = allowed and segment.kind is not SegmentKind.TALK
        yield Step(segment.heading, at, segment.minutes, recorded, segment.under_rule, segment.kind)
        return
    for index, talk, starts in begins:
        recorded = allowed and talk.consented
        yield Step(talk.title, starts, talk.minutes, recorded, segment.under_rule, segment.kind, talk=index)
    _, last, starts = begins[-1]
    if (left := at + segment.minutes - starts - last.minutes) > 0:
        recorded = allowed and all(talk.consented for _, talk, _ in begins)
        ends = starts + last.minutes
        yield Step(_QUESTIONS, ends, left, recorded, segment.under_rule, segment.kind)


def _with_overruns(steps: Sequence[Step]) -> Iterator[Step]:
    for step, following in pairwise(steps):
        yield replace(step, overrun=max(0, step.starts + step.minutes - following.starts))
    yield from steps[-1:]


def _with_cues(steps: Sequence[Step], *, wording: Wording) -> tuple[Step, ...]:
    tape = any(step.recorded for step in steps)
    opening = Cue(
        do=("Read out the notice.", *_opening(steps[:1], tape=tape)),
        say=_said(None, steps[0], wording) if steps else (),
    )
    cues = [opening, *(_cue(before, step, wording) for before, step in pairwise(steps))]
    return tuple(replace(step, cue=cue) for step, cue in zip(steps, cues, strict=False))


def _opening(first: Sequence[Step], *, tape: bool) -> tuple[str, ...]:
    if any(step.recorded for step in first):
        return ("Start the recording now.",)
    return ("Do not record yet.",) if tape else ("Do not record: nothing of this call is.",)


def _cue(before: Step, step: Step, wording: Wording) -> Cue:
    do = ""
    if before.recorded != step.recorded:
        do = "Start the recording now." if step.recorded else "Stop the recording."
    return Cue(do=(do,) if do else (), say=_said(before, step, wording))


def _said(before: Step | None, step: Step, wording: Wording) -> tuple[str, ...]:
    """Aloud, so that everybody knows: what the tape does, and where the Rule begins and ends."""
    was_recorded, was_under_rule = (before.recorded, before.under_rule) if before else (False, False)
    said = []
    if step.recorded and not was_recorded:
        said.append("This is recorded from here.")
    if was_recorded and not step.recorded:
        said.append("The recording has stopped.")
    if step.under_rule and not was_under_rule:
        said.append(f"From here the Chatham House Rule applies. {wording.asks}")
    if was_under_rule and not step.under_rule:
        said.append("From here the Rule does not apply. What was said under it stays under it.")
    return tuple(said)


def _closing(steps: Sequence[Step]) -> Cue:
    do = ("Stop the recording.",) if steps and steps[-1].recorded else ()
    under_rule = any(step.under_rule for step in steps)
    say = ("What was said under the Chatham House Rule stays under it.",) if under_rule else ()
    return Cue(do=do, say=("Thank you all.", *say))
