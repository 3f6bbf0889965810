"""Finished bytes for whoever asks: validators, compression, how long copies hold. No cookie is read or set."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from datetime import datetime

from flask import request
from werkzeug.http import http_date
from werkzeug.wrappers import Response

from app.web.calendar_requests import has_it_already, wants_gzip

MAX_AGE = 300
"""Seconds: no public copy of a name that was taken back is older than this."""


def answer(
    body: bytes, content_type: str, *, changed_at: datetime | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """The body, or 304 for whoever has it. The tag is of the bytes, so that one never stands over others.

    A date alone is not enough for 304: a list keeps its newest date when something is taken out of it.
    """
    etag, encoding = hashlib.sha256(body).hexdigest()[:32], ""
    if wants_gzip(request.headers.get("Accept-Encoding", "")):
        etag, encoding = f"{etag}-gzip", "gzip"
    known = request.headers.get("If-None-Match", "")
    if has_it_already(f'"{etag}"', None, if_none_match=known, if_modified_since=""):
        response = Response(status=304)
        response.headers.remove("Content-Type")
    else:
        response = Response(gzip.compress(body, 6, mtime=0) if encoding else body, content_type=content_type)
        response.headers.update(headers or {})
        if encoding:
            response.headers["Content-Encoding"] = encoding
    if changed_at is not None:
        response.headers["Last-Modified"] = http_date(changed_at)
    response.set_etag(etag)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response
