"""The table of a year: one row for each call, in order, its topic linked to the file of the call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.domain.attribution import PublicText
from app.domain.publication import PublicTouchpoint
from app.feeds.markdown import phrases
from app.feeds.markdown.escaping import code, inline, link, row

_COLUMNS = ("Date", "Series", "Time", "Speaker(s) or Moderator(s)", "Topic", "Tag", "Recording")
_NOTES = (
    "- Open agenda: no talk so far. Proposals are welcome.",
    "- These files are written anew from what is public: changes made by hand here are lost.",
)


def year_text(year: int, calls: Sequence[PublicTouchpoint], *, names: Mapping[str, str], community: PublicText) -> str:
    """The table of these calls, in the order given; `names` has the file of each by its key."""
    heads = [row(f"**{column}**" for column in _COLUMNS), row(":---" for _ in _COLUMNS)]
    parts = [
        f"## {inline(community)} Agenda Overview ({year})",
        "Dates and times are those of each series' own city, with UTC beside them.",
        "\n".join([*heads, *(_row(call, names[call.key]) for call in calls)]),
        "\n".join(["### Notes", "", *_NOTES, *_tags(calls)]),
    ]
    return "\n\n".join(parts) + "\n"


def _tags(calls: Sequence[PublicTouchpoint]) -> Iterator[str]:
    """The tags of this year, declared: what is not among them is a slip of somebody's hand (`agenda lint`)."""
    named = sorted({topic for call in calls for talk in call.talks for topic in talk.topics})
    if named:
        yield f"- Tags: {', '.join(map(code, named))}"


def _row(call: PublicTouchpoint, name: str) -> str:
    return row(
        (
            phrases.day(call),
            phrases.series(call.series),
            phrases.starts(call),
            phrases.guests(call),
            link(phrases.topic(call), f"./{name}"),
            phrases.tags(call),
            phrases.recording(call),
        )
    )
