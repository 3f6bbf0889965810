"""The run sheet: steps at their minutes, and at each change what to do with the tape and what to say of the Rule."""

from __future__ import annotations

from dataclasses import replace

from app.domain.agenda import STANDARD_AGENDA, Segment, SegmentKind
from app.domain.run_sheet import Cue, SheetTalk, script
from app.domain.wording import STANDARD

WELCOME, SLOT, UPDATES, FORUM = STANDARD_AGENDA
TALK = SheetTalk("Upstream first", 20, consented=True)
RULE_BEGINS = f"From here the Chatham House Rule applies. {STANDARD.asks}"
RULE_ENDS = "From here the Rule does not apply. What was said under it stays under it."
STAYS = "What was said under the Chatham House Rule stays under it."


def run(segments=STANDARD_AGENDA, *talks):
    return script(segments, talks, wording=STANDARD)


def placed(steps):
    return [(step.title, step.starts, step.minutes, step.recorded, step.under_rule) for step in steps]


def test_a_standard_call_from_the_welcome_to_the_forum():
    sheet = run(STANDARD_AGENDA, TALK)
    assert placed(sheet.steps) == [
        ("Welcome", 0, 5, False, False),
        ("Upstream first", 5, 20, True, False),
        ("Working-group updates", 25, 15, False, False),
        ("Open forum", 40, 20, False, True),
    ]
    assert [step.cue for step in sheet.steps] == [
        Cue(do=("Read out the notice.", "Do not record yet.")),
        Cue(do=("Start the recording now.",), say=("This is recorded from here.",)),
        Cue(do=("Stop the recording.",), say=("The recording has stopped.",)),
        Cue(say=(RULE_BEGINS,)),
    ]
    assert sheet.closing == Cue(say=("Thank you all.", STAYS))
    assert [step.state for step in sheet.steps[1:]] == ["Recorded", "Not recorded", "Not recorded, under the Rule"]
    assert [step.talk for step in sheet.steps] == [None, 0, None, None]


def test_the_tape_stops_where_the_rule_begins():
    sheet = run((WELCOME, SLOT, FORUM), TALK)
    assert sheet.steps[2].cue == Cue(do=("Stop the recording.",), say=("The recording has stopped.", RULE_BEGINS))


def test_the_rule_ends_and_the_tape_begins():
    sheet = run((FORUM, SLOT), TALK)
    assert sheet.steps[0].cue == Cue(do=("Read out the notice.", "Do not record yet."), say=(RULE_BEGINS,))
    assert sheet.steps[1].cue == Cue(do=("Start the recording now.",), say=("This is recorded from here.", RULE_ENDS))
    assert sheet.closing == Cue(do=("Stop the recording.",), say=("Thank you all.", STAYS))


def test_a_talk_without_every_consent_is_not_recorded():
    sheet = run(STANDARD_AGENDA, replace(TALK, consented=False))
    assert not any(step.recorded for step in sheet.steps)
    assert sheet.steps[0].cue.do == ("Read out the notice.", "Do not record: nothing of this call is.")
    assert sheet.steps[1].cue == Cue()


def test_a_call_that_is_recorded_from_its_first_minute():
    sheet = run((replace(WELCOME, recorded=True),))
    assert sheet.steps[0].cue == Cue(
        do=("Read out the notice.", "Start the recording now."), say=("This is recorded from here.",)
    )
    assert sheet.closing == Cue(do=("Stop the recording.",), say=("Thank you all.",))


def test_nothing_of_a_call_under_the_rule_as_a_whole_is_recorded():
    sheet = run((replace(SLOT, under_rule=True),), TALK)
    assert placed(sheet.steps) == [("Upstream first", 0, 20, False, True)]


def test_two_talks_of_one_part_each_have_their_own_tape_and_questions_follow():
    first, second = replace(TALK, minutes=10), SheetTalk("Off the tape", 5, consented=False)
    sheet = run(STANDARD_AGENDA, first, second)
    assert placed(sheet.steps)[1:4] == [
        ("Upstream first", 5, 10, True, False),
        ("Off the tape", 15, 5, False, False),
        ("Questions and discussion", 20, 5, False, False),
    ]
    assert [step.cue.do for step in sheet.steps[1:4]] == [("Start the recording now.",), ("Stop the recording.",), ()]
    assert [step.lacks_talk for step in sheet.steps] == [False] * 6


def test_questions_after_recorded_talks_are_recorded():
    sheet = run(STANDARD_AGENDA, replace(TALK, minutes=15))
    assert placed(sheet.steps)[2] == ("Questions and discussion", 20, 5, True, False)


def test_a_part_for_talks_without_one_says_so_and_is_not_recorded():
    sheet = run()
    assert placed(sheet.steps)[1] == ("Guest talk and questions", 5, 20, False, False)
    assert [step.lacks_talk for step in sheet.steps] == [False, True, False, False]


def test_a_talk_that_runs_into_the_next_part_is_said_to():
    small = replace(SLOT, minutes=15)
    sheet = run((small, small, FORUM), replace(TALK, minutes=10), replace(TALK, minutes=20))
    assert [(step.title, step.starts, step.overrun) for step in sheet.steps] == [
        ("Upstream first", 0, 0),
        ("Questions and discussion", 10, 0),
        ("Upstream first", 15, 5),
        ("Open forum", 30, 0),
    ]


def test_talks_without_a_part_for_them_are_named_apart():
    sheet = run((WELCOME, FORUM), TALK)
    assert (len(sheet.steps), sheet.unplaced) == (2, (0,))


def test_a_call_without_an_agenda_has_no_steps():
    sheet = run((), TALK)
    assert (sheet.steps, sheet.unplaced, sheet.closing) == ((), (0,), Cue(say=("Thank you all.",)))


def test_a_part_that_an_earlier_release_let_be_recorded_under_the_rule_is_not():
    updates = Segment(SegmentKind.UPDATES, "Updates", 15, recorded=True, under_rule=True)
    assert not run((WELCOME, updates)).steps[1].recorded
