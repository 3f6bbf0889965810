"""Markdown agendas into series, touchpoints and talks: past speakers named as published, nobody mailed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.agendas.linting import lint
from app.domain.agendas.taking import Assumptions, take
from app.domain.agendas.values import Source
from app.domain.consent import Channel
from app.domain.imports.values import Earlier, ImportKind, Item, Made, Outcome, Verdict
from app.domain.localtime import to_utc
from app.domain.site import Site
from app.domain.states import TouchpointState
from app.models import Confirmation, Consent, ImportRun, Publication, Touchpoint
from app.services.auditing import Actor, record
from app.services.hiding import hide_calls
from app.services.importing.agenda_calls import (
    add_series,
    content_of,
    end_quiet_series,
    fill_call,
    free_series,
    series_of,
    talks_of,
)
from app.services.importing.importers import Context, Effect, Written
from app.services.importing.planning import Upload, plan_import
from app.services.locking import lock_row
from app.services.own_data.leaving import forget_proposal
from app.services.publishing import publish_touchpoints

NEAR = timedelta(hours=2)
_CHANGED = "Somebody changed it here since it was imported: what is here stays."


def plan_agendas(
    session: Session, sources: Sequence[Source], *, assumed: Assumptions, by: Actor, site: Site, now: datetime
) -> ImportRun:
    """Plan these agendas as one dry run, a row for each call. Raises InvalidInput (file) where there is none."""
    items = take(sources, lint(sources, today=now.date()), assumed=assumed)
    named = ", ".join(source.path for source in sources[:3]) + (", …" if len(sources) > 3 else "")
    data = "\0".join(f"{source.path}\0{source.text}" for source in sources).encode()
    settings = {"zone": assumed.zone, "clock": assumed.clock.value}
    return plan_import(
        session, Upload(ImportKind.AGENDA, named, data, settings=settings), items, by=by, site=site, now=now
    )


class AgendaImporter:
    """Items whose payload is that of `domain/agendas/taking`."""

    def judge(self, session: Session, items: Sequence[Item], earlier: Mapping[str, Earlier]) -> Sequence[Verdict]:
        """New, unless the call is here already, from agendas or from elsewhere."""
        query = select(Touchpoint).where(Touchpoint.import_key.in_([item.key for item in items]))
        present = {str(touchpoint.import_key): touchpoint for touchpoint in session.scalars(query)}
        starts = [_starts_at(item) for item in items]
        others = _standing(session, min(starts) - NEAR, max(starts) + NEAR)
        return [
            _known(session, item, present[item.key], earlier.get(item.key))
            if item.key in present
            else _unknown(start, others, earlier.get(item.key))
            for item, start in zip(items, starts, strict=True)
        ]

    def write(self, session: Session, item: Item, *, context: Context) -> Effect:
        """Make the call with its talk and, if need be, its series; or write what changed."""
        touchpoint = session.scalar(select(Touchpoint).where(Touchpoint.import_key == item.key))
        if touchpoint is not None:
            lock_row(session, touchpoint)
            before = content_of(touchpoint, talks_of(session, touchpoint))
            fill_call(session, touchpoint, item.payload, now=context.now)
            record(session, "touchpoint.reimported", touchpoint, by=context.by, now=context.now, run=context.run)
            session.flush()
            return Effect(made=_made(session, touchpoint), before=before)
        series, made = series_of(session, item.payload["series"]), tuple[Made, ...]()
        if series is None:
            series = add_series(session, item.payload["series"], site=context.site)
            record(session, "series.imported", series, by=context.by, now=context.now, run=context.run)
            session.flush()
            made = (Made("series", series.id, series.version),)
        touchpoint = Touchpoint(series=series, import_key=item.key, created_at=context.now)
        fill_call(session, touchpoint, item.payload, now=context.now)
        record(session, "touchpoint.imported", touchpoint, by=context.by, now=context.now, run=context.run)
        session.flush()
        return Effect(made=(*_made(session, touchpoint), *made))

    def finish(self, session: Session, effects: Sequence[Effect], *, context: Context) -> None:
        """Publish the calls, and let series of former years be ended."""
        every = [made for effect in effects for made in effect.made]
        ids, new = ({made.id for made in every if made.table == table} for table in ("touchpoint", "series"))
        touchpoints = session.scalars(select(Touchpoint).where(Touchpoint.id.in_(ids)).order_by(Touchpoint.id)).all()
        end_quiet_series(session, touchpoints, new=new, now=context.now)
        publish_touchpoints(session, touchpoints, site=context.site, now=context.now)

    def undo(self, session: Session, written: Written, *, context: Context) -> str:
        """Take the call away, or put back what stood in it."""
        versions = {made.table: made for made in written.made}
        touchpoint = session.get(Touchpoint, versions["touchpoint"].id, populate_existing=True)
        if touchpoint is None:
            return ""
        lock_row(session, touchpoint)
        if not _is_left_alone(session, touchpoint, written.made):
            return "It stays: somebody changed the call or its talk here since."
        if written.outcome is Outcome.CHANGED and not written.before:
            return "It stays: what stood there before is forgotten, with somebody who asked for that."
        record(session, "touchpoint.unimported", touchpoint, by=context.by, now=context.now, run=context.run)
        if written.before:
            fill_call(session, touchpoint, written.before, now=context.now)
            publish_touchpoints(session, [touchpoint], site=context.site, now=context.now)
            return ""
        _take_away(session, touchpoint, context=context)
        if "series" in versions:
            free_series(session, versions["series"].id)
        return ""


IMPORTER = AgendaImporter()


def _starts_at(item: Item) -> datetime:
    return to_utc(datetime.fromisoformat(item.payload["wall"]), item.payload["zone"])


def _standing(session: Session, first: datetime, last: datetime) -> Sequence[Touchpoint]:
    """The calls of that time which are not skipped."""
    query = select(Touchpoint).where(Touchpoint.starts_at.between(first, last))
    return session.scalars(query.where(Touchpoint.state == TouchpointState.OPEN).order_by(Touchpoint.starts_at)).all()


def _known(session: Session, item: Item, touchpoint: Touchpoint, earlier: Earlier | None) -> Verdict:
    if earlier is not None and earlier.is_alike:
        return Verdict(Outcome.SAME)
    if earlier is None or not _is_left_alone(session, touchpoint, earlier.made):
        return Verdict(Outcome.REFUSED, _CHANGED)
    was, wall = touchpoint.local_start, datetime.fromisoformat(item.payload["wall"])
    return Verdict(Outcome.CHANGED, f"Was at {was:%H:%M}." if was != wall else "")


def _unknown(start: datetime, others: Sequence[Touchpoint], earlier: Earlier | None) -> Verdict:
    if earlier is not None:
        return Verdict(Outcome.REFUSED, "It was imported before, and deleted here since: it does not come back.")
    near = next((other for other in others if abs(other.starts_at - start) < NEAR), None)
    if near is not None:
        said = f"“{near.series.name}” has a call at that time already, {near.local_start:%H:%M} on its clock"
        return Verdict(Outcome.REFUSED, f"{said}: what is here stays.")
    return Verdict(Outcome.NEW)


def _made(session: Session, touchpoint: Touchpoint) -> tuple[Made, ...]:
    talks = talks_of(session, touchpoint)
    return (
        Made("touchpoint", touchpoint.id, touchpoint.version),
        *(Made("talk", talk.id, talk.version) for talk in talks),
        *(Made("proposal", talk.proposal_id, talk.proposal.version) for talk in talks),
    )


def _is_left_alone(session: Session, touchpoint: Touchpoint, made: Sequence[Made]) -> bool:
    """Whether the call, its talk and what is public of its speakers are as they were made.

    Whoever has taken a name back since is not named anew by a file that still says it.
    """
    chosen = select(Consent.id).join(Confirmation, Consent.confirmation_id == Confirmation.id)
    talks = [each.id for each in made if each.table == "talk"]
    here = chosen.where(Confirmation.talk_id.in_(talks), Consent.channel != Channel.IMPORT).limit(1)
    as_made = _made(session, touchpoint) == tuple(each for each in made if each.table != "series")
    return as_made and session.scalar(here) is None


def _take_away(session: Session, touchpoint: Touchpoint, *, context: Context) -> None:
    """No calendar waits for it: what was imported as still to come is in no feed before somebody confirms its talk."""
    for proposal in [talk.proposal for talk in talks_of(session, touchpoint)]:
        forget_proposal(session, proposal)
    session.expire_all()
    row = session.get(Publication, touchpoint.id)
    hide_calls(session, [row] if row else [], site=context.site, now=context.now)
    session.delete(touchpoint)
    session.flush()
