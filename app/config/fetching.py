"""SISTER_CALENDAR_HOSTS: the only hosts that calendars of other communities are fetched from."""

from __future__ import annotations

import re

from app.config.reading import Reading

_HOST = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?")


def sister_calendar_hosts(reading: Reading) -> tuple[str, ...] | None:
    """Hosts with commas between, each with a port or `*.` before it; "none" is none at all, None is not set."""
    text = (reading.text("SISTER_CALENDAR_HOSTS") or "").lower()
    if text in {"", "none"}:
        return () if text else None
    hosts = tuple(host.strip() for host in text.split(","))
    if not all(_HOST.fullmatch(host) for host in hosts):
        reading.problem("SISTER_CALENDAR_HOSTS", "is no list of hosts", "calendar.google.com, *.example.org, or none")
    return hosts
