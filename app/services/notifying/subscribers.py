"""Mails to people who follow the calls. Each function joins the caller's transaction or only writes the mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.publication import PublicTouchpoint
from app.domain.site import Site
from app.domain.subscriptions import CONFIRM_WITHIN, LOOK_AHEAD, Event
from app.mail.messages import subscriptions as messages
from app.mail.messages.subscriptions import Call, Change, Ways
from app.mail.values import House, Mail, Occasion, Reader
from app.models import Subscription
from app.services import links
from app.services.notifying.readers import house_of
from app.services.outbox import queue_mail

_WORDS = {
    Event.PUBLISHED: "New",
    Event.MOVED: "Moved",
    Event.CANCELLED: "Cancelled",
    Event.RESTORED: "Takes place after all",
}


def notify_subscribe(session: Session, subscription: Subscription, *, site: Site, now: datetime) -> None:
    """The question whether they want the mails. It holds nothing that was typed."""
    link = site.url(links.subscribing_path(subscription, site=site))
    mail = messages.subscribe(house_of(site), Reader(subscription.email), link=link, days=CONFIRM_WITHIN.days)
    queue_mail(session, mail, dedup=_asked(subscription, now), site=site, now=now)


def notify_subscribed(session: Session, subscription: Subscription, *, site: Site, now: datetime) -> None:
    """Somebody asked for an address that is subscribed."""
    link = site.url(links.subscription_path(subscription, site=site))
    mail = messages.subscribed(house_of(site), Reader(subscription.email), link=link)
    queue_mail(session, mail, dedup=_asked(subscription, now), site=site, now=now)


def announcement_mail(
    subscription: Subscription, event: Event, before: PublicTouchpoint | None, after: PublicTouchpoint, *, site: Site
) -> Mail:
    """What became of a call, for this subscriber. `before` is None where it was not announced."""
    house, reader, ways = house_of(site), reader_of(subscription), ways_of(subscription, site=site)
    call = call_in_words(event, before, after, house=house)
    match event:
        case Event.MOVED if before is not None:
            return messages.call_moved(house, reader, call=call, was=_occasion(before), ways=ways)
        case Event.CANCELLED:
            instead = _occasion(after) if not after.skipped and _occasion(after) != call.occasion else None
            return messages.call_cancelled(house, reader, call=call, instead=instead, ways=ways)
        case Event.TOMORROW:
            return messages.call_tomorrow(house, reader, call=call, ways=ways)
        case _:
            return messages.call_published(house, reader, call=call, ways=ways, again=event is Event.RESTORED)


def change_in_words(event: Event, before: PublicTouchpoint | None, after: PublicTouchpoint, *, site: Site) -> Change:
    """One line of a digest."""
    was = _occasion(before) if event is Event.MOVED and before is not None else None
    return Change(_WORDS[event], call_in_words(event, before, after, house=house_of(site)), was)


def call_in_words(event: Event, before: PublicTouchpoint | None, after: PublicTouchpoint, *, house: House) -> Call:
    """The call that the mail speaks of. A cancelled one has no talks in public: its series and its date name it."""
    call = Call.of(after, house=house)
    if event is not Event.CANCELLED or before is None:
        return call
    return replace(call, title=before.series.name, speakers=(), occasion=_occasion(before))


def digest_mail(subscription: Subscription, changes: list[Change], coming: list[Call], *, site: Site) -> Mail:
    """The mail of the week."""
    return messages.digest(
        house_of(site),
        reader_of(subscription),
        changes=changes,
        coming=coming,
        ways=ways_of(subscription, site=site),
        days=LOOK_AHEAD.days,
    )


def reader_of(subscription: Subscription) -> Reader:
    return Reader(subscription.email, time_zone=subscription.time_zone)


def ways_of(subscription: Subscription, *, site: Site) -> Ways:
    """The subscriber's own addresses."""
    return Ways(
        manage=site.url(links.subscription_path(subscription, site=site)),
        leave=site.url(links.leaving_path(subscription, site=site)),
    )


def _occasion(value: PublicTouchpoint) -> Occasion:
    return Occasion(value.series.name, value.starts_at, value.minutes, value.time_zone)


def _asked(subscription: Subscription, now: datetime) -> str:
    return f"subscribe:{subscription.key}:{now:%Y%m%dT%H%M%S}:{subscription.asked_times}"
