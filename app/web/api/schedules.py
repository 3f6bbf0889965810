"""The season as a conference schedule, for Giggity and the like: /schedule.xml and /schedule.json beside /schedule."""

from __future__ import annotations

import re
from datetime import MAXYEAR

from flask import request, url_for
from werkzeug.wrappers import Response

from app.domain.disclosure import organizers_words
from app.domain.errors import NotFound
from app.extensions import db
from app.feeds.schedule import Schedule, ScheduleHead, schedule
from app.feeds.schedule_json import schedule_json as as_json
from app.feeds.schedule_xml import schedule_xml as as_xml
from app.feeds.words import feed_title
from app.services.queries.open_data import Season, read_season
from app.web.api import files
from app.web.api.answering import answer
from app.web.api.resource import JSON
from app.web.clock import now
from app.web.guards import public
from app.web.limits import limit_feed
from app.web.site import site

XML = "application/xml; charset=utf-8"
_YEAR = re.compile(r"[0-9]{4}")


@files.get("/schedule.xml")
@limit_feed
@public
def schedule_xml() -> Response:
    """The season as XML."""
    found = _read()
    return answer(as_xml(found), XML, changed_at=found.head.changed_at)


@files.get("/schedule.json")
@limit_feed
@public
def schedule_json() -> Response:
    """The season as JSON."""
    found = _read()
    return answer(as_json(found, namespace=site().uid_domain), JSON, changed_at=found.head.changed_at)


def _read() -> Schedule:
    """The schedule that is asked for: of the series and the year in the address. Raises NotFound."""
    season = read_season(db.session(), series=request.args.get("series"), year=_year(), now=now())
    return schedule(_head(season), season.calls, namespace=site().uid_domain)


def _year() -> int | None:
    asked = request.args.get("year")
    if asked is None:
        return None
    if not _YEAR.fullmatch(asked) or not 0 < int(asked) < MAXYEAR:
        raise NotFound("There is no schedule of such a year.")
    return int(asked)


def _head(season: Season) -> ScheduleHead:
    slug, of = (season.card.series.slug, season.card.series.name) if season.card else ("touchpoints", None)
    return ScheduleHead(
        slug=re.sub("[^a-z0-9]+", "_", slug.lower()),
        title=feed_title(organizers_words(site().community), of),
        year=season.year,
        site=site().base_url,
        url=site().url(url_for("public.schedule", series=slug if season.card else None)),
        changed_at=season.changed_at,
    )
