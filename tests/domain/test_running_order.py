"""Talks stand in the segments for talks, one after the other."""

from __future__ import annotations

from app.domain.agenda import Segment, SegmentKind
from app.domain.running_order import Place, running_order, segment_starts


def call(*parts: tuple[SegmentKind, int]) -> list[Segment]:
    return [Segment(kind, kind.label, minutes, recorded=True, under_rule=False) for kind, minutes in parts]


TALK, WELCOME, FORUM = SegmentKind.TALK, SegmentKind.WELCOME, SegmentKind.FORUM


def test_a_segment_starts_where_the_ones_before_it_end():
    assert segment_starts(call((WELCOME, 5), (TALK, 20), (FORUM, 20))) == (0, 5, 25)


def test_talks_follow_each_other_in_their_segment():
    assert running_order(call((WELCOME, 5), (TALK, 40)), [20, 15]) == (Place(1, 5), Place(1, 25))


def test_a_talk_that_no_longer_fits_begins_in_the_next_segment_for_talks():
    segments = call((WELCOME, 5), (TALK, 20), (FORUM, 10), (TALK, 20))
    assert running_order(segments, [15, 15]) == (Place(1, 5), Place(3, 35))


def test_the_last_segment_takes_what_is_too_long_for_all():
    assert running_order(call((TALK, 20), (TALK, 10)), [30, 10]) == (Place(1, 20), Place(1, 50))


def test_without_a_segment_for_talks_no_talk_has_a_place():
    assert running_order(call((WELCOME, 5)), [20, 10]) == (None, None)


def test_no_talks_take_no_places():
    assert running_order(call((TALK, 20)), []) == ()
