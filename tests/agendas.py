"""Agendas of an invented guild, as its facilitators would have written them by hand."""

from __future__ import annotations

from datetime import date

from app.domain.agendas.linting import lint
from app.domain.agendas.values import Source

TODAY = date(2025, 1, 10)
HEAD = (
    "## Guild Agenda (2025)\n\n"
    "| **Date** | **Region** | **Time (GMT)** | **Speaker(s)** | **Topic** | **Tag** | **Recording** |\n"
    "|---|:---|---|---|---|---|---|\n"
)
PARTS = (
    "- **Welcome** by Cy (5 mins)\n"
    "- **Guest talk**:\n  *Looms for all*, Ada (15 mins + 5 mins Q&A)\n"
    "- **Forum** under the Chatham House Rule (35 mins)"
)
TABLE = "Agenda_2025/README.md"


def row(
    day="Thursday, February 13",
    region="EMEA & APAC",
    time="12:00 PM",
    speakers="Ada Miller, Weavers",
    topic="[Looms for all](./Feb-13.md)",
    tag="`Strategy`",
    recording="TBA",
):
    return f"| {day} | {region} | {time} | {speakers} | {topic} | {tag} | {recording} |\n"


def call(
    day="Thursday, February 13",
    region="EMEA & APAC",
    time="12:00 PM GMT",
    guest="Ada Miller, Weavers",
    topic="Looms for all",
    details="How looms are shared.",
    parts=PARTS,
    more="",
):
    facts = f"📅 **Date**: {day}\n⏰ **Time**: {time}\n🎤 **Guest**: {guest}\n💡 **Topic**: {topic}\n"
    talk = f"### Guest Presentation Details\n\n{details}\n\n### Full Agenda\n{parts}\n"
    return f"## {region} Touchpoint\n\n{facts}\n{talk}\n### Other Meeting Details\n{more}\n"


def sources(files):
    return [Source(path, text) for path, text in files.items()]


def agenda(*rows, year=2025, **files):
    """A table of these rows, and beside it files like Feb_13="...", which stands for Feb-13.md."""
    named = {f"Agenda_{year}/{name.replace('_', '-')}.md": text for name, text in files.items()}
    return {TABLE.replace("2025", str(year)): HEAD.replace("2025", str(year)) + "".join(rows)} | named


def found(files, today=TODAY, **more):
    """What lint says, as "README:5 TP101" with the message."""
    return {
        f"{each.place.file.rpartition('/')[2].removesuffix('.md')}:{each.place.line} {each.code}": each.message
        for each in lint(sources(files), today=today, exists=more.pop("exists", lambda _path: False), **more)
    }
