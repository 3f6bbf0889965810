"""Mails about signing in and about an account's address."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.signing_in import PROOF_LASTS
from app.domain.site import Site
from app.mail.messages import accounts
from app.mail.values import Reader
from app.models import Person
from app.services.notifying.readers import house_of
from app.services.outbox import queue_mail

_MINUTES = int(PROOF_LASTS.total_seconds()) // 60


def notify_sign_in(session: Session, email: str, *, link: str, code: str, site: Site, now: datetime) -> None:
    """The link and the code, to whoever reads `email`: known or not, the mail says the same."""
    mail = accounts.sign_in(house_of(site), Reader(email), link=link, code=code, minutes=_MINUTES)
    queue_mail(session, mail, dedup=f"sign_in:{_digest(link)}", site=site, now=now)


def notify_new_address(
    session: Session, person: Person, email: str, *, link: str, code: str, site: Site, now: datetime
) -> None:
    """The link and the code that prove `email`, to which the person's address shall change."""
    reader = Reader(email, person.name, person.time_zone)
    mail = accounts.new_address(house_of(site), reader, link=link, code=code, minutes=_MINUTES)
    queue_mail(session, mail, dedup=f"new_address:{_digest(link)}", site=site, now=now)


def notify_address_changed(session: Session, person: Person, *, was: str, site: Site, now: datetime) -> None:
    """To the address that the account had until now: whoever did not ask for this must hear of it."""
    session.flush()
    reader = Reader(was, person.name, person.time_zone)
    mail = accounts.address_changed(house_of(site), reader, new=_masked(person.email))
    queue_mail(session, mail, dedup=f"address_changed:person-{person.id}.{person.version}", site=site, now=now)


def _digest(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()[:32]


def _masked(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local[:1]}\N{HORIZONTAL ELLIPSIS}@{domain}"
