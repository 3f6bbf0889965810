"""Proposals that were sent elsewhere, into the pool: nobody is mailed, and nobody is named before they agree to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.domain.imports.topics import match_topics
from app.domain.imports.values import Earlier, Item, Made, Outcome, Verdict
from app.domain.people import RoleCategory
from app.domain.proposals import Level, SeriesPreference, TalkFormat
from app.domain.states import ProposalState
from app.models import OutboxMessage, Person, Proposal, Review, Speaker, Talk, Topic
from app.services.auditing import record
from app.services.importing.importers import Context, Effect, Written
from app.services.locking import lock_row
from app.services.own_data.leaving import forget_proposal

_TEXTS = ("title", "abstract", "benefit", "private_note")
_SAID = ("name", "affiliation", "pronouns", "bio")
_EDITED = "Somebody changed it here since it was imported: what is here stays."


class ProposalImporter:
    """Items whose payload is that of `domain/imports/offers`."""

    def judge(self, session: Session, items: Sequence[Item], earlier: Mapping[str, Earlier]) -> Sequence[Verdict]:
        """New, or what the file says anew of a proposal that still waits and that nobody has touched here."""
        keys = [item.key for item in items]
        query = select(Proposal).where(Proposal.import_key.in_(keys))
        present = {str(proposal.import_key): proposal for proposal in session.scalars(query)}
        used = _used(session, [proposal.id for proposal in present.values()])
        known = _topic_names(session)
        return [
            _noting_topics(_verdict(item, present.get(item.key), earlier.get(item.key), used=used), item, known)
            for item in items
        ]

    def write(self, session: Session, item: Item, *, context: Context) -> Effect:
        """Make the proposal, or write what changed onto it."""
        proposal = session.scalar(select(Proposal).where(Proposal.import_key == item.key))
        if proposal is None:
            return Effect(made=(_made(_add(session, item, context=context)),))
        lock_row(session, proposal)
        before = _content(proposal)
        _write(session, proposal, item.payload, now=context.now)
        record(session, "proposal.reimported", proposal, by=context.by, now=context.now, run=context.run)
        session.flush()
        return Effect(made=(_made(proposal),), before=before)

    def finish(self, session: Session, effects: Sequence[Effect], *, context: Context) -> None:
        """Nothing: a proposal in the pool is not public."""

    def undo(self, session: Session, written: Written, *, context: Context) -> str:
        """Take the proposal out of the pool, or put back what stood in it."""
        (made,) = written.made
        proposal = session.get(Proposal, made.id, populate_existing=True, with_for_update={"of": Proposal})
        if proposal is None:
            return ""
        if proposal.version != made.version:
            return "It stays: somebody changed or decided it here since."
        if proposal.id in _used(session, [proposal.id]):
            return "It stays: organizers have voted on it, placed it or written about it since."
        if written.outcome is Outcome.CHANGED and not written.before:
            return "It stays: what stood there before is forgotten, with somebody who asked for that."
        record(session, "proposal.unimported", proposal, by=context.by, now=context.now, run=context.run)
        if written.outcome is Outcome.CHANGED:
            _write(session, proposal, written.before, now=context.now)
        else:
            forget_proposal(session, proposal)
            session.expire_all()
        return ""


IMPORTER = ProposalImporter()


def _verdict(item: Item, proposal: Proposal | None, earlier: Earlier | None, *, used: Collection[int]) -> Verdict:
    if proposal is None:
        if earlier is not None:
            return Verdict(Outcome.REFUSED, "It was imported before, and deleted here since: it does not come back.")
        return Verdict(Outcome.NEW)
    if earlier is not None and earlier.is_alike:
        return Verdict(Outcome.SAME)
    if proposal.state is not ProposalState.SUBMITTED or proposal.id in used:
        return Verdict(Outcome.REFUSED, "It is decided or reviewed here already: change it here.")
    if earlier is None or Made("proposal", proposal.id, proposal.version) not in earlier.made:
        return Verdict(Outcome.REFUSED, _EDITED)
    return Verdict(Outcome.CHANGED, f"Was “{proposal.title}”." if proposal.title != item.payload["title"] else "")


def _used(session: Session, proposals: Collection[int]) -> frozenset[int]:
    """Those that somebody has worked on here: a vote, a place on the board, a mail."""
    working = or_(
        *(exists().where(table.proposal_id == Proposal.id) for table in (Review, Talk, OutboxMessage)),
    )
    return frozenset(session.scalars(select(Proposal.id).where(Proposal.id.in_(proposals), working)))


def _noting_topics(verdict: Verdict, item: Item, known: Mapping[str, str]) -> Verdict:
    _, unknown = match_topics(item.payload["topics"], known)
    if not unknown or verdict.outcome not in {Outcome.NEW, Outcome.CHANGED}:
        return verdict
    names = ", ".join(f"“{name}”" for name in unknown)
    return Verdict(verdict.outcome, f"{verdict.reason} No topic here is called {names}.".strip())


def _topic_names(session: Session) -> dict[str, str]:
    return {topic.name: topic.slug for topic in session.scalars(select(Topic).where(Topic.retired.is_(False)))}


def _made(proposal: Proposal) -> Made:
    return Made("proposal", proposal.id, proposal.version)


def _add(session: Session, item: Item, *, context: Context) -> Proposal:
    state, now = ProposalState(item.payload["state"]), context.now
    sent = _instant(item.payload["created_at"], now=now)
    email = next((speaker["email"] for speaker in item.payload["speakers"] if speaker["email"]), "")
    proposal = Proposal(
        state=state,
        email=email,
        owner=session.scalar(select(Person).where(Person.email == email)) if email else None,
        preference=SeriesPreference.EITHER,
        created_at=sent,
        submitted_at=sent,
        import_key=item.key,
    )
    with session.no_autoflush:
        _write(session, proposal, item.payload, now=now)
    if state is not ProposalState.SUBMITTED:
        proposal.decided_at, proposal.decided_by = now, context.by.person
    session.add(proposal)
    record(session, "proposal.imported", proposal, by=context.by, now=now, run=context.run, state=state.value)
    return proposal


def _write(session: Session, proposal: Proposal, payload: Mapping[str, Any], *, now: datetime) -> None:
    """What the file says, onto the proposal. How anybody may be named is never in a file: nothing is chosen."""
    for name in _TEXTS:
        setattr(proposal, name, payload[name])
    proposal.format, proposal.level = TalkFormat(payload["format"]), Level(payload["level"])
    proposal.minutes, proposal.links = payload["minutes"], list(payload["links"])
    slugs, _ = match_topics(payload["topics"], _topic_names(session))
    proposal.topics = list(session.scalars(select(Topic).where(Topic.slug.in_(slugs)).order_by(Topic.position)))
    _write_speakers(proposal, payload["speakers"])
    proposal.updated_at = now


def _write_speakers(proposal: Proposal, said: Sequence[Mapping[str, Any]]) -> None:
    """Whoever has the same address, or stands in the same place without one, keeps their row and what they chose."""
    present = list(proposal.speakers)
    speakers = []
    for position, each in enumerate(said):
        speaker = next((row for row in present if _is_same(row, each, position)), None) or Speaker()
        if speaker in present:
            present.remove(speaker)
        for name in _SAID:
            setattr(speaker, name, each[name])
        speaker.email, speaker.role_category = each["email"] or None, RoleCategory(each["role"])
        speaker.position = position
        speakers.append(speaker)
    proposal.speakers = speakers


def _is_same(row: Speaker, said: Mapping[str, Any], position: int) -> bool:
    return row.email == said["email"] if said["email"] else row.position == position and row.email is None


def _content(proposal: Proposal) -> dict[str, Any]:
    """What stands in the proposal, in the shape of a payload."""
    return {
        **{name: getattr(proposal, name) for name in _TEXTS},
        "format": proposal.format.value,
        "level": proposal.level.value,
        "minutes": proposal.minutes,
        "links": list(proposal.links),
        "topics": [topic.name for topic in proposal.topics],
        "speakers": [
            {name: getattr(speaker, name) for name in _SAID}
            | {"email": speaker.email or "", "role": speaker.role_category.value}
            for speaker in proposal.speakers
        ],
    }


def _instant(text: str, *, now: datetime) -> datetime:
    """When it was sent there; now, where that is not said or would be to come."""
    return min(datetime.fromisoformat(text), now) if text else now
