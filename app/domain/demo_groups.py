"""The working groups of the demo, as plain values. Every name is invented."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.attribution import Attribution
from app.domain.group_forms import ChairDraft, ChannelDraft, GroupDraft
from app.domain.states import WorkingGroupState


@dataclass(frozen=True)
class DemoGroup:
    """A group, what its chairs have answered in their order (None: nothing yet), and how many Thursdays ahead it
    gives an update."""

    draft: GroupDraft
    answers: tuple[Attribution | None, ...] = ()
    ahead: int | None = None


GROUPS = (
    DemoGroup(
        GroupDraft(
            name="OSPO Book",
            slug="ospo-book",
            scope="Writes the handbook for open source offices together: a chapter at a time, reviewed by people who "
            "run one. Newcomers begin with an open issue.",
            notes="https://notes.example.org/ospo-book",
            repository="https://git.example.org/community/ospo-book",
            calendar="https://calendar.example.org/ospo-book",
            rhythm="Every second Tuesday, 16:00 in Berlin",
            channels=(
                ChannelDraft(0, "Mailing list", "mailto:ospo-book@lists.example.org"),
                ChannelDraft(1, "Chat", "https://chat.example.org/ospo-book"),
            ),
            chairs=(
                ChairDraft(0, None, "Wren Castellanos", "Tessellate", "wren@example.org"),
                ChairDraft(1, None, "Ana Ferreira", "Harbor Foundation", "ana@example.org"),
            ),
        ),
        (Attribution.NAME_AND_AFFILIATION, Attribution.AFFILIATION),
        ahead=0,
    ),
    DemoGroup(
        GroupDraft(
            name="OSS in Business",
            slug="oss-in-business",
            scope="Collects what open source does for a business, with figures that others can check, for people who "
            "have to explain it to their board.",
            notes="Minutes go to the mailing list within a week.",
            repository="https://git.example.org/community/oss-in-business",
            rhythm="First Wednesday of the month, 17:00 in Madrid",
            channels=(ChannelDraft(0, "Mailing list", "mailto:business@lists.example.org"),),
            chairs=(ChairDraft(0, None, "Jonas Lindqvist", "Lumen Rail", "jonas@example.org"),),
        ),
        (None,),
        ahead=1,
    ),
    DemoGroup(
        GroupDraft(
            name="Mentoring",
            slug="mentoring",
            scope="Brings people who begin an open source office together with people who have run one for years: six "
            "months, one talk every two weeks.",
            channels=(ChannelDraft(0, "Chat", "https://chat.example.org/mentoring"),),
        ),
        ahead=2,
    ),
    DemoGroup(
        GroupDraft(
            name="Mind Map",
            slug="mind-map",
            scope="Keeps the map of what an open source office does: strategy, compliance, community, and where they "
            "meet. It is complete; corrections are welcome.",
            repository="https://git.example.org/community/mind-map",
            state=WorkingGroupState.MAINTENANCE,
            channels=(ChannelDraft(0, "Forum", "https://forum.example.org/mind-map"),),
            chairs=(ChairDraft(0, None, "Mei Tanaka", "Orbital Data", "mei@example.org"),),
        ),
        (Attribution.NAME,),
    ),
    DemoGroup(
        GroupDraft(
            name="Glossary",
            slug="glossary",
            scope="Agreed on what the words mean. The glossary went into the OSPO Book as its last chapter.",
            repository="https://git.example.org/community/glossary",
            state=WorkingGroupState.ARCHIVED,
        )
    ),
)
"""The kinds of groups that such a community has."""
