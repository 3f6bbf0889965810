"""Following the calls by e-mail: ask, confirm, change, leave. Who follows is known to the follower alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import Gone
from app.domain.localtime import known_zone
from app.domain.publication import Audience
from app.domain.site import Site
from app.domain.states import MailState
from app.domain.subscriptions import ANNOUNCED_KEPT, ASKED_PER_HOUR, CONFIRM_WITHIN, Interests, check_interests
from app.mail.reading import SUBSCRIBERS_KINDS
from app.models import Announcement, OutboxMessage, Series, Subscription, Topic
from app.services.addresses import require_address
from app.services.auditing import LINK, SYSTEM, VISITOR, Actor, record
from app.services.digesting import mail_what_waited
from app.services.hiding import is_public
from app.services.notifying.subscribers import notify_subscribe, notify_subscribed
from app.services.outbox.bulk import forget_mails
from app.services.turns import wait_for_turn
from app.services.versions import expect_version

_HOUR = timedelta(hours=1)
_WEEKLY = "One mail a week, and changes within 24 hours of a call at once"


@dataclass(frozen=True)
class Offer:
    """What can be chosen: pairs of slug and name."""

    series: tuple[tuple[str, str], ...]
    topics: tuple[tuple[str, str], ...]

    def check(
        self, *, scope: str, series: Sequence[str], topics: Sequence[str], rhythm: str, day_before: str
    ) -> Interests:
        """The words of the form as interests. Raises InvalidInput."""
        return check_interests(
            scope=scope,
            series=series,
            topics=topics,
            rhythm=rhythm,
            day_before=day_before,
            known_series=[slug for slug, _ in self.series],
            known_topics=[slug for slug, _ in self.topics],
        )

    def in_words(self, interests: Interests) -> tuple[str, ...]:
        """The choices as the lines of a list."""
        names = [name for slug, name in self.series if slug in interests.series]
        names += [name for slug, name in self.topics if slug in interests.topics]
        return (
            "All calls" if interests.all_calls else ", ".join(names) or "Nothing that still takes place",
            _WEEKLY if interests.weekly else "A mail for each change, within minutes",
            "A reminder the day before a call" if interests.day_before else "No reminder the day before",
        )


def what_is_offered(session: Session, *, now: datetime) -> Offer:
    """The series that have not ended and the topics that are offered, in the organizers' order.

    Anybody may choose members' series that the public knows of; mails about them go to members' addresses alone.
    """
    going = or_(Series.ended_on.is_(None), Series.ended_on >= now.date())
    series = session.scalars(select(Series).where(going, is_public()).order_by(Series.position, Series.id))
    topics = session.scalars(select(Topic).where(Topic.retired.is_(False)).order_by(Topic.position, Topic.id))
    return Offer(
        tuple((each.slug, _name(each)) for each in series), tuple((topic.slug, topic.name) for topic in topics)
    )


def ask_to_subscribe(
    session: Session, address: str, interests: Interests, *, time_zone: str, site: Site, now: datetime
) -> None:
    """Mail a question to the address. Nothing tells the caller whether it is known, or had too many questions.

    The choices of somebody who is subscribed stay: only their own page changes them. Raises InvalidInput (email).
    """
    email = require_address(address)
    wait_for_turn(session, "subscription", email)
    subscription = session.scalar(select(Subscription).where(Subscription.email == email))
    if subscription is None:
        subscription = Subscription(email=email, asked_at=now, asked_since=now, asked_times=0)
        session.add(subscription)
    is_on = subscription.confirmed_at is not None and subscription.stopped_at is None
    if not is_on:
        _choose(subscription, interests, time_zone)
    record(session, "subscription.asked", subscription, by=VISITOR, now=now)
    if _may_ask(subscription, now=now):
        subscription.asked_at = now
        (notify_subscribed if is_on else notify_subscribe)(session, subscription, site=site, now=now)
    session.commit()


def expect_open(subscription: Subscription, *, now: datetime) -> None:
    """Raises Gone where the question was asked longer ago than seven days."""
    if subscription.confirmed_at is None and subscription.asked_at + CONFIRM_WITHIN <= now:
        raise Gone("This link was good for seven days. Ask for a new mail.")


def confirm_subscription(session: Session, subscription: Subscription, *, now: datetime) -> None:
    """The holder of the mailed link wants the mails. Doing it twice changes nothing. Raises Gone after seven days."""
    expect_open(subscription, now=now)
    if subscription.confirmed_at is None or subscription.stopped_at is not None:
        subscription.confirmed_at = subscription.digested_at = now
        subscription.stopped_at = None
        record(session, "subscription.confirmed", subscription, by=LINK, now=now)
    session.commit()


def change_interests(
    session: Session,
    subscription: Subscription,
    interests: Interests,
    *,
    time_zone: str,
    version: int,
    site: Site,
    now: datetime,
) -> None:
    """Choose anew. An unknown `time_zone` means that of each series. Raises Conflict.

    What waits for a weekly mail is mailed now when there will be none; a first weekly mail begins here.
    """
    expect_version(subscription, version)
    if interests.weekly != subscription.weekly:
        if subscription.weekly:
            mail_what_waited(session, subscription, site=site, now=now)
        subscription.digested_at = now
    _choose(subscription, interests, time_zone)
    record(session, "subscription.changed", subscription, by=LINK, now=now)
    session.commit()


def unsubscribe(session: Session, subscription: Subscription, *, now: datetime) -> None:
    """Delete the subscription and its mails, those that have left and those that have not."""
    record(session, "subscription.left", subscription, by=LINK, now=now)
    forget_mails(session, SUBSCRIBERS_KINDS, subscription.email)
    session.delete(subscription)
    session.commit()


def stop_address(session: Session, address: str, *, by: Actor = SYSTEM, now: datetime) -> bool:
    """Mail to this normalised address came back: it gets no more until it is confirmed anew.

    Returns whether it was subscribed. Joins the caller's transaction.
    """
    subscription = session.scalar(select(Subscription).where(Subscription.email == address))
    if subscription is None or subscription.stopped_at is not None:
        return False
    subscription.stopped_at = now
    forget_mails(session, SUBSCRIBERS_KINDS, address)
    record(session, "subscription.stopped", subscription, by=by, now=now)
    return True


def stop_refused(session: Session, *, now: datetime) -> int:
    """Stop the addresses whose mail was refused or given up, and say how many. Commits.

    No page shows such mails, so that nobody could send them again.
    """
    refused = OutboxMessage.kind.in_(SUBSCRIBERS_KINDS), OutboxMessage.state == MailState.PARKED
    addresses = session.scalars(select(OutboxMessage.recipient).where(*refused).distinct()).all()
    for address in sorted(addresses):
        stop_address(session, address, now=now)
        forget_mails(session, SUBSCRIBERS_KINDS, address)
    session.commit()
    return len(addresses)


def find_own(session: Session, email: str) -> Subscription | None:
    """The confirmed subscription of somebody who has proven this address."""
    own = Subscription.email == email, Subscription.confirmed_at.is_not(None)
    return session.scalar(select(Subscription).where(*own))


def forget_subscribers(session: Session, *, now: datetime) -> int:
    """Delete what nobody confirmed within seven days or what was stopped 30 days ago; returns how many. Commits.

    Announcements and mails to subscribers go 30 days after they left, since their rows hold addresses.
    """
    unconfirmed = Subscription.confirmed_at.is_(None) & (Subscription.asked_at <= now - CONFIRM_WITHIN)
    over = unconfirmed | (Subscription.stopped_at < now - ANNOUNCED_KEPT)
    gone = session.scalars(delete(Subscription).where(over).returning(Subscription.id)).all()
    left = func.coalesce(OutboxMessage.sent_at, OutboxMessage.due_at) < now - ANNOUNCED_KEPT
    done = OutboxMessage.state.not_in((MailState.PENDING, MailState.LEASED))
    session.execute(delete(OutboxMessage).where(OutboxMessage.kind.in_(SUBSCRIBERS_KINDS), done, left))
    session.execute(delete(Announcement).where(Announcement.done_at < now - ANNOUNCED_KEPT))
    session.commit()
    return len(gone)


def _name(series: Series) -> str:
    return f"{series.name} (for members)" if series.audience is Audience.MEMBERS else series.name


def _choose(subscription: Subscription, interests: Interests, time_zone: str) -> None:
    subscription.all_calls, subscription.weekly = interests.all_calls, interests.weekly
    subscription.series, subscription.topics = sorted(interests.series), sorted(interests.topics)
    subscription.day_before = interests.day_before
    subscription.time_zone = time_zone if len(time_zone) <= 64 and known_zone(time_zone) else ""


def _may_ask(subscription: Subscription, *, now: datetime) -> bool:
    """Count this question. Whoever fills the form in somebody else's name cannot flood them."""
    if subscription.asked_since + _HOUR <= now:
        subscription.asked_since, subscription.asked_times = now, 0
    subscription.asked_times += 1
    return subscription.asked_times <= ASKED_PER_HOUR
