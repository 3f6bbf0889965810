"""Trying out whether mail works: one mail, past the outbox, with the server's answer."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from uuid import uuid4

from app.domain.errors import RuleViolation
from app.domain.site import Site
from app.mail.compose import UnsafeMessage, compose
from app.mail.messages.accounts import trial
from app.mail.transport import NotDelivered, Transport
from app.mail.values import House, Reader


def send_trial(transport: Transport, address: str, *, site: Site, now: datetime) -> None:
    """Hand one mail for `address` to the server. Raises RuleViolation with the server's answer, or why it cannot be."""
    sender, reply_to = parseaddr(site.mail_from)[1], parseaddr(site.reply_to)[1]
    mail = trial(House(site.community, site.base_url, reply_to), Reader(address), sender=sender)
    try:
        message = compose(mail, message_id=f"<{uuid4()}@{site.uid_domain}>", thread=None, site=site, now=now)
        transport.send(message, sender=sender, recipient=address)
    except (UnsafeMessage, NotDelivered) as error:
        raise RuleViolation(f"The mail was not sent: {error}") from error
