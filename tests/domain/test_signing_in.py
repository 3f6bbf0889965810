"""A sign-in ends after thirty days, and after seven without use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.signing_in import is_live, is_recent, is_seen_late

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass
class Row:
    created_at: datetime = NOW
    seen_at: datetime = NOW
    expires_at: datetime = NOW + timedelta(days=30)
    ended_at: datetime | None = None


@pytest.mark.parametrize(
    ("row", "later", "live"),
    [
        (Row(), timedelta(days=7) - SECOND, True),
        (Row(), timedelta(days=7), False),
        (Row(seen_at=NOW + timedelta(days=29)), timedelta(days=30) - SECOND, True),
        (Row(seen_at=NOW + timedelta(days=29)), timedelta(days=30), False),
        (Row(ended_at=NOW), timedelta(), False),
    ],
)
def test_a_sign_in_lives_while_it_is_used_and_not_too_old(row, later, live):
    assert is_live(row, now=NOW + later) is live


def test_a_sign_in_is_recent_for_an_hour():
    assert [is_recent(Row(), now=NOW + timedelta(hours=1) - step) for step in (SECOND, timedelta())] == [True, False]


def test_use_is_noted_once_a_day():
    assert [is_seen_late(Row(), now=NOW + timedelta(days=1) - step) for step in (SECOND, timedelta())] == [False, True]
