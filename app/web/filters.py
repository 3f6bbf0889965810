"""Instants to words in a zone, and Markdown to safe HTML, for templates."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

import nh3
from flask import Flask
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markupsafe import Markup

from app.domain import localtime
from app.domain.people import initials

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False})
_HEADINGS = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}  # a page has its own above these
_TAGS = {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "hr"}


def _below_the_page(state: StateCore) -> None:
    for token in state.tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)


_markdown.core.ruler.push("headings", _below_the_page)


def markdown(text: str) -> Markup:
    """CommonMark without HTML, then an allow-list: no data-*, no class, no image, only http(s) and mailto links.

    Its headings stand below those of the page.
    """
    html = nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return Markup(html)  # noqa: S704 (cleaned by the line above)


def local(instant: datetime, zone: str, form: str = "%H:%M") -> str:
    """`instant` on the clock of `zone`, written by the strftime `form`."""
    return localtime.in_zone(instant, zone).strftime(form)


def day_shift(instant: datetime, zone: str, own: str) -> int:
    """How many days later it is in `zone` than in `own` at `instant`: -1, 0 or 1."""
    return (localtime.in_zone(instant, zone).date() - localtime.in_zone(instant, own).date()).days


def same_clock(instant: datetime, zone: str, other: str) -> bool:
    """Whether both zones show the same wall clock at `instant`."""
    return localtime.in_zone(instant, zone).utcoffset() == localtime.in_zone(instant, other).utcoffset()


def later(instant: datetime, minutes: int) -> datetime:
    return instant + timedelta(minutes=minutes)


class Dated(Protocol):
    """A call, public or not."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def day_known(self) -> bool: ...


def day_of(call: Dated) -> str:
    """The date of the call on its own calendar: "26 March 2026", or "March 2026" where no day is known."""
    return localtime.day_in_words(call.starts_at, call.time_zone, day_known=call.day_known)


def init_filters(app: Flask) -> None:
    app.jinja_env.filters.update(
        markdown=markdown,
        local=local,
        later=later,
        day_of=day_of,
        city=localtime.city,
        zone_letters=localtime.abbreviation,
        is_night=localtime.is_night,
        in_words=localtime.when_in_words,
        day_shift=day_shift,
        same_clock=same_clock,
        initials=initials,
    )
