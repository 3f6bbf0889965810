"""One call as a file: when, who, what, the agenda with its minutes, and what the Rule covers. Never how to join."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.cities import COMMUNITY_CITIES
from app.domain.publication import PublicSegment, PublicTalk, PublicTouchpoint
from app.feeds.markdown import phrases
from app.feeds.markdown.escaping import block, inline, link, row


def call_text(call: PublicTouchpoint, *, url: str) -> str:
    """The file of the call whose page is `url`."""
    parts = [f"## {phrases.series(call.series)}", _facts(call), _why_not(call), _clocks(call), _how(call, url)]
    if not phrases.is_off(call):
        parts += [_details(call), _agenda(call), _notice(call), _materials(call)]
    return "\n\n".join(filter(None, parts)) + "\n"


def _facts(call: PublicTouchpoint) -> str:
    return "\n".join(
        [
            f"- **Date**: {phrases.day(call)}",
            f"- **Time**: {phrases.hours(call)}",
            f"- **Guest**: {phrases.guests(call)}",
            f"- **Topic**: {phrases.topic(call)}",
            f"- **Tag**: {phrases.tags(call)}",
        ]
    )


def _why_not(call: PublicTouchpoint) -> str:
    if not phrases.is_off(call):
        return ""
    return " ".join(filter(None, ("**This call does not take place.**", inline(call.reason))))


def _clocks(call: PublicTouchpoint) -> str:
    if phrases.is_off(call) or not call.day_known:
        return ""
    names = [city.name for city in COMMUNITY_CITIES]
    times = [phrases.elsewhere(call, city.zone) for city in COMMUNITY_CITIES]
    return "\n".join(["### Local Times", "", row(names), row(":---" for _ in names), row(times)])


def _how(call: PublicTouchpoint, url: str) -> str:
    has = "has it for your calendar, and " if call.day_known else ""
    return f"### How to Take Part\n\n{link('The page of this call', url)} {has}is always current."


def _details(call: PublicTouchpoint) -> str:
    """What the guests say of their talks."""
    told = [talk for talk in call.talks if talk.abstract]
    if not told:
        return ""
    many = len(call.talks) > 1
    paragraphs = [part for talk in told for part in (*([f"**{inline(talk.title)}**"] * many), block(talk.abstract))]
    return "\n\n".join(["### Guest Presentation Details", *paragraphs])


def _agenda(call: PublicTouchpoint) -> str:
    lines = [line for segment in call.agenda for line in _segment(call, segment)]
    return "\n".join(["### Full Agenda", "", *lines]) if lines else ""


def _segment(call: PublicTouchpoint, segment: PublicSegment) -> Iterator[str]:
    rule = ", under the Chatham House Rule" if segment.under_rule else ""
    talks = call.talks_in(segment)
    recorded = ", recorded" if segment.recorded and not talks else ""
    yield f"- **{inline(segment.title)}**{rule} ({segment.minutes} mins{recorded})"
    yield from (f"  - {_talk(talk)}" for talk in talks)


def _talk(talk: PublicTalk) -> str:
    named = "; ".join(inline(name) for name in talk.speakers)
    return f"{', '.join(filter(None, (f'*{inline(talk.title)}*', named)))} ({phrases.kept(talk)})"


def _notice(call: PublicTouchpoint) -> str:
    parts = "\n".join(f"- {inline(sentence)}" for sentence in call.notice.parts)
    return "\n\n".join(filter(None, ["### Chatham House Rule", inline(call.notice.rule), parts]))


def _materials(call: PublicTouchpoint) -> str:
    lines = [f"- {found}" for talk in call.talks for found in _material(talk)]
    return "\n".join(["### Recording and Slides", "", *lines]) if lines else ""


def _material(talk: PublicTalk) -> Iterator[str]:
    for name, address in (("Recording", talk.recording_url), ("Slides", talk.slides_url)):
        if address:
            yield f"{link(name, address)}: {inline(talk.title)}"
    yield from (link(inline(address), address) for address in talk.links)
