"""Which files there are, and what each is called: names that hold no word of anybody, and stay while the date stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.domain.attribution import PublicText
from app.domain.localtime import in_zone
from app.domain.publication import PublicTouchpoint
from app.feeds.markdown.calls import call_text
from app.feeds.markdown.coming import Address, coming_table, newsletter
from app.feeds.markdown.years import year_text

NEWSLETTER, COMING = "Newsletter.md", "Next-Calls.md"


@dataclass(frozen=True)
class MarkdownFile:
    """`file` is its path below the folder of all, such as "Agenda_2026/Dec-10.md"."""

    file: str
    text: PublicText

    @property
    def body(self) -> bytes:
        return self.text.encode()


def year_of(call: PublicTouchpoint) -> int:
    """The year of the call on the series' own calendar."""
    return in_zone(call.starts_at, call.time_zone).year


def file_names(calls: Sequence[PublicTouchpoint]) -> dict[str, str]:
    """The file of each call of one year, by its key: "Dec-10.md". Others of the same day add their series.

    The first call of a day keeps the short name, and two of one series on one day are numbered. Where the day is not
    known the month stands for it: "Dec.md".
    """
    names: dict[str, str] = {}
    for day, same in groupby(sorted(calls, key=_order), key=_day):
        taken: set[str] = set()
        for call in same:
            taken.add(name := _free(day, call.series.slug, taken))
            names[call.key] = f"{name}.md"
    return names


def agenda_files(calls: Sequence[PublicTouchpoint], *, url: Address, community: PublicText) -> tuple[MarkdownFile, ...]:
    """The folders of every year of these calls: its table and a file for each call, in order."""
    found: list[MarkdownFile] = []
    for year, members in groupby(sorted(calls, key=lambda call: (year_of(call), *_order(call))), key=year_of):
        listed = tuple(members)
        found.append(year_file(year, listed, community=community))
        found += call_files(listed, url=url).values()
    return tuple(found)


def year_file(year: int, calls: Sequence[PublicTouchpoint], *, community: PublicText) -> MarkdownFile:
    """The table of this year, whose calls these are."""
    ordered = sorted(calls, key=_order)
    return _file(f"Agenda_{year}/README.md", year_text(year, ordered, names=file_names(calls), community=community))


def call_files(calls: Sequence[PublicTouchpoint], *, url: Address) -> dict[str, MarkdownFile]:
    """The file of each of these calls of one year, by its key."""
    names = file_names(calls)
    return {
        call.key: _file(f"Agenda_{year_of(call)}/{names[call.key]}", call_text(call, url=url(call))) for call in calls
    }


def coming_files(
    calls: Sequence[PublicTouchpoint], *, url: Address, community: PublicText, subscribe: str, propose: str
) -> tuple[MarkdownFile, MarkdownFile]:
    """The paragraph for a newsletter, and the table of the next calls."""
    return (
        _file(NEWSLETTER, newsletter(calls, url=url, community=community, subscribe=subscribe, propose=propose)),
        _file(COMING, coming_table(calls, url=url)),
    )


def _file(path: str, text: str) -> MarkdownFile:
    return MarkdownFile(path, PublicText(text))


def _order(call: PublicTouchpoint) -> tuple[object, ...]:
    """By day, in each month those first whose day is not known."""
    own = in_zone(call.starts_at, call.time_zone)
    return f"{own:{'%Y-%m-%d' if call.day_known else '%Y-%m'}}", call.starts_at, call.uid


def _day(call: PublicTouchpoint) -> str:
    return f"{in_zone(call.starts_at, call.time_zone):{'%b-%d' if call.day_known else '%b'}}"


def _free(day: str, slug: str, taken: set[str]) -> str:
    candidates = (day, f"{day}-{slug}", *(f"{day}-{slug}-{number}" for number in range(2, len(taken) + 2)))
    return next(name for name in candidates if name not in taken)
