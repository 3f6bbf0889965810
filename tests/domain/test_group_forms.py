"""The form of a working group: what must be put right, in its order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.group_forms import ChairDraft, ChannelDraft, GroupDraft, chair_problems, group_problems
from app.domain.join_links import WHY_NOT
from app.services.addresses import is_address

BOOK = GroupDraft(
    name="OSPO Book",
    slug="ospo-book",
    scope="Writes the handbook.",
    repository="https://git.example.org/book",
    channels=(ChannelDraft(0, "List", "mailto:book@example.org"), ChannelDraft(1, "Chat", "https://chat.example.org")),
    chairs=(ChairDraft(0, None, "Sam Speaker", "Kestrel Works", "sam@example.org"), ChairDraft(1, None, "Kim Chair")),
)
JOIN = "https://meet.google.com/abc-defg-hij"
WHOLE = "Write the address whole, beginning with https://."


def problems(**changes):
    return group_problems(replace(BOOK, **changes), is_address=is_address)


def test_a_group_that_is_whole_has_no_problem():
    assert problems() == {}


def test_what_is_missing_is_said_in_the_order_of_the_form():
    assert group_problems(GroupDraft(state=None), is_address=is_address) == {
        "name": "Give the group a name.",
        "slug": "Use small letters, digits and single hyphens, like ospo-book.",
        "scope": "Say in a sentence or two what the group is for.",
        "state": "Choose how the group is doing.",
    }


@pytest.mark.parametrize("field", ["name", "scope", "notes", "rhythm"])
def test_a_way_into_a_call_stands_in_no_text(field):
    assert problems(**{field: f"At {JOIN}"}) == {field: WHY_NOT}


@pytest.mark.parametrize("field", ["calendar", "repository"])
def test_addresses_are_whole_and_no_way_into_a_call(field):
    assert problems(**{field: "git.example.org"}) == {field: WHOLE}
    assert problems(**{field: JOIN}) == {field: WHY_NOT}


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("mailto:nobody", "Write it like mailto:list@example.org."),
        ("chat", "Write the address whole, beginning with https:// or mailto:."),
        (JOIN, WHY_NOT),
    ],
)
def test_a_channel_has_an_address_of_its_kind(address, problem):
    assert problems(channels=(ChannelDraft(3, "Chat", address),)) == {"channel-3-address": problem}


def test_a_channel_says_what_it_is():
    assert problems(channels=(ChannelDraft(0, "", "https://chat.example.org"),)) == {
        "channel-0-label": "Say what this is, like Mailing list."
    }
    assert problems(channels=(ChannelDraft(0, "x" * 41, "https://chat.example.org"),)) == {
        "channel-0-label": "At most 40 characters; these are 41."
    }


def test_a_chair_has_a_name_and_an_address_that_can_be_written_to():
    assert problems(chairs=(ChairDraft(2, None, "", "Kestrel Works", "sam"),)) == {
        "chair-2-name": "Give a name. It is public only if the chair says so.",
        "chair-2-email": "Write the address like name@example.org, or leave it empty.",
    }
    assert chair_problems(name="x" * 121, affiliation="https://zoom.us/j/123") == {
        "name": "At most 120 characters; these are 121.",
        "affiliation": WHY_NOT,
    }


def test_there_is_an_end_to_rows():
    many = tuple(ChannelDraft(number, "Chat", "https://chat.example.org") for number in range(9))
    assert problems(channels=many) == {"channels": "At most 8 channels; these are 9."}


def test_the_address_is_not_one_of_ours_and_names_nobody():
    assert problems(slug="new") == {"slug": "“new” is taken by the site itself: choose another."}
    assert problems(slug="x" * 41) == {"slug": "Use small letters, digits and single hyphens, like ospo-book."}
    assert problems(slug="sam-speaker") == {"slug": "The address would name a chair for good: choose another."}
