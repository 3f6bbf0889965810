"""People's own calendars: the page of secret addresses, and the answer to the program that knows one.

An address is in the page that its making answers with, once, and in no log: the views log nothing, the server keeps no
record of requests (`app/serve.py`), and no page that has it says where a visitor came from.
"""

from __future__ import annotations

import gzip
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import segno
from flask import Flask, current_app, flash, g, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.domain.errors import InvalidInput, RuleViolation
from app.domain.permissions import Permission
from app.domain.personal_feeds import MAX_LABEL, MOST_ADDRESSES, FeedKind, may_have
from app.extensions import db
from app.feeds.addresses import feed_addresses
from app.services import personal_feeds
from app.services.personal_feeds import Made
from app.services.queries.feeds import CalendarFile
from app.services.queries.personal_calendars import read_member_calendar, read_speaker_calendar
from app.web.account import blueprint
from app.web.account.asking import page
from app.web.calendar_requests import wants_gzip
from app.web.clock import now
from app.web.fields import read_word
from app.web.guards import allow, public
from app.web.htmx import go_to
from app.web.identity import current_actor, signed_in_person
from app.web.limits import limit_feed, limit_personal_feed
from app.web.site import site

log = logging.getLogger(__name__)
MAX_AGE = 300
_KEPT = "touchpoints.member-calendar"


@blueprint.get("/profile/calendars")
@allow(Permission.OWN_ACCOUNT)
def calendars() -> Response:
    """One's secret addresses: what each reveals, when it was last asked for, and its end."""
    return _calendars_page()


@blueprint.post("/profile/calendars")
@limit_personal_feed
@allow(Permission.OWN_ACCOUNT)
def make_calendar() -> Response:
    """Make an address and show it, this once: the answer is the page, since no other one could show it."""
    person, label = signed_in_person(), request.form.get("label", "")
    kind = read_word(FeedKind, request.form.get("kind", ""))
    try:
        if kind is None:
            raise InvalidInput({"kind": "Choose what the calendar shows."})
        made = personal_feeds.make_feed(db.session(), person, kind=kind, label=label, by=current_actor(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return _calendars_page(errors=error.errors, label=label, kind=kind, status=422)
    except RuleViolation as error:
        db.session.rollback()
        return _calendars_page(errors={"label": str(error)}, label=label, kind=kind, status=422)
    return page("calendar_made", feed=made.feed, **_addresses(made))


@blueprint.post("/profile/calendars/<int(max=2147483647):feed_id>/revoke")
@allow(Permission.OWN_ACCOUNT)
def revoke_calendar(feed_id: int) -> Response:
    """End an address of one's own."""
    personal_feeds.revoke_feed(db.session(), feed_id, by=current_actor(), now=now())
    flash("That address is revoked: it answers nothing any more. Take the calendar out of your program, too.", "good")
    return go_to(url_for("account.calendars"))


@blueprint.get("/calendar/mine/<token>.ics")
@limit_feed
@public
def own_calendar(token: str) -> Response:
    """What a calendar program gets that knows the address. Unknown, revoked and no longer theirs are all 404."""
    feed = personal_feeds.find_feed(db.session(), token)
    if feed.used_on != now().date():
        g.used_personal_feed = feed.id
    if feed.kind is FeedKind.MEMBER:
        return _answer(_member_calendar())
    return _answer(read_speaker_calendar(db.session(), feed.person, site=site(), now=now()))


def init_own_calendars(app: Flask) -> None:
    """Note the day of use after the answer, in a transaction of its own, at most once a day (docs/adr/0050).

    Register this before whatever ends the reading transaction: what is torn down first was registered last.
    """
    app.teardown_request(_note_use)


@dataclass(frozen=True)
class _Kept:
    mark: int
    at: datetime
    file: CalendarFile


def _member_calendar() -> CalendarFile:
    """Made once for all members, until something that feeds show changes or a call leaves the window."""
    mark = current_app.extensions["touchpoints.feed-mark"]()
    kept = cast("_Kept | None", current_app.extensions.get(_KEPT))
    if kept is not None and kept.mark == mark and kept.at <= now() <= (kept.file.until or now()):
        return kept.file
    file = read_member_calendar(db.session(), site=site(), now=now())
    if mark is not None:
        current_app.extensions[_KEPT] = _Kept(mark, now(), file)
    return file


def _answer(file: CalendarFile) -> Response:
    zipped = wants_gzip(request.headers.get("Accept-Encoding", ""))
    response = Response(content_type=file.content_type)
    response.set_etag(f"{file.etag}-gzip" if zipped else file.etag)
    # No Last-Modified: where the newest talk is taken off, it would say that nothing has changed since.
    response.cache_control.private = True
    response.cache_control.max_age = MAX_AGE
    response.vary.add("Accept-Encoding")
    response.headers["Content-Disposition"] = "inline; filename=mine.ics"
    response.headers["X-Robots-Tag"] = "noindex"
    response.make_conditional(request)
    if response.status_code == 200:
        response.set_data(gzip.compress(file.body, 6, mtime=0) if zipped else file.body)
        if zipped:
            response.content_encoding = "gzip"
    return response


def _calendars_page(
    *,
    errors: dict[str, str] | None = None,
    label: str = "",
    kind: FeedKind | None = None,
    status: int = 200,
) -> Response:
    person = signed_in_person()
    kinds = [each for each in FeedKind if may_have(person.role, each)]
    feeds = personal_feeds.list_feeds(db.session(), person)
    return page(
        "calendars",
        errors=errors or {},
        feeds=feeds,
        is_full=len(feeds) >= MOST_ADDRESSES,
        kinds=[(each.value, each.label, each.reveals) for each in kinds],
        kind=(kind or kinds[0]).value,
        label=label[: MAX_LABEL * 4],
        status=status,
    )


def _addresses(made: Made) -> dict[str, Any]:
    """Every way to subscribe to the new address, and its picture for a phone."""
    url = site().url(url_for("account.own_calendar", token=made.token))
    addresses = feed_addresses(url, name=f"{site().community}: {made.feed.kind.label}")
    picture = segno.make(addresses.apple, error="m", micro=False)
    return {"addresses": addresses, "picture": picture.svg_data_uri(border=3, light="#fff", omitsize=True)}


def _note_use(_error: BaseException | None) -> None:
    feed_id: int | None = g.pop("used_personal_feed", None)
    if feed_id is None:
        return
    try:
        db.session.rollback()
        personal_feeds.note_feed_use(db.session(), feed_id, day=now().date())
    except SQLAlchemyError:
        log.warning("the use of a personal calendar could not be noted: personal_feed=%s", feed_id)
        db.session.rollback()
