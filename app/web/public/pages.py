"""The public pages: home, schedule, one call, subscribing, the Rule."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from app.domain.attribution import PublicText
from app.domain.cities import COMMUNITY_CITIES
from app.domain.errors import NotFound
from app.domain.localtime import in_zone
from app.domain.notice import RULE, RuleScope
from app.domain.permissions import Permission, may
from app.domain.publication import PublicTouchpoint
from app.extensions import db
from app.feeds.addresses import CallAddresses, call_addresses
from app.services.queries import feeds
from app.services.queries import public as queries
from app.services.queries.feeds import ALL
from app.services.queries.joining import is_member_call
from app.services.queries.public import SeriesCard
from app.services.queries.published_notes import public_notes
from app.web.clock import now
from app.web.context import visitor_zone
from app.web.guards import public
from app.web.htmx import go_to
from app.web.identity import current_person
from app.web.public import blueprint
from app.web.public.feed_choice import Feed, feed_of, feed_of_topic
from app.web.public.listing import coming_calls
from app.web.public.paging import page_number
from app.web.public.showing import show
from app.web.site import site

SOON = 4  # calls on the home page
_TOPICS = "touchpoints.feed-topics"


@blueprint.get("/")
@public
def home() -> Response:
    """What this is, the next call, the series, how to propose and to subscribe."""
    series = queries.list_series(db.session(), now=now())
    call = queries.next_call(db.session(), now=now())
    coming = [other for other in queries.coming_calls(db.session(), size=SOON + 1, now=now()).calls if other != call]
    return show(
        "pages/public/home.html",
        series=series,
        calls=coming[:SOON],
        call=call,
        days=_days_until(call),
        feed=feed_of(None),
    )


@blueprint.get("/schedule")
@public
def schedule() -> Response:
    """The calls to come by month, of all series or of one."""
    series = queries.list_series(db.session(), now=now())
    chosen = _chosen(series, "series")
    return show(
        "pages/public/schedule.html",
        listing=coming_calls(chosen.series.slug if chosen else None, number=page_number()),
        series=series,
        chosen=chosen,
        feed=feed_of(chosen),
        url=lambda number: _here(page=number if number > 1 else None),
    )


@blueprint.get("/touchpoints/<key>")
@public
def touchpoint(key: str) -> Response:
    """One call: when, agenda, talks, notice."""
    try:
        call = queries.find_call(db.session(), key)
    except NotFound:
        if _is_for_this_member(key):
            return go_to(url_for("account.member_call", key=key))
        raise
    notes = public_notes(db.session(), key)
    response = show("pages/public/touchpoint.html", call=call, over=call.ends_at <= now(), notes=notes)
    if call.rule_scope is RuleScope.WHOLE:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _is_for_this_member(key: str) -> bool:
    """Whether whoever asks is signed in as one who may see the call of this key, of which nothing is public."""
    person = current_person()
    return person is not None and may(person.role, Permission.SEE_JOIN_LINKS) and is_member_call(db.session(), key)


@blueprint.get("/subscribe")
@public
def subscribe() -> Response:
    """The ways to subscribe to one feed; for htmx the panel alone."""
    series = queries.list_series(db.session(), now=now())
    topic = request.args.get("topic", "")
    feed = _topic_feed(topic) if topic else feed_of(_chosen(series, "feed", but=ALL))
    return show("pages/public/subscribe.html", "partials/public/subscribe.html", series=series, feed=feed)


@blueprint.get("/chatham-house-rule")
@public
def rule() -> Response:
    """What the Rule is and what follows here."""
    return show("pages/public/rule.html", rule=PublicText(RULE))


def add_links(call: PublicTouchpoint) -> CallAddresses:
    """For templates: the ways to add this call by hand."""
    return call_addresses(call, url=site().url(url_for("public.touchpoint", key=call.key)))


@blueprint.app_context_processor
def _for_calls() -> dict[str, Any]:
    return {"community_cities": COMMUNITY_CITIES, "add_links": add_links, "feed_topics": _feed_topics}


def _feed_topics() -> list[tuple[str, PublicText]]:
    """For the subscribe panel: the topics that have a feed, by slug and name; read anew when the feeds change."""
    mark = current_app.extensions["touchpoints.feed-mark"]()
    kept: tuple[int | None, list[tuple[str, PublicText]]] | None = current_app.extensions.get(_TOPICS)
    if kept is None or mark is None or kept[0] != mark:
        kept = current_app.extensions[_TOPICS] = mark, feeds.list_feed_topics(db.session())
    return kept[1]


def _chosen(series: tuple[SeriesCard, ...], argument: str, *, but: str = "") -> SeriesCard | None:
    """The series that the address asks for, even one that has ended; None for all. Raises NotFound."""
    slug = request.args.get(argument, "")
    if slug in ("", but):
        return None
    for card in series:
        if card.series.slug == slug:
            return card
    return queries.find_ended_series(db.session(), slug, now=now())


def _topic_feed(slug: str) -> Feed:
    """The feed of this topic. Raises NotFound."""
    found = feeds.topic_name(db.session(), slug)
    if found is None:
        raise NotFound("There is no such topic.")
    return feed_of_topic(slug, found)


def _days_until(call: PublicTouchpoint | None) -> int:
    """How many dates lie between today and the call, on the visitor's calendar."""
    if call is None:
        return 0
    zone = visitor_zone() or call.time_zone
    return (in_zone(call.starts_at, zone).date() - in_zone(now(), zone).date()).days


def _here(**changes: object) -> str:
    """This address with some of its parameters changed; None takes one away."""
    arguments: dict[str, Any] = {**request.args.to_dict(), **changes}
    known = {name: value for name, value in arguments.items() if name in ("series", "page", "tz") and value is not None}
    return url_for(request.endpoint or "public.home", **known)
