"""A call as the public sees it, made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.agenda import SegmentKind
from app.domain.attribution import PublicText
from app.domain.notice import RuleScope
from app.domain.people import RoleCategory
from app.domain.publication import (
    Audience,
    PublicDetail,
    PublicOccasion,
    PublicSegment,
    PublicSeries,
    PublicStatus,
    PublicTalk,
    PublicTouchpoint,
)
from app.domain.wording import STANDARD

TALK = PublicTalk(
    title=PublicText("Upstream first"),
    abstract=PublicText("How."),
    speakers=(PublicText("Sam"), PublicText("A speaker")),
    minutes=20,
    recorded=True,
    topics=(PublicText("Upstream"),),
    links=(PublicText("https://example.org"),),
    starts=5,
    also=(PublicOccasion("o", PublicText("F"), datetime(2026, 12, 18, 16, 30, tzinfo=UTC), 60, "Europe/Madrid"),),
    key="t1",
    roles=(RoleCategory.OSPO,),
)
CALL = PublicTouchpoint(
    key="k",
    uid="u@example.org",
    series=PublicSeries(
        "s",
        PublicText("Series"),
        PublicText("S"),
        Audience.OPEN,
        "blue",
        "circle",
        "s@example.org",
        PublicDetail.EVERYTHING,
    ),
    status=PublicStatus.CONFIRMED,
    starts_at=datetime(2026, 12, 10, 13, 0, tzinfo=UTC),
    minutes=60,
    time_zone="Europe/Madrid",
    skipped=False,
    reason=PublicText(""),
    talks=(TALK, replace(TALK, title=PublicText("Second"), starts=25, key="t2")),
    agenda=(PublicSegment(SegmentKind.TALK, PublicText("Guest talk"), 5, 40, recorded=True, under_rule=False),),
    free_minutes=0,
    rule_scope=RuleScope.PARTS,
    wording=STANDARD,
)
