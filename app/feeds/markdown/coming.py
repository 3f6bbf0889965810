"""What comes next, for a newsletter and for the community's own page: addresses are whole, the text stands anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.attribution import PublicText
from app.domain.publication import PublicTouchpoint
from app.feeds.markdown import phrases
from app.feeds.markdown.escaping import inline, link, row

_COLUMNS = ("Date", "Time", "Series", "Topic", "Speaker(s)")
Address = Callable[[PublicTouchpoint], str]


def coming_table(calls: Sequence[PublicTouchpoint], *, url: Address) -> str:
    """The table of these calls; `url` gives the page of each."""
    if not calls:
        return "No calls are planned yet.\n"
    heads = [row(f"**{column}**" for column in _COLUMNS), row(":---" for _ in _COLUMNS)]
    return "\n".join([*heads, *(_row(call, url(call)) for call in calls)]) + "\n"


def newsletter(
    calls: Sequence[PublicTouchpoint], *, url: Address, community: PublicText, subscribe: str, propose: str
) -> str:
    """The next call in a sentence, then what is on and what is cancelled, and in one line the dates that are free."""
    held = [call for call in calls if not phrases.is_off(call)]
    if not held:
        return f"No calls of {inline(community)} are planned yet. {_subscribe(subscribe)}\n"
    first = (
        f"The next call of {inline(community)} is on {phrases.day(held[0])}, at {phrases.starts_in_prose(held[0])}: "
        f"{_named(held[0], url(held[0]))}. {_subscribe(subscribe)}"
    )
    told = [call for call in calls if not call.skipped and not _is_free(call)]
    lines = [f"- **{phrases.day(call)}**, {phrases.starts_in_prose(call)}: {_item(call, url(call))}" for call in told]
    if free := [call for call in held if _is_free(call)]:
        dates = "; ".join(link(phrases.day(call), url(call)) for call in free)
        lines.append(f"- Free for a talk: {dates}. {link('Propose one', propose)}")
    return f"{first}\n\n" + "\n".join(lines) + "\n"


def _is_free(call: PublicTouchpoint) -> bool:
    return not phrases.is_off(call) and not call.talks and bool(call.agenda)


def _row(call: PublicTouchpoint, url: str) -> str:
    what = link(phrases.topic(call), url)
    return row(
        (phrases.day(call), phrases.starts_in_prose(call), phrases.series(call.series), what, phrases.guests(call))
    )


def _item(call: PublicTouchpoint, url: str) -> str:
    return f"{phrases.series(call.series)}, {_named(call, url)}"


def _named(call: PublicTouchpoint, url: str) -> str:
    """What is on as a link, and who speaks where somebody does."""
    what = link(phrases.topic(call), url)
    return f"{what}, with {phrases.guests(call)}" if any(talk.speakers for talk in call.talks) else what


def _subscribe(url: str) -> str:
    return f"{link('Subscribe', url)}, and your calendar has every call, move and cancellation."
