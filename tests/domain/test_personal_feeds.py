"""Who may have which secret calendar, and what it says of itself."""

from __future__ import annotations

import pytest

from app.domain.errors import InvalidInput
from app.domain.people import Role
from app.domain.personal_feeds import MAX_LABEL, FeedKind, check_label, may_have


def test_members_calls_are_for_members_and_ones_own_talks_for_everybody():
    allowed = {(role, kind) for role in Role for kind in FeedKind if may_have(role, kind)}
    assert allowed == {
        (Role.VOLUNTEER, FeedKind.SPEAKER),
        (Role.MEMBER, FeedKind.SPEAKER),
        (Role.MEMBER, FeedKind.MEMBER),
        (Role.ORGANIZER, FeedKind.SPEAKER),
        (Role.ORGANIZER, FeedKind.MEMBER),
    }


def test_each_kind_says_what_it_reveals():
    assert all("join" in kind.reveals and kind.label for kind in FeedKind)


def test_a_label_is_cleaned_and_has_an_end():
    assert check_label("  My \x00phone ") == "My phone"
    assert check_label("x" * MAX_LABEL) == "x" * MAX_LABEL
    with pytest.raises(InvalidInput) as refused:
        check_label("x" * (MAX_LABEL + 1))
    assert refused.value.errors == {"label": "At most 60 characters; these are 61."}
