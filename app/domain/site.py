"""Where this installation lives and who its mail comes from: the part of the settings that the services need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from app.domain.retention import Retention

InviteMode = Literal["request", "publish"]
USUAL_HOSTS = (
    "calendar.google.com",
    "ics.teamup.com",
    "outlook.office365.com",
    "outlook.live.com",
    "*.icloud.com",
    "groups.io",
    "*.groups.io",
    "webcal.prod.itx.linuxfoundation.org",
)
"""Where communities keep their calendars; SISTER_CALENDAR_HOSTS replaces the list."""


@dataclass(frozen=True)
class Site:
    """Facts for links, calendar entries and mail. `base_url` has no trailing slash and never comes from a request."""

    community: str
    base_url: str
    uid_domain: str
    mail_from: str
    reply_to: str
    settle: timedelta
    secret_key: str = field(repr=False)
    invite_mode: InviteMode = "request"  # "publish": entries to add by hand, for a mailbox that nobody reads
    inbound: str = ""  # the mailbox that mail to us comes to, with plus addressing; empty where nobody reads one
    retention: Retention = field(default_factory=Retention)
    sister_hosts: tuple[str, ...] = USUAL_HOSTS  # the only ones that calendars of others are fetched from

    def url(self, path: str) -> str:
        """The absolute address of `path`, which begins with a slash."""
        return f"{self.base_url}{path}"
