"""The calls of its present series that the demo has behind it, as plain values. Every name is invented."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.attribution import Attribution
from app.domain.demo import TOPICS, DemoSpeaker, DemoTalk
from app.domain.people import RoleCategory


@dataclass(frozen=True)
class HeldTalk:
    """A talk of the last call but `back` of the series `slug`. Empty addresses: nobody has brought them."""

    slug: str
    back: int
    talk: DemoTalk
    recording_url: str = ""
    slides_url: str = ""


def _talk(title: str, takeaway: str, benefit: str, topic: str, *speakers: DemoSpeaker, group: str = "") -> DemoTalk:
    said = (title, takeaway, benefit, speakers, 20, topic)
    return DemoTalk(*said, waited=30, invited=4, answer="confirmed", working_group=group)


_VIDEO, _SLIDES = "https://video.example.org/watch/", "https://slides.example.org/"
HELD = (
    HeldTalk(
        "thursday",
        4,
        _talk(
            "Ten pull requests before the first contract",
            "A railway supplier asked bidders to contribute first. What it learned about them, and what they about it.",
            "Maintainers met companies by their code before they met them by their sales people.",
            TOPICS[0],
            DemoSpeaker("Ravi Menon", "Lumen Rail", RoleCategory.OSPO, "Asia/Kolkata"),
        ),
        recording_url=_VIDEO + "ten-pull-requests",
        slides_url=_SLIDES + "ten-pull-requests",
    ),
    HeldTalk(
        "thursday",
        3,
        _talk(
            "A bill of materials for a hospital",
            "Four hundred devices, one list. Which questions it answered on a Friday night, and which it could not.",
            "The tools that read the list are free, and so are the mistakes to avoid.",
            TOPICS[1],
            DemoSpeaker("Chiara Bonetti", "Ospedale Nord", RoleCategory.STAKEHOLDER, "Europe/Rome", Attribution.ROLE),
        ),
        recording_url=_VIDEO + "bill-of-materials",
    ),
    HeldTalk(
        "thursday",
        2,
        _talk(
            "Writing the OSPO Book in the open",
            "How a chapter comes to be: an issue, an author, two readers, and a date that holds.",
            "A handbook that anybody may use and correct.",
            TOPICS[2],
            DemoSpeaker("Wren Castellanos", "Tessellate", RoleCategory.OSPO, "Europe/Madrid"),
            DemoSpeaker("Noor Haddad", "Harbor Foundation", RoleCategory.FOUNDATION, "Asia/Beirut", Attribution.NAME),
            group="ospo-book",
        ),
        slides_url=_SLIDES + "ospo-book",
    ),
    HeldTalk(
        "thursday",
        0,
        _talk(
            "Compliance at the speed of a release train",
            "What was checked by hand in March, by a script in June, and by nobody in September since it cannot fail.",
            "The script, and the list of what it does not find.",
            TOPICS[1],
            DemoSpeaker("Jonas Lindqvist", "Lumen Rail", RoleCategory.OSPO, "Europe/Stockholm"),
        ),
    ),
    HeldTalk(
        "friday",
        2,
        _talk(
            "What a year of paying maintainers changed",
            "Twelve projects, twelve months, one budget: which of them are safer now, and how we would know.",
            "Contracts and questions that other payers can copy.",
            TOPICS[3],
            DemoSpeaker("Diego Marín", "Northwind Bank", RoleCategory.OSPO, "America/Bogota", Attribution.AFFILIATION),
        ),
        recording_url=_VIDEO + "paying-maintainers",
        slides_url=_SLIDES + "paying-maintainers",
    ),
    HeldTalk(
        "friday",
        0,
        _talk(
            "Models with open weights: questions to ask",
            "A list of nine questions, from the licence of the data to who answers when the model is wrong.",
            "The list itself, to be corrected by all of us.",
            TOPICS[4],
            DemoSpeaker("Tunde Bello", "Sable Systems", RoleCategory.STAKEHOLDER, "America/Toronto"),
        ),
    ),
)
