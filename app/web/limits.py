"""How often one caller may ask, and how much at once: `@limit_sign_in` and the like stand between route and guard.

A caller is a network address, for IPv6 the network of 64 bits that one household or host has. Forwarded addresses
count only where the settings trust a proxy (`TRUSTED_PROXIES`): a forged X-Forwarded-For changes nothing. Each process
counts for itself unless `RATELIMIT_STORAGE_URI` names a Redis; what must hold in any case is counted in tables:
mails to one address, tries of one code, open proposals.
"""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import IO

from flask import Flask, request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from app.extensions import limiter

MAX_FIELDS = 1_000
IPV6_NETWORK = 64


def caller() -> str:
    """Whom a limit counts in this request."""
    return caller_at(request.remote_addr or "127.0.0.1")


def caller_at(text: str) -> str:
    """Whom a limit counts at this network address. All whose address a proxy wrote down wrong are one caller."""
    try:
        address = ip_address(text)
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, IPV6_NETWORK), strict=False))


limit_sign_in = limiter.shared_limit("20 per hour", scope="sign-in", key_func=caller)
limit_code = limiter.shared_limit("60 per hour", scope="code", key_func=caller)
limit_proposal = limiter.shared_limit("20 per hour", scope="proposal", key_func=caller)
limit_draft = limiter.shared_limit("20 per minute", scope="draft", key_func=caller)
limit_subscribing = limiter.shared_limit("20 per hour", scope="subscribing", key_func=caller)
limit_subscription = limiter.shared_limit("60 per minute", scope="subscription", key_func=caller)
limit_notes = limiter.shared_limit("60 per minute", scope="notes", key_func=caller)
limit_question = limiter.shared_limit("20 per hour", scope="question", key_func=caller)
limit_personal_feed = limiter.shared_limit("20 per hour", scope="personal-feeds", key_func=caller)
FEEDS_PER_MINUTE = 300
limit_feed = limiter.shared_limit(f"{FEEDS_PER_MINUTE} per minute", scope="calendars", key_func=caller)

limit_open_data = limiter.shared_limit("300 per minute", scope="open-data", key_func=caller)


def again_at() -> datetime | None:
    """The instant from which a caller who met a limit in this request may ask again."""
    met = limiter.current_limit
    return datetime.fromtimestamp(met.reset_at, UTC) if met else None


class _CountedFields(FormDataParser):
    """Werkzeug limits the fields of multipart forms alone; here the plain ones have the same limit."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        stream, form, files = super().parse(stream, mimetype, content_length, options)
        if sum(len(values) for _, values in form.lists()) > MAX_FIELDS:
            raise RequestEntityTooLarge
        return stream, form, files


def init_limits(app: Flask) -> None:
    """Refuse every form of more than `MAX_FIELDS` fields with 413, whatever class of request the extensions made."""
    app.config["MAX_FORM_PARTS"] = MAX_FIELDS
    app.request_class = type("LimitedRequest", (app.request_class,), {"form_data_parser_class": _CountedFields})
