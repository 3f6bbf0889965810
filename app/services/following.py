"""Who follows the calls, as mails to many need them: batches of subscribers, and who of them is still there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnExpressionArgument, select
from sqlalchemy.orm import Session

from app.domain.people import Role
from app.domain.publication import PublicTouchpoint
from app.domain.revision import PublicStatus
from app.domain.subscriptions import Event, Interests, Step, concerns, event_between, is_over, unheard
from app.domain.text import clean_line
from app.models import Person, Subscription, Topic

BATCH = 50
"""Subscribers at a time."""


@dataclass(frozen=True)
class Follower:
    """A subscriber, what they chose with topics by their public names, and whether members' calls are for them."""

    subscription: Subscription
    interests: Interests
    is_member: bool

    @property
    def since(self) -> datetime:
        """Their last weekly mail, or when they confirmed."""
        return self.subscription.digested_at or self.subscription.asked_at

    def cares(self, *values: PublicTouchpoint | None) -> bool:
        """Whether these values of one call, the present one last, are for them."""
        return concerns(self.interests, *values, is_member=self.is_member)

    def unheard(self, steps: Sequence[Step]) -> Sequence[Step]:
        """The steps of one call that they have no mail of."""
        own = self.subscription
        return unheard(steps, subscriber=own.id, weekly=self.interests.weekly, since=self.since)

    def event(
        self, news: Sequence[Step], present: PublicTouchpoint, *, knows: bool = True, now: datetime
    ) -> Event | None:
        """What became of the call for them by these steps. A call that was none of theirs before is new, and so is one
        that takes place after all when they had never heard of it (`knows` is False).
        """
        before = news[0].before if news else present
        unknown = not knows and before is not None and before.status is PublicStatus.CANCELLED
        if unknown or (before is not None and not self.cares(before)):
            before = None
        if is_over(before, present, now=now) or not self.cares(before, present):
            return None
        return event_between(before, present)


def read_followers(session: Session, *conditions: ColumnExpressionArgument[bool], batch: int) -> list[Follower]:
    """The next `batch` subscribers who get mails, in order of id."""
    query = select(Subscription).where(Subscription.confirmed_at.is_not(None), Subscription.stopped_at.is_(None))
    found = session.scalars(query.where(*conditions).order_by(Subscription.id).limit(batch)).all()
    names, members = _topic_names(session), _members(session, [each.email for each in found])
    return [Follower(each, _wanted(each, names), each.email in members) for each in found]


def still_follow(session: Session, versions: Mapping[int, int]) -> set[int]:
    """Those of these subscriptions, by id with the version that was read, that are as they were. Locks them."""
    query = select(Subscription.id, Subscription.version).where(
        Subscription.id.in_(versions), Subscription.stopped_at.is_(None)
    )
    locked = query.order_by(Subscription.id).with_for_update()
    return {row.id for row in session.execute(locked) if row.version == versions[row.id]}


def interests_of(subscription: Subscription) -> Interests:
    """The stored choices; topics by slug."""
    return Interests(
        all_calls=subscription.all_calls,
        series=frozenset(subscription.series),
        topics=frozenset(subscription.topics),
        weekly=subscription.weekly,
        day_before=subscription.day_before,
    )


def _wanted(subscription: Subscription, names: Mapping[str, str]) -> Interests:
    interests = interests_of(subscription)
    return replace(interests, topics=frozenset(names[slug] for slug in interests.topics if slug in names))


def _topic_names(session: Session) -> dict[str, str]:
    """The topics by slug, named as publications name them."""
    return {slug: clean_line(name) for slug, name in session.execute(select(Topic.slug, Topic.name))}


def _members(session: Session, addresses: Sequence[str]) -> Collection[str]:
    """Whose of these addresses are members' or organizers'."""
    inside = Person.role.in_((Role.MEMBER, Role.ORGANIZER))
    return set(session.scalars(select(Person.email).where(Person.email.in_(addresses), inside)))
