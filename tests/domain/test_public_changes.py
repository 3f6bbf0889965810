"""What a step between two public values is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.attribution import PublicText
from app.domain.public_changes import ChangeKind, change_between
from app.domain.publication import PublicStatus
from tests.public_values import CALL

PLANNED = replace(CALL, status=PublicStatus.PLANNED)
OFF = replace(CALL, status=PublicStatus.CANCELLED, talks=())


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, PLANNED, None),
        (None, CALL, ChangeKind.PUBLISHED),
        (PLANNED, CALL, ChangeKind.PUBLISHED),
        (PLANNED, replace(PLANNED, minutes=30), None),
        (CALL, OFF, ChangeKind.CANCELLED),
        (None, OFF, ChangeKind.CANCELLED),
        (OFF, replace(OFF, reason=PublicText("Holiday")), ChangeKind.CORRECTED),
        (OFF, CALL, ChangeKind.RESTORED),
        (OFF, replace(CALL, starts_at=CALL.starts_at + timedelta(days=7)), ChangeKind.RESTORED),
        (CALL, replace(CALL, starts_at=CALL.starts_at + timedelta(days=7)), ChangeKind.MOVED),
        (CALL, replace(CALL, minutes=90), ChangeKind.MOVED),
        (CALL, replace(CALL, talks=CALL.talks[:1]), ChangeKind.CORRECTED),
    ],
)
def test_a_step_has_one_name(before, after, kind):
    assert change_between(before, after) is kind
