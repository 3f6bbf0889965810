"""SEQUENCE, LAST-MODIFIED and status of a publication, change by change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.revision import PublicStatus, Revision, next_revision, next_status

PLANNED, CONFIRMED, CANCELLED = PublicStatus
BORN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = BORN + timedelta(hours=1)


@pytest.mark.parametrize(
    ("before", "takes_place", "after"),
    [
        (None, False, PLANNED),
        (None, True, CONFIRMED),
        (PLANNED, False, PLANNED),
        (PLANNED, True, CONFIRMED),
        (CONFIRMED, True, CONFIRMED),
        (CONFIRMED, False, CANCELLED),
        (CANCELLED, False, CANCELLED),
        (CANCELLED, True, CONFIRMED),
    ],
)
def test_what_was_once_in_a_feed_is_cancelled_and_never_just_vanishes(before, takes_place, after):
    assert next_status(before, takes_place=takes_place) is after


def test_a_publication_is_born_with_sequence_zero():
    assert next_revision(None, PLANNED, now=BORN) == Revision(PLANNED, 0, BORN, BORN, None)


def test_sequence_stays_while_nobody_could_have_seen_a_lower_one():
    planned = next_revision(None, PLANNED, now=BORN)
    assert next_revision(planned, PLANNED, now=LATER) == Revision(PLANNED, 0, BORN, LATER, None)
    assert next_revision(planned, CONFIRMED, now=LATER) == Revision(CONFIRMED, 0, BORN, LATER, None)


def test_every_change_of_what_calendars_have_raises_sequence():
    confirmed = Revision(CONFIRMED, 3, BORN, BORN, None)
    assert next_revision(confirmed, CONFIRMED, now=LATER) == Revision(CONFIRMED, 4, BORN, LATER, None)
    assert next_revision(confirmed, CANCELLED, now=LATER) == Revision(CANCELLED, 4, BORN, LATER, LATER)


def test_a_cancellation_keeps_its_date_until_it_is_taken_back():
    cancelled = Revision(CANCELLED, 1, BORN, BORN, BORN)
    assert next_revision(cancelled, CANCELLED, now=LATER).cancelled_at == BORN
    assert next_revision(cancelled, CONFIRMED, now=LATER) == Revision(CONFIRMED, 2, BORN, LATER, None)


def test_a_clock_that_went_back_takes_no_time_back():
    confirmed = Revision(CONFIRMED, 0, BORN, LATER, None)
    assert next_revision(confirmed, CONFIRMED, now=BORN).last_modified == LATER
