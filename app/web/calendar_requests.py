"""What a request for a calendar asks for: its encoding, and whether the caller has it already (RFC 9110)."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_date

_TAG = re.compile(r'"[^"]*"')
_LONGEST = 200  # characters of a header that is worth remembering; honest ones are far shorter


def wants_gzip(accept_encoding: str) -> bool:
    """Whether gzip was asked for by name and not less than the plain bytes, or plain bytes were refused.

    A bare `*` allows gzip without asking for it: programs that fail over compressed answers send such things.
    """
    return len(accept_encoding) <= _LONGEST and _wants_gzip(accept_encoding)


@lru_cache(maxsize=128)
def _wants_gzip(accept_encoding: str) -> bool:
    quality = {name.lower(): weight for name, weight in parse_accept_header(accept_encoding, Accept)}
    rest = quality.get("*")
    plain = quality.get("identity", rest)
    zipped = quality.get("gzip", quality.get("x-gzip"))
    if zipped is None:
        return plain == 0 and bool(rest)
    return zipped > 0 and zipped >= (quality.get("identity") or 0)


def has_it_already(etag: str, last_modified: datetime | None, *, if_none_match: str, if_modified_since: str) -> bool:
    """Whether 304 is the answer. Tags are compared weakly; a date counts only where no tag was sent (13.1.3)."""
    if if_none_match:
        return if_none_match == etag or if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match)
    since = parse_date(if_modified_since) if if_modified_since else None
    return bool(since and last_modified and last_modified <= since)
