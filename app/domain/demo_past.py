"""What the demo remembers: a series of webinars that ended, as a community's own record of its past would tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.people import RoleCategory

SERIES = "community-webinar"
_EVERY = timedelta(weeks=6)
_LAST = timedelta(weeks=10)  # before today: from then on there are the two series of the demo
_WEDNESDAY = 2


@dataclass(frozen=True)
class PastTalk:
    """A webinar that was held: its speaker as the record names them, the topics by slug."""

    title: str
    speaker: str
    affiliation: str
    category: RoleCategory
    topics: tuple[str, ...]
    is_recorded: bool = True


_STRATEGY, _SECURITY, _COMMUNITY = "ospo-strategy", "compliance-and-security", "community-and-innersource"
_VALUE, _TRENDS = "value-and-sustainability", "emerging-trends"
PAST = (
    PastTalk("Our first year as an OSPO", "Hanne Brekke", "Fjordline", RoleCategory.OSPO, (_STRATEGY,)),
    PastTalk("An SBOM that somebody reads", "Tomas Arrieta", "Northwind Bank", RoleCategory.OSPO, (_SECURITY,)),
    PastTalk("Paying maintainers, three ways", "Abeni Cole", "", RoleCategory.INDEPENDENT, (_VALUE,)),
    PastTalk("InnerSource without a mandate", "Wren Castellanos", "Tessellate", RoleCategory.OSPO, (_COMMUNITY,)),
    PastTalk("What a foundation needs from you", "Lin Okafor", "Openfield", RoleCategory.FOUNDATION, (_COMMUNITY,)),
    PastTalk("Budgets for open source", "Ravi Menon", "Bluefin Rail", RoleCategory.STAKEHOLDER, (_VALUE, _STRATEGY)),
    PastTalk("Licences of models and of data", "Hanne Brekke", "Fjordline", RoleCategory.OSPO, (_TRENDS, _SECURITY)),
    PastTalk(
        "A security contact that answers",
        "Mai Lindqvist",
        "Havenstad",
        RoleCategory.OSPO,
        (_SECURITY,),
        is_recorded=False,
    ),
    PastTalk("Public code, public money", "Mai Lindqvist", "Havenstad", RoleCategory.OSPO, (_STRATEGY,)),
    PastTalk("From user to maintainer", "Abeni Cole", "", RoleCategory.INDEPENDENT, (_COMMUNITY,), is_recorded=False),
    PastTalk("Measuring health before a crisis", "Lin Okafor", "Openfield", RoleCategory.FOUNDATION, (_VALUE,)),
    PastTalk(
        "The Cyber Resilience Act in practice", "Tomas Arrieta", "Northwind Bank", RoleCategory.OSPO, (_SECURITY,)
    ),
)


def record(today: date) -> dict[str, Any]:
    """The record as its file would be (domain/history.py reads it), with the last webinar some weeks before `today`."""
    last = today - _LAST - timedelta(days=(today - _LAST).weekday() - _WEDNESDAY)
    days = [last - _EVERY * number for number in range(len(PAST))][::-1]
    return {
        "about": "Invented for the demo.",
        "series": [{"id": SERIES, "rule_as_written": "every sixth Wednesday, 15:00 UTC"}],
        "sessions": [_session(number, talk, day) for number, (talk, day) in enumerate(zip(PAST, days, strict=True))],
    }


def key_of(number: int) -> str:
    """Under which key the webinar of this number in `PAST` is imported."""
    return f"demo-webinar-{number}"


def _session(number: int, talk: PastTalk, day: date) -> dict[str, Any]:
    return {
        "id": key_of(number),
        "kind": "session",
        "series": SERIES,
        "date": day.isoformat(),
        "title": talk.title,
        "start_as_written": "15:00",
        "zone_as_written": "UTC",
        "status": "held",
        "audience": "public",
        "speakers": [{"name": talk.speaker, "affiliation": talk.affiliation or None}],
        "recording_url": f"https://video.example.org/{key_of(number)}" if talk.is_recorded else None,
        "cfp_submitted": (day - timedelta(days=30 + 7 * (number % 5))).isoformat(),
    }
