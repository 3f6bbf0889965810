"""The learning space: talks of the past by season, series, topic, role category and words, and one talk's own page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain.archive import NOTHING_ASKED, PER_PAGE, Asked, MarkKind
from app.domain.attribution import PublicText
from app.domain.disclosure import organizers_words
from app.domain.errors import NotFound
from app.domain.people import RoleCategory
from app.domain.publication import PublicTalk, PublicTouchpoint
from app.domain.searching import Piece, excerpt, highlighted
from app.models import ArchiveEntry, ArchiveMark, Publication, Series
from app.services.hiding import is_public
from app.services.public_history import read_value
from app.services.queries.contributor_space import list_public_groups
from app.services.queries.published_notes import texts_of_public_notes
from app.services.searching import closeness, is_found

RELATED = 4


@dataclass(frozen=True)
class Found:
    """One talk in the list. `excerpt` is where the search found it besides its title; `notes` are the call's."""

    call: PublicTouchpoint
    talk: PublicTalk
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    has_notes: bool


@dataclass(frozen=True)
class Choice:
    """One way to narrow the list by its kind, with how many talks that gives."""

    word: str
    label: PublicText
    count: int
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """What the list can be narrowed by; empty where there is nothing to choose."""

    kind: MarkKind
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> Choice | None:
        return next((choice for choice in self.choices if choice.chosen), None)


@dataclass(frozen=True)
class ArchivePage:
    """One page of what was asked for: `number` and `pages` count from 1. `everything` is the size of the archive."""

    asked: Asked
    found: tuple[Found, ...]
    filters: tuple[Filter, ...]
    total: int
    everything: int
    number: int
    pages: int


@dataclass(frozen=True)
class TalkPage:
    """One public talk with its call, and others like it, the most alike first."""

    call: PublicTouchpoint
    talk: PublicTalk
    related: tuple[Found, ...]


def search_archive(session: Session, asked: Asked, *, page: int = 1, now: datetime) -> ArchivePage:
    """The talks of calls that are over: the closest to the search first, then the newest."""
    held = ArchiveEntry.ends_at <= now
    conditions = _conditions(session, asked)
    matching = [held, *conditions.values()]
    total = session.scalar(select(func.count(ArchiveEntry.id)).where(*matching)) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, page), pages)
    order = (ArchiveEntry.starts_at.desc(), ArchiveEntry.key.desc())
    ranked = (closeness(session, asked.search), *order) if asked.search.has_words else order
    query = select(ArchiveEntry.key, ArchiveEntry.touchpoint_id).where(*matching).order_by(*ranked)
    rows = session.execute(query.offset((number - 1) * PER_PAGE).limit(PER_PAGE)).all()
    return ArchivePage(
        asked=asked,
        found=_read(session, [(key, touchpoint_id) for key, touchpoint_id in rows], asked),
        filters=_filters(session, asked, held, conditions),
        total=total,
        everything=(session.scalar(select(func.count(ArchiveEntry.id)).where(held)) or 0)
        if asked.is_narrowed
        else total,
        number=number,
        pages=pages,
    )


def find_talk(session: Session, key: str) -> TalkPage:
    """The public talk of this key, on whatever call it stands, past or to come. Raises NotFound."""
    query = select(ArchiveEntry.id, Publication.value).join(Publication).where(ArchiveEntry.key == key)
    row = session.execute(query).one_or_none()
    call = read_value(row.value) if row else None
    talk = next((each for each in call.talks if each.key == key), None) if call else None
    if row is None or call is None or talk is None:
        raise NotFound("There is no such talk.")
    return TalkPage(call, talk, _related(session, row.id, talk))


def _conditions(session: Session, asked: Asked) -> dict[MarkKind | None, ColumnElement[bool]]:
    """What an entry must meet, by kind; the search by None."""
    conditions: dict[MarkKind | None, ColumnElement[bool]] = {
        kind: ArchiveEntry.id.in_(
            select(ArchiveMark.entry_id).where(ArchiveMark.kind == kind, ArchiveMark.word == word)
        )
        for kind, word in asked.chosen
    }
    if asked.search.has_words:
        conditions[None] = is_found(session, asked.search)
    elif asked.search.typed:
        conditions[None] = ArchiveEntry.id.in_(())  # signs alone are nothing that a text could have
    return conditions


def _read(session: Session, rows: Collection[tuple[str, int]], asked: Asked) -> tuple[Found, ...]:
    """The talks of these keys, in this order; one whose publication cannot be read is left out."""
    query = select(Publication).where(Publication.touchpoint_id.in_({touchpoint_id for _, touchpoint_id in rows}))
    calls = {row.touchpoint_id: read_value(row.value) for row in session.scalars(query)}
    pairs = [(calls.get(touchpoint_id), key) for key, touchpoint_id in rows]
    talks = [(call, talk) for call, key in pairs if call for talk in call.talks if talk.key == key]
    notes = texts_of_public_notes(session, [call for call, _ in talks])
    return tuple(_found(call, talk, asked, notes.get(call.key)) for call, talk in talks)


def _found(call: PublicTouchpoint, talk: PublicTalk, asked: Asked, notes: PublicText | None) -> Found:
    search = asked.search
    around = excerpt(talk.abstract, search) or (excerpt(notes, search) if notes else ())
    return Found(call, talk, highlighted(talk.title, search), around, has_notes=notes is not None)


def _filters(
    session: Session, asked: Asked, held: ColumnElement[bool], conditions: Mapping[MarkKind | None, ColumnElement[bool]]
) -> tuple[Filter, ...]:
    """What each kind offers beside all that is asked for of the others: no choice leads to an empty list."""
    chosen = dict(asked.chosen)
    counts = _counts(session, [kind for kind in MarkKind if kind not in chosen], [held, *conditions.values()])
    for kind in chosen:
        others = [condition for other, condition in conditions.items() if other is not kind]
        counts |= _counts(session, [kind], [held, *others])
    labels = _Labels(session, held)
    return tuple(
        Filter(
            kind,
            tuple(
                Choice(word, labels.of(kind, word), count, chosen=chosen.get(kind) == word)
                for word, count in sorted(counts[kind].items(), key=lambda each: labels.place(kind, *each))
            ),
        )
        for kind in MarkKind
    )


def _counts(
    session: Session, kinds: Collection[MarkKind], conditions: Iterable[ColumnElement[bool]]
) -> dict[MarkKind, dict[str, int]]:
    query = (
        select(ArchiveMark.kind, ArchiveMark.word, func.count())
        .join(ArchiveEntry, ArchiveEntry.id == ArchiveMark.entry_id)
        .where(ArchiveMark.kind.in_(kinds), *conditions)
        .group_by(ArchiveMark.kind, ArchiveMark.word)
    )
    counts: dict[MarkKind, dict[str, int]] = {kind: {} for kind in kinds}
    for kind, word, count in session.execute(query):
        counts[kind][word] = count
    return counts


class _Labels:
    """What choices are called, and in what order they stand."""

    def __init__(self, session: Session, held: ColumnElement[bool]) -> None:
        rows = session.scalars(select(Series).where(is_public()).order_by(Series.position, Series.id))
        self._series = {row.slug: row for row in rows}
        self._places = {slug: place for place, slug in enumerate(self._series)}
        self._groups = {group.slug: group.name for group in list_public_groups(session)}
        self._years = _years_of_series(session, held)

    def of(self, kind: MarkKind, word: str) -> PublicText:
        match kind:
            case MarkKind.SERIES if word in self._series:
                row = self._series[word]
                years = f" ({self._years[word]})" if row.ended_on and word in self._years else ""
                return organizers_words(f"{row.name}{years}")
            case MarkKind.ROLE:
                return organizers_words(RoleCategory(word).label)
            case MarkKind.GROUP:
                return self._groups.get(word, organizers_words(word))
            case MarkKind.HAS:
                return organizers_words(word.capitalize())
            case _:
                return organizers_words(word)  # a year; a topic, as it was published

    def place(self, kind: MarkKind, word: str, count: int) -> tuple[float, str]:
        match kind:
            case MarkKind.YEAR:
                return -int(word), word
            case MarkKind.SERIES:
                return self._places.get(word, len(self._places)), word
            case _:
                return -count, word


def _years_of_series(session: Session, held: ColumnElement[bool]) -> dict[str, str]:
    """For each series the years of its talks: "2021–2023", or one."""
    query = (
        select(ArchiveMark.word, func.min(ArchiveEntry.starts_at), func.max(ArchiveEntry.starts_at))
        .join(ArchiveEntry, ArchiveEntry.id == ArchiveMark.entry_id)
        .where(ArchiveMark.kind == MarkKind.SERIES, held)
        .group_by(ArchiveMark.word)
    )
    spans = {slug: (first.year, last.year) for slug, first, last in session.execute(query)}
    return {slug: str(first) if first == last else f"{first}–{last}" for slug, (first, last) in spans.items()}


def _related(session: Session, number: int, talk: PublicTalk) -> tuple[Found, ...]:
    """Others with most of its topics or of its working group, the newest first; never the same talk on another call."""
    words: list[tuple[MarkKind, str]] = [(MarkKind.TOPIC, topic) for topic in talk.topics]
    words += [(MarkKind.GROUP, talk.working_group)] if talk.working_group else []
    if not words:
        return ()
    alike = or_(*(and_(ArchiveMark.kind == kind, ArchiveMark.word == word) for kind, word in words))
    elsewhere = select(Publication.touchpoint_id).where(Publication.key.in_([other.key for other in talk.also]))
    query = (
        select(ArchiveEntry.key, ArchiveEntry.touchpoint_id)
        .join(ArchiveMark, ArchiveMark.entry_id == ArchiveEntry.id)
        .where(alike, ArchiveEntry.id != number, ArchiveEntry.touchpoint_id.not_in(elsewhere))
        .group_by(ArchiveEntry.id)
        .order_by(func.count().desc(), ArchiveEntry.starts_at.desc(), ArchiveEntry.key.desc())
        .limit(RELATED)
    )
    return _read(session, [(key, touchpoint_id) for key, touchpoint_id in session.execute(query)], NOTHING_ASKED)
