"""Addresses that open a feed or one call in somebody's calendar: Google, Apple, Outlook.

Google and Outlook do not document theirs; the plain address, to copy or download, stands beside them everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from app.domain.publication import PublicTouchpoint
from app.feeds.words import summary

_COMPOSE = "/calendar/action/compose"


@dataclass(frozen=True)
class FeedAddresses:
    """The ways to subscribe to one feed. `plain` is its own address; `apple` opens any calendar app by webcal."""

    plain: str
    apple: str
    google: str
    outlook: str
    office: str


@dataclass(frozen=True)
class CallAddresses:
    """The ways to add one call by hand; it will not follow changes. `file` is the call as .ics, which Apple opens."""

    file: str
    google: str
    outlook: str
    office: str


def feed_addresses(url: str, *, name: str) -> FeedAddresses:
    """The ways to subscribe to the feed at `url` (http or https) under `name`."""
    webcal = f"webcal://{url.split('://', 1)[1]}"
    outlook = urlencode({"url": url, "name": name})
    return FeedAddresses(
        plain=url,
        apple=webcal,
        google=f"https://calendar.google.com/calendar/r?{urlencode({'cid': webcal})}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?{outlook}",
        office=f"https://outlook.office.com/calendar/0/addfromweb?{outlook}",
    )


def call_addresses(touchpoint: PublicTouchpoint, *, url: str) -> CallAddresses:
    """The ways to add this call, whose page is `url`. The text is short: addresses must stay under 2,000 characters."""
    words = f"{touchpoint.notice.rule}\n\n{url}"
    title = summary(touchpoint)[:300]
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{_compact(touchpoint.starts_at)}/{_compact(touchpoint.ends_at)}",
        "details": words,
    }
    outlook = {
        "rru": "addevent",
        "subject": title,
        "startdt": f"{touchpoint.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{touchpoint.ends_at:%Y-%m-%dT%H:%M:%SZ}",
        "body": words,
    }
    return CallAddresses(
        file=f"{url}.ics",
        google=f"https://calendar.google.com/calendar/render?{urlencode(google)}",
        outlook=f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode({'path': _COMPOSE, **outlook})}",
        # Under the other one's address Microsoft 365 loaded for ever (GitHub add2cal/add-to-calendar-button#412).
        office=f"https://outlook.office.com{_COMPOSE}?{urlencode(outlook)}",
    )


def _compact(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%SZ}"
