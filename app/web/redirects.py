"""Where a `next` may lead: only to a page of this app."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_PLAIN = re.compile(r"/(?!/)[!-\[\]-~]*")  # one slash first; printable ASCII without space and backslash


def safe_next(target: str | None, *, default: str = "/", without: frozenset[str] = frozenset()) -> str:
    """`target` if it is a path that this app itself would answer to GET, with its query; otherwise `default`.

    Parameters named in `without` leave the query. Looking only at how an address begins is not enough: browsers read
    `//host`, `/\\host` and `/<TAB>/host` as other sites.
    """
    if not target or len(target) > 500 or not _PLAIN.fullmatch(target):
        return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not _is_ours(parts.path):
        return default
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in without]
    return f"{parts.path}?{urlencode(query)}" if query else parts.path


def _is_ours(path: str) -> bool:
    try:
        current_app.url_map.bind(request.host).match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True
