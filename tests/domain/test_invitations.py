"""Speakers have a week to answer, or half of what is left; they are reminded once, and then the talk is at risk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.invitations import answer_by, is_at_risk, is_reminder_due
from app.domain.states import TalkState

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("ahead", "time_to_answer"),
    [(40 * DAY, 7 * DAY), (14 * DAY, 7 * DAY), (6 * DAY, 3 * DAY), (2 * HOUR, HOUR), (-DAY, 0 * DAY)],
)
def test_an_answer_is_due_in_a_week_or_in_half_of_what_is_left(ahead, time_to_answer):
    assert answer_by(NOW, NOW + ahead) == NOW + time_to_answer


@pytest.mark.parametrize(
    ("time_to_answer", "after", "due"),
    [
        (7 * DAY, 4 * DAY, True),
        (7 * DAY, 4 * DAY - HOUR, False),
        (4 * DAY, 2 * DAY, True),
        (4 * DAY, 2 * DAY - HOUR, False),
        (7 * DAY, 9 * DAY, True),
    ],
)
def test_a_reminder_is_due_three_days_before_but_not_before_half_time(time_to_answer, after, due):
    assert is_reminder_due(invited_at=NOW, answer_by=NOW + time_to_answer, now=NOW + after) is due


@pytest.mark.parametrize(("invited_at", "deadline"), [(None, NOW), (NOW, None)])
def test_nobody_is_reminded_who_was_not_asked(invited_at, deadline):
    assert not is_reminder_due(invited_at=invited_at, answer_by=deadline, now=NOW + 30 * DAY)


@pytest.mark.parametrize(
    ("state", "deadline", "reminded_at", "at_risk"),
    [
        (TalkState.INVITED, NOW + DAY, None, False),
        (TalkState.INVITED, NOW + DAY, NOW - HOUR, True),
        (TalkState.INVITED, NOW, None, True),
        (TalkState.INVITED, None, None, False),
        (TalkState.CONFIRMED, NOW, NOW - HOUR, False),
        (TalkState.HOLD, None, None, False),
    ],
)
def test_an_unanswered_talk_is_at_risk_once_reminded_or_overdue(state, deadline, reminded_at, at_risk):
    assert is_at_risk(state, answer_by=deadline, reminded_at=reminded_at, now=NOW) is at_risk
