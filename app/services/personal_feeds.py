"""Secret calendar addresses of people: made, shown once, found by their token, noted as used, revoked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.errors import NotAllowed, NotFound, RuleViolation
from app.domain.people import Role
from app.domain.personal_feeds import MOST_ADDRESSES, FeedKind, check_label, may_have
from app.models import Person, PersonalFeed
from app.services.auditing import Actor, record
from app.services.proving import hashed
from app.services.turns import wait_for_turn

_KEPT = timedelta(days=90)
_BYTES = 24  # of chance in a token: 192 bits


@dataclass(frozen=True)
class Made:
    """A new address. Its `token` is in nobody's hands but the caller's: the row has its hash."""

    feed: PersonalFeed
    token: str


def make_feed(session: Session, person: Person, *, kind: FeedKind, label: str, by: Actor, now: datetime) -> Made:
    """Make a secret address for the person's own calendar. Raises InvalidInput, NotAllowed, RuleViolation."""
    if not may_have(person.role, kind):
        raise NotAllowed("Only members may have this calendar.")
    label = check_label(label)
    wait_for_turn(session, "personal-feeds", str(person.id))
    live = select(func.count()).where(PersonalFeed.person_id == person.id, PersonalFeed.revoked_at.is_(None))
    if (session.scalar(live) or 0) >= MOST_ADDRESSES:
        raise RuleViolation(
            f"You have {MOST_ADDRESSES} addresses. Revoke one that you no longer use, then make another."
        )
    token = secrets.token_urlsafe(_BYTES)
    feed = PersonalFeed(person=person, kind=kind, token_hash=hashed(token), label=label, created_at=now)
    session.add(feed)
    record(session, "personal_feed.made", feed, by=by, now=now, kind=kind.value)
    session.commit()
    return Made(feed, token)


def list_feeds(session: Session, person: Person) -> Sequence[PersonalFeed]:
    """The person's live addresses, oldest first."""
    live = PersonalFeed.person_id == person.id, PersonalFeed.revoked_at.is_(None)
    return session.scalars(select(PersonalFeed).where(*live).order_by(PersonalFeed.created_at, PersonalFeed.id)).all()


def find_feed(session: Session, token: str) -> PersonalFeed:
    """The live address of this token. Raises NotFound for one that is unknown, revoked, or not theirs any more."""
    feed = session.scalar(select(PersonalFeed).where(PersonalFeed.token_hash == hashed(token)))
    if feed is None or feed.revoked_at is not None or not may_have(feed.person.role, feed.kind):
        raise NotFound("There is no such calendar.")
    return feed


def revoke_feed(session: Session, feed_id: int, *, by: Actor, now: datetime) -> None:
    """End one of one's own addresses for ever; doing it twice changes nothing. Raises NotFound for anybody else's."""
    feed = session.get(PersonalFeed, feed_id)
    if feed is None or by.person is None or feed.person_id != by.person.id:
        raise NotFound("There is no such address.")
    _revoke(session, feed, by=by, now=now)
    session.commit()


def revoke_lost_feeds(session: Session, person: Person, role: Role, *, by: Actor, now: datetime) -> int:
    """End the addresses that somebody of this role may not have, and say how many. Joins the caller's transaction.

    They answer nothing from then on, and stay ended if the person becomes a member again.
    """
    lost = [feed for feed in list_feeds(session, person) if not may_have(role, feed.kind)]
    for feed in lost:
        _revoke(session, feed, by=by, now=now)
    return len(lost)


def note_feed_use(session: Session, feed_id: int, *, day: date) -> None:
    """Keep the day on which a calendar last asked: at most one write a day."""
    unknown = or_(PersonalFeed.used_on.is_(None), PersonalFeed.used_on < day)
    session.execute(update(PersonalFeed).where(PersonalFeed.id == feed_id, unknown).values(used_on=day))
    session.commit()


def forget_revoked_feeds(session: Session, *, now: datetime) -> int:
    """Delete the addresses that ended 90 days ago, and say how many. Commits."""
    over = delete(PersonalFeed).where(PersonalFeed.revoked_at < now - _KEPT).returning(PersonalFeed.id)
    gone = len(session.scalars(over).all())
    session.commit()
    return gone


def _revoke(session: Session, feed: PersonalFeed, *, by: Actor, now: datetime) -> None:
    if feed.revoked_at is None:
        feed.revoked_at = now
        record(session, "personal_feed.revoked", feed, by=by, now=now, kind=feed.kind.value)
