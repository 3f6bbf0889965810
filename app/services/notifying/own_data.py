"""Mails about people's own data."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.mail.erasure import Ended, Erased
from app.mail.messages import own_data
from app.mail.values import Reader
from app.models import Person
from app.services.notifying.readers import house_of, organizers
from app.services.outbox import queue_mail
from app.services.own_data.leaving import Fate, Outcome


def notify_erased(session: Session, address: str, done: Erased, *, site: Site, now: datetime) -> None:
    """The receipt, to the address that is known no more: the outbox forgets it once it has left."""
    mail = own_data.erased(house_of(site), Reader(address), done=done)
    queue_mail(session, mail, dedup=f"erased:{_event()}", site=site, now=now)


def notify_left(session: Session, outcomes: Sequence[Outcome], *, site: Site, now: datetime) -> None:
    """Tell the organizers, and whoever has to do with a proposal, that a speaker is gone, without saying who."""
    known, event = [outcome for outcome in outcomes if outcome.was_sent], _event()
    if not known:
        return
    ended = [Ended(outcome.title, outcome.was) for outcome in known if outcome.is_withdrawn]
    going_on = [outcome.title for outcome in known if outcome.fate is Fate.GOES_ON]
    unnamed = sum(outcome.fate is Fate.STAYS_UNNAMED for outcome in known)
    for person, reader in organizers(session):
        mail = own_data.left_organizers(
            house_of(site), reader, ended=ended, going_on=going_on, unnamed=unnamed, link=site.url("/board")
        )
        queue_mail(session, mail, dedup=f"left_organizers:{event}:person-{person.id}", site=site, now=now)
    for number, outcome in enumerate(known):
        for place, reader in enumerate(outcome.readers):
            mail = own_data.left(house_of(site), reader, title=outcome.title, is_over=outcome.fate is Fate.ENDS)
            queue_mail(session, mail, dedup=f"left:{event}:{number}.{place}", site=site, now=now)


def notify_unused(session: Session, person: Person, *, goes_at: datetime, site: Site, now: datetime) -> None:
    """Nobody has used the account for long: it goes unless its holder signs in."""
    reader = Reader(person.email, person.name, person.time_zone)
    months = site.retention.accounts_months
    mail = own_data.unused(house_of(site), reader, months=months, goes_at=goes_at, link=site.url("/sign-in"))
    queue_mail(session, mail, dedup=f"unused:person-{person.id}.{goes_at:%Y%m%d}", site=site, now=now)


def _event() -> str:
    """A name for what happened, by chance: nothing in the outbox tells who it was."""
    return secrets.token_hex(8)
