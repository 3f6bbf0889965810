"""Notes of a call while they are written: by its scribe and by organizers, in private, until they are handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, NotFound, RuleViolation
from app.domain.notes import (
    Hit,
    NotesAudience,
    check_notes,
    find_hits,
    may_publish_notes,
    may_write_notes,
    places_after,
    replace_hits,
    undecided,
)
from app.domain.site import Site
from app.domain.states import NotesState, move_to
from app.models import Notes, NotesAuthor, NotesDecision, Person, PublishedNotes, Touchpoint
from app.services.auditing import Actor, record
from app.services.identities import announced_on, everyone_known
from app.services.locking import lock_touchpoints
from app.services.notes_audience import audience_of
from app.services.notifying.notes import notify_notes_ready
from app.services.versions import expect_version


@dataclass(frozen=True)
class Rights:
    """What one person may do with the notes of one call."""

    write: bool
    publish: bool
    withdraw: bool


def rights_of(touchpoint: Touchpoint, person: Person | None) -> Rights:
    """What this person may do with these notes. Raises NotFound for whoever has nothing to do with them."""
    if person is None:
        raise NotFound("There is no such page.")
    rights = Rights(
        write=may_write_notes(person.role, is_scribe=touchpoint.scribe_id == person.id),
        publish=may_publish_notes(person.role, is_moderator=touchpoint.moderator_id == person.id),
        withdraw=may_publish_notes(person.role, is_moderator=False),
    )
    if not (rights.write or rights.publish):
        raise NotFound("There is no such page.")
    return rights


def save_notes(session: Session, touchpoint: Touchpoint, text: str, *, version: int, by: Actor, now: datetime) -> Notes:
    """Keep the text. `version` is that of the text it was made from, 0 for the first.

    Whoever changed a word is one of its authors from then on. Text that is ready or published becomes a draft again.
    Raises InvalidInput (text), Conflict, NotFound.
    """
    lock_touchpoints(session, [touchpoint])
    _writer(touchpoint, by)
    notes = _begun(session, touchpoint, version=version, now=now)
    cleaned = check_notes(text)
    if cleaned != notes.text:
        _rewrite(session, touchpoint, notes, cleaned, by=by, now=now)
    session.commit()
    return notes


def replace_in_notes(
    session: Session, touchpoint: Touchpoint, place: str | None, *, version: int, by: Actor, now: datetime
) -> int:
    """Put neutral words in this place, or, for None, wherever nobody has decided that it is no person.

    Returns in how many places. What was decided about others stays. Raises Conflict, NotFound; RuleViolation when no
    such place is left.
    """
    notes = _locked(session, touchpoint, version=version, by=by)
    hits = hits_in(session, touchpoint, notes.text)
    decided = decisions_on(session, touchpoint)
    chosen = undecided(hits, decided) if place is None else tuple(hit for hit in hits if hit.place == place)
    if not chosen:
        raise RuleViolation("That line has changed. Look at the names again.")
    text = replace_hits(notes.text, chosen)
    _rewrite(session, touchpoint, notes, text, by=by, now=now)
    replaced = {hit.place for hit in chosen}
    _carry_decisions(session, touchpoint, places_after(hits, replaced, hits_in(session, touchpoint, text)))
    session.commit()
    return len(chosen)


def decide_no_person(
    session: Session, touchpoint: Touchpoint, place: str, *, version: int, by: Actor, now: datetime
) -> None:
    """Say that the words in this place are no person: kept with the version and with who said so.

    Raises Conflict, NotFound; RuleViolation when there is no such place.
    """
    notes = _locked(session, touchpoint, version=version, by=by)
    if place not in {hit.place for hit in hits_in(session, touchpoint, notes.text)}:
        raise RuleViolation("That line has changed. Look at the names again.")
    if place not in decisions_on(session, touchpoint):
        person_id = by.person.id if by.person else None
        decision = NotesDecision(
            touchpoint_id=touchpoint.id, place=place, version=notes.version, person_id=person_id, decided_at=now
        )
        session.add(decision)
        record(session, "notes.decided", touchpoint, by=by, now=now, version=notes.version)
    session.commit()


def take_decision_back(
    session: Session, touchpoint: Touchpoint, place: str, *, version: int, by: Actor, now: datetime
) -> None:
    """Say that it may be a person after all. Notes that are ready become a draft again. Raises Conflict, NotFound."""
    notes = _locked(session, touchpoint, version=version, by=by)
    session.execute(
        delete(NotesDecision).where(NotesDecision.touchpoint_id == touchpoint.id, NotesDecision.place == place)
    )
    if notes.state is NotesState.READY:
        move_to(notes, NotesState.DRAFT)
    record(session, "notes.decision_taken_back", touchpoint, by=by, now=now, version=notes.version)
    session.commit()


def hand_over_notes(
    session: Session, touchpoint: Touchpoint, *, version: int, by: Actor, site: Site, now: datetime
) -> int:
    """Say that the text is finished: a second person is asked to publish it. Returns how many were asked by mail.

    Raises RuleViolation while it names people or while the series says that notes are for nobody; Conflict, NotFound.
    """
    notes = _locked(session, touchpoint, version=version, by=by)
    if audience_of(touchpoint) is NotesAudience.NOBODY:
        raise RuleViolation("An organizer first says, in the settings of the series, for whom its notes are.")
    hits = hits_in(session, touchpoint, notes.text)
    if left := undecided(hits, decisions_on(session, touchpoint)):
        raise RuleViolation(f"Decide about each name first: {len(left)} left.")
    if notes.state is NotesState.PUBLISHED:
        raise RuleViolation("This very text is published already.")
    move_to(notes, NotesState.READY)
    record(session, "notes.handed_over", touchpoint, by=by, now=now, version=notes.version)
    asked = notify_notes_ready(session, touchpoint, notes, but=authors_since(session, touchpoint), site=site, now=now)
    session.commit()
    return asked


def hits_in(session: Session, touchpoint: Touchpoint, text: str) -> tuple[Hit, ...]:
    """Where the text names somebody we know; the speakers of the call that the public knows of are marked so."""
    return find_hits(text, everyone_known(session, touchpoint), announced=announced_on(session, touchpoint))


def decisions_on(session: Session, touchpoint: Touchpoint) -> dict[str, NotesDecision]:
    """What was decided about hits in the notes of this call, by place."""
    query = select(NotesDecision).where(NotesDecision.touchpoint_id == touchpoint.id)
    return {decision.place: decision for decision in session.scalars(query)}


def authors_since(session: Session, touchpoint: Touchpoint) -> Sequence[Person]:
    """Whoever wrote or changed a word since the last publication; all authors where nothing is published."""
    published = session.get(PublishedNotes, touchpoint.id)
    query = select(NotesAuthor).where(
        NotesAuthor.touchpoint_id == touchpoint.id, NotesAuthor.version > (published.version if published else -1)
    )
    return [author.person for author in session.scalars(query.order_by(NotesAuthor.person_id))]


def _writer(touchpoint: Touchpoint, by: Actor) -> Person:
    if by.person is None or not rights_of(touchpoint, by.person).write:
        raise NotFound("There is no such page.")
    return by.person


def _begun(session: Session, touchpoint: Touchpoint, *, version: int, now: datetime) -> Notes:
    notes = session.get(Notes, touchpoint.id, populate_existing=True)
    if notes is not None:
        expect_version(notes, version)
        return notes
    if version:
        raise Conflict("These notes are gone. Nothing of yours was written.")
    notes = Notes(touchpoint_id=touchpoint.id, created_at=now, updated_at=now, state=NotesState.DRAFT, text="")
    session.add(notes)
    session.flush()
    return notes


def _locked(session: Session, touchpoint: Touchpoint, *, version: int, by: Actor) -> Notes:
    lock_touchpoints(session, [touchpoint])
    _writer(touchpoint, by)
    notes = session.get(Notes, touchpoint.id, populate_existing=True)
    if notes is None:
        raise NotFound("There are no notes of this call yet.")
    expect_version(notes, version)
    return notes


def _rewrite(session: Session, touchpoint: Touchpoint, notes: Notes, text: str, *, by: Actor, now: datetime) -> None:
    notes.text, notes.updated_at = text, now
    move_to(notes, NotesState.DRAFT)
    session.flush()
    author = _writer(touchpoint, by)
    session.merge(NotesAuthor(touchpoint_id=touchpoint.id, person_id=author.id, version=notes.version))
    record(session, "notes.changed", touchpoint, by=by, now=now, version=notes.version)


def _carry_decisions(session: Session, touchpoint: Touchpoint, moved: Mapping[str, str]) -> None:
    """A decision stays with its words when others in the same line were replaced."""
    decided = decisions_on(session, touchpoint)
    for place, decision in decided.items():
        if moved.get(place, place) == place:
            continue
        if moved[place] in decided:  # an equal line has one already
            session.delete(decision)
        else:
            decision.place = moved[place]
