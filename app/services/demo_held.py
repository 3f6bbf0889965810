"""The demo's last months: calls that were opened, spoken on and held, at the times when people would have done so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.cadence import dates
from app.domain.demo import DemoTalk
from app.domain.demo_held import HELD, HeldTalk
from app.domain.materials import MaterialKind
from app.domain.site import Site
from app.models import Series, Talk, Touchpoint
from app.services import missing_materials, scheduling
from app.services.auditing import Actor

PAST = timedelta(days=150)
"""How far back these calls go."""
_BEFORE, _AFTER = timedelta(days=13), timedelta(days=3)

Walk = Callable[[DemoTalk, str, datetime], None]
"""Leads a talk as far as it says onto the next call of the series with this slug, as of then."""


def hold_past_calls(session: Session, walk: Walk, *, by: Actor, site: Site, now: datetime) -> None:
    """The calls of the last months that had a talk, with what was brought to the archive since."""
    for held in sorted(HELD, key=lambda each: -each.back):
        call = _add_call(session, held, by=by, site=site, now=now)
        walk(held.talk, held.slug, call.starts_at - _BEFORE)
        talk = session.scalars(select(Talk).where(Talk.touchpoint_id == call.id)).one()
        found = {MaterialKind.RECORDING: held.recording_url, MaterialKind.SLIDES: held.slides_url}
        for kind, url in found.items():
            if url:
                then = call.starts_at + _AFTER
                missing_materials.bring_material(session, talk, kind, url, version=0, by=by, site=site, now=then)


def _add_call(session: Session, held: HeldTalk, *, by: Actor, site: Site, now: datetime) -> Touchpoint:
    series = session.scalars(select(Series).where(Series.slug == held.slug)).one()
    [rule] = [each.value() for each in series.rules]
    walls = dates(rule, after=(now - PAST).date(), until=(now - timedelta(days=1)).date())
    at = walls[-1 - held.back]
    return scheduling.add_touchpoint(
        session, series, at=at, minutes=rule.minutes, by=by, site=site, now=now - PAST - _BEFORE
    )
