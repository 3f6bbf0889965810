"""The community's record of past calls into the archive: series of their time, calls, talks, speakers as published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.agenda import SegmentKind
from app.domain.attribution import Attribution
from app.domain.consent import Channel
from app.domain.history import History, PastCall, PastSeries, PastSpeaker, Skipped
from app.domain.imports.past_calls import call_of, items_of
from app.domain.imports.values import Earlier, ImportKind, Item, Made, Outcome, Verdict
from app.domain.people import NOT_NAMED, RoleCategory
from app.domain.proposals import Level, SeriesPreference, TalkFormat
from app.domain.series import HUES, MAX_SHORT_NAME, MAX_SLUG, SHAPES
from app.domain.site import Site
from app.domain.states import ConfirmationState, ProposalState, TalkState
from app.domain.text import MAX_LINE
from app.models import Confirmation, Consent, ImportRun, Proposal, Series, Speaker, Talk, Touchpoint, TouchpointSegment
from app.services.auditing import Actor, record
from app.services.importing.agendas import NEAR
from app.services.importing.applying import apply_import, apply_next
from app.services.importing.importers import Context, Effect, Written, importer_of
from app.services.importing.planning import Upload, judge_items, plan_import

_GONE = "It was imported before, and deleted here since: it does not come back."
_FROM_THE_RECORD = "Imported from the community's public record: named as published there."


@dataclass(frozen=True)
class Report:
    """What an import did. `present` were there already; `others` counts the entries that are no calls, by kind.

    `run` is the key by which it is undone, "" where nothing was written.
    """

    imported: tuple[PastCall, ...]
    series: int
    present: int
    skipped: tuple[Skipped, ...]
    others: Mapping[str, int]
    run: str = ""


def import_history(session: Session, history: History, *, name: str, by: Actor, site: Site, now: datetime) -> Report:
    """Add the calls of `history`, the file of this name, that are not there yet. A second run changes nothing.

    Nobody is mailed.

    Each becomes a touchpoint of a series of its time with one confirmed talk, whose speakers are named in public
    exactly as the record names them. A call that is still to come is skipped.
    """
    items = items_of(history, now=now)
    outcomes = [verdict.outcome for verdict in judge_items(session, items, kind=ImportKind.HISTORY, site=site)]
    key = ""
    if Outcome.NEW in outcomes:
        run = plan_history(session, history, name=name, by=by, site=site, now=now)
        apply_import(session, run, version=run.version, by=by, site=site, now=now)
        while apply_next(session, run, by=by, site=site, now=now):
            pass
        key, outcomes = run.key, [row.outcome for row in run.rows]
    calls = list(zip(history.calls, outcomes, strict=False))
    new = tuple(call for call, outcome in calls if outcome is Outcome.NEW)
    early = [Skipped(call.key, call.title, "it is still to come") for call in history.calls if call.starts_at > now]
    return Report(
        imported=new,
        series=len({call.series.key for call in new}),
        present=sum(1 for _, outcome in calls if outcome is Outcome.SAME),
        skipped=(*history.skipped, *early),
        others=history.others,
        run=key,
    )


def plan_history(
    session: Session, history: History, *, by: Actor, site: Site, now: datetime, name: str = "", data: bytes = b""
) -> ImportRun:
    """The dry run of a record: a row for each call. Raises InvalidInput (file) for one without any."""
    upload = Upload(ImportKind.HISTORY, name, data, settings={})
    return plan_import(session, upload, items_of(history, now=now), by=by, site=site, now=now)


class HistoryImporter:
    """Items whose payload is that of `domain/imports/past_calls`."""

    def judge(self, session: Session, items: Sequence[Item], earlier: Mapping[str, Earlier]) -> Sequence[Verdict]:
        """New, or here already, from an agenda perhaps: what is here stays, whatever the record says of it now."""
        query = select(Touchpoint.import_key).where(Touchpoint.import_key.in_([item.key for item in items]))
        known = set(session.scalars(query))
        written = _calls_of_agendas(session)
        return [
            Verdict(Outcome.SAME)
            if item.key in known
            else Verdict(Outcome.SAME, f"“{name}” has this call already, from an agenda: what is here stays.")
            if (name := written(call_of(item.payload)))
            else Verdict(Outcome.REFUSED, _GONE)
            if item.key in earlier
            else Verdict(Outcome.NEW)
            for item in items
        ]

    def write(self, session: Session, item: Item, *, context: Context) -> Effect:
        """Add the call with its talk and, if need be, its series."""
        call = call_of(item.payload)
        series, is_new = _series_of(session, call, by=context.by, site=context.site, now=context.now)
        touchpoint, talk = _add_call(session, call, series, by=context.by, now=context.now)
        session.flush()
        made = (
            Made("touchpoint", touchpoint.id, touchpoint.version),
            Made("talk", talk.id, talk.version),
            Made("proposal", talk.proposal.id, talk.proposal.version),
        )
        return Effect(made=(*made, Made("series", series.id, series.version)) if is_new else made)

    def finish(self, session: Session, effects: Sequence[Effect], *, context: Context) -> None:
        """Publish the calls."""
        importer_of(ImportKind.AGENDA).finish(session, effects, context=context)

    def undo(self, session: Session, written: Written, *, context: Context) -> str:
        """Take the call away, as one that came from an agenda."""
        return importer_of(ImportKind.AGENDA).undo(session, written, context=context)


IMPORTER = HistoryImporter()


def _calls_of_agendas(session: Session) -> Callable[[PastCall], str]:
    """Tells of which series an agenda has the call; "" where none has it, or nobody knows its day."""
    query = select(Touchpoint.starts_at, Series.name).join(Series, Touchpoint.series_id == Series.id)
    rows = session.execute(query.where(Touchpoint.import_key.startswith("agenda:"))).all()

    def named(call: PastCall) -> str:
        near = (name for starts_at, name in rows if abs(starts_at - call.starts_at) < NEAR)
        return next(near, "") if call.day_known else ""

    return named


def _series_of(session: Session, call: PastCall, *, by: Actor, site: Site, now: datetime) -> tuple[Series, bool]:
    """The series of its time, ended with the last call that we know of; and whether it is new."""
    row = session.scalar(select(Series).where(Series.import_key == call.series.key))
    is_new = row is None
    if row is None:
        row = _add_series(session, call.series, by=by, site=site, now=now)
    row.ended_on = max(row.ended_on or call.wall.date(), call.wall.date())
    return row, is_new


def _add_series(session: Session, past: PastSeries, *, by: Actor, site: Site, now: datetime) -> Series:
    place = (session.scalar(select(func.max(Series.position))) or 0) + 1
    series = Series(
        slug=_free_slug(session, past.key),
        name=past.name,
        short_name=past.name.partition(" (")[0][:MAX_SHORT_NAME],
        description=past.rule,
        audience=past.audience,
        hue=HUES[place % len(HUES)],
        shape=SHAPES[place % len(SHAPES)],
        role_address=site.reply_to,
        position=place,
        import_key=past.key,
    )
    session.add(series)
    record(session, "series.imported", series, by=by, now=now)
    return series


def _free_slug(session: Session, key: str) -> str:
    stem = key[: MAX_SLUG - 4]
    taken = set(session.scalars(select(Series.slug).where(Series.slug.startswith(stem, autoescape=True))))
    candidates: Iterable[str] = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


def _add_call(session: Session, call: PastCall, series: Series, *, by: Actor, now: datetime) -> tuple[Touchpoint, Talk]:
    touchpoint = Touchpoint(
        series=series,
        local_start=call.wall,
        time_zone=call.zone,
        minutes=call.minutes,
        starts_at=call.starts_at,
        day_known=call.day_known,
        import_key=call.key,
        created_at=now,
        segments=[TouchpointSegment.of(segment, position=position) for position, segment in enumerate(call.segments)],
    )
    session.add(touchpoint)
    talk = _talk(call, _proposal(call, series, now=now), touchpoint, now=now)
    session.add(talk)
    record(session, "touchpoint.imported", touchpoint, by=by, now=now)
    return touchpoint, talk


def _proposal(call: PastCall, series: Series, *, now: datetime) -> Proposal:
    submitted = datetime.combine(call.submitted, time(12), UTC) if call.submitted else None
    return Proposal(
        title=call.title,
        format=TalkFormat.PRESENTATION if call.speakers else TalkFormat.DISCUSSION,
        level=Level.INTRODUCTORY,
        minutes=_talk_minutes(call),
        preference=SeriesPreference.ONE,
        preferred_series=series,
        state=ProposalState.ACCEPTED,
        created_at=now,
        updated_at=now,
        submitted_at=submitted,
        import_key=call.key,
        speakers=[_speaker(speaker, position) for position, speaker in enumerate(call.speakers)],
    )


def _speaker(past: PastSpeaker, position: int) -> Speaker:
    """Somebody without an address of ours: nothing can be mailed to them."""
    return Speaker(
        position=position,
        name=(past.name or NOT_NAMED)[:MAX_LINE],
        affiliation=past.affiliation[:MAX_LINE],
        role_category=RoleCategory.OTHER,
        attribution=past.attribution,
    )


def _talk(call: PastCall, proposal: Proposal, touchpoint: Touchpoint, *, now: datetime) -> Talk:
    """The confirmed talk. A recording and slides that are public were agreed to; without one, nobody was asked."""
    return Talk(
        proposal=proposal,
        touchpoint=touchpoint,
        position=0,
        state=TalkState.CONFIRMED,
        minutes=proposal.minutes,
        recording_url=call.recording_url,
        slides_url=call.slides_url,
        created_at=now,
        confirmations=[_answer(call, speaker, now=now) for speaker in proposal.speakers],
    )


def _answer(call: PastCall, speaker: Speaker, *, now: datetime) -> Confirmation:
    """What the record says that the speaker allowed, with the consent that stands for it."""
    level = speaker.attribution or Attribution.NONE
    recording, slides = True if call.recording_url else None, True if call.slides_url else None
    consent = Consent(attribution=level, recording=recording, slides=slides, channel=Channel.IMPORT, given_at=now)
    return Confirmation(
        speaker=speaker,
        state=ConfirmationState.CONFIRMED,
        attribution=level,
        recording_consent=recording,
        slides_consent=slides,
        on_behalf_note=_FROM_THE_RECORD,
        consents=[consent],
    )


def _talk_minutes(call: PastCall) -> int:
    """The first part for talks, or the longest part of a call that had none."""
    slots = [part.minutes for part in call.segments if part.kind is SegmentKind.TALK]
    return slots[0] if slots else max(part.minutes for part in call.segments)
