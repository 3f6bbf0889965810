"""What of a group leaves the house: chairs as each agreed, and no text that says what one of them keeps back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.attribution import Attribution
from app.domain.states import WorkingGroupState
from app.domain.working_groups import (
    ChairFacts,
    GroupFacts,
    PublicWorkingGroup,
    names_somebody,
    public_chair,
    public_working_group,
)

SAM = ChairFacts("Sam Speaker", "Kestrel Works", None, "sam.speaker@kestrel.example")
GROUP = GroupFacts(
    slug="ospo-book",
    name="OSPO Book",
    scope="Writes the handbook. Led by Sam Speaker.",
    notes="https://notes.example.org/book",
    repository="https://git.example.org/book",
    channels=(("Mailing list", "mailto:book@lists.example.org"), ("Chat", "https://chat.example.org/book")),
    chairs=(SAM,),
    calendar="https://calendar.example.org/book",
    rhythm="Every second Tuesday",
    state=WorkingGroupState.ACTIVE,
)


@pytest.mark.parametrize(
    ("naming", "said"),
    [
        (None, "A chair"),
        (Attribution.NONE, "A chair"),
        (Attribution.NAME, "Sam Speaker"),
        (Attribution.NAME_AND_AFFILIATION, "Sam Speaker, Kestrel Works"),
        (Attribution.AFFILIATION, "Someone from Kestrel Works"),
    ],
)
def test_a_chair_is_named_as_they_agreed(naming, said):
    assert public_chair(replace(SAM, naming=naming)) == said


def test_an_organisation_that_is_not_known_names_nobody():
    assert public_chair(ChairFacts("Sam Speaker", "", Attribution.AFFILIATION)) == "A chair"


def test_the_texts_leave_out_who_has_not_agreed():
    facts = replace(
        GROUP, name="Book of Sam Speaker", scope="Ask Sam Speaker of Kestrel Works.", rhythm="When Sam Speaker calls"
    )
    group = public_working_group(facts)
    assert (group.name, group.scope, group.rhythm, group.chairs) == (
        "Book of a chair",
        "Ask a chair of their organisation.",
        "When a chair calls",
        ("A chair",),
    )


def test_the_texts_keep_who_has_agreed():
    group = public_working_group(replace(GROUP, chairs=(replace(SAM, naming=Attribution.NAME),)))
    assert (group.scope, group.chairs) == ("Writes the handbook. Led by Sam Speaker.", ("Sam Speaker",))


def test_a_part_of_a_name_that_may_be_said_is_nobody_elses():
    """John Doe agreed; Jane Doe did not: "John Doe" still stands."""
    chairs = (ChairFacts("Jane Doe", "", None), ChairFacts("John Doe", "", Attribution.NAME))
    facts = replace(GROUP, scope="John Doe and Jane Doe write.", chairs=chairs)
    assert public_working_group(facts).scope == "John Doe and a chair write."


def test_addresses_that_name_somebody_are_left_out_and_those_of_organisations_stand():
    facts = replace(
        GROUP,
        repository="https://git.example.org/sam-speaker/book",
        calendar="https://calendar.example.org/sam.speaker",
        notes="https://notes.example.org/sam-speaker",
        channels=(("Write", "mailto:sam.speaker@example.org"), ("List", "mailto:book@kestrel.example")),
    )
    group = public_working_group(facts)
    assert (group.repository, group.calendar, group.notes, group.notes_url) == ("", "", "", "")
    assert [(each.label, each.address) for each in group.channels] == [("List", "mailto:book@kestrel.example")]


def test_a_way_into_a_call_and_what_is_no_address_are_no_address():
    channels = (("Call", "https://meet.google.com/abc-defg-hij"), ("Odd", "javascript:alert(1)"))
    group = public_working_group(replace(GROUP, channels=channels, repository="git@example.org:book"))
    assert (group.channels, group.repository) == ((), "")


def test_who_keeps_a_name_back_in_one_group_is_not_named_in_another():
    """By name; their organisation stands for itself there."""
    facts = replace(GROUP, scope="Begun by Sam Speaker of Kestrel Works.", chairs=())
    assert public_working_group(facts, elsewhere=[SAM]).scope == "Begun by a chair of Kestrel Works."


def test_who_agreed_here_is_named_here_whatever_they_keep_back_elsewhere():
    here = replace(SAM, naming=Attribution.NAME)
    assert "Sam Speaker" in public_working_group(replace(GROUP, chairs=(here,)), elsewhere=[SAM]).scope


def test_notes_are_an_address_or_a_text():
    text = public_working_group(replace(GROUP, notes="Minutes go to the list."))
    address = public_working_group(GROUP)
    assert (text.notes, text.notes_url) == ("Minutes go to the list.", "")
    assert (address.notes, address.notes_url) == ("", "https://notes.example.org/book")


def test_the_stored_value_is_read_back():
    group = public_working_group(replace(GROUP, state=WorkingGroupState.ARCHIVED))
    assert PublicWorkingGroup.from_json(group.to_json()) == group
    assert group.is_archived
    with pytest.raises(KeyError):
        PublicWorkingGroup.from_json({"slug": "ospo-book"})


def test_an_address_for_good_names_no_chair():
    assert names_somebody("sam speaker", [SAM])
    assert not names_somebody("ospo book", [SAM, ChairFacts("Kim", "", None)])
