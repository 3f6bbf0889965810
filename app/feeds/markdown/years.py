"""The table of a year: one row for each call, in order, its topic linked to the file of the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.attribution import PublicText
from app.domain.publication import PublicTouchpoint
from app.feeds.markdown import words
from app.feeds.markdown.escaping import inline, link, row

_COLUMNS = ("Date", "Series", "Time", "Speaker(s) or Moderator(s)", "Topic", "Tag", "Recording")
_NOTES = (
    f"- {words.TO_BE_ANNOUNCED}: to be announced. Free slots are open for proposals.\n"
    "- These files are written anew from what is public: changes made by hand here are lost."
)


def year_text(year: int, calls: Sequence[PublicTouchpoint], *, names: Mapping[str, str], community: PublicText) -> str:
    """The table of these calls, in the order given; `names` has the file of each by its key."""
    heads = [row(f"**{column}**" for column in _COLUMNS), row(":---" for _ in _COLUMNS)]
    parts = [
        f"## {inline(community)} Agenda Overview ({year})",
        "Dates and times are those of each series' own city, with UTC beside them.",
        "\n".join([*heads, *(_row(call, names[call.key]) for call in calls)]),
        f"### Notes\n\n{_NOTES}",
    ]
    return "\n\n".join(parts) + "\n"


def _row(call: PublicTouchpoint, name: str) -> str:
    return row(
        (
            words.day(call),
            words.series(call.series),
            words.starts(call),
            words.guests(call),
            link(words.topic(call), f"./{name}"),
            words.tags(call),
            words.recording(call),
        )
    )
