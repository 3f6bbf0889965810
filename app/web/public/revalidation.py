"""Public pages in browsers' caches: kept, but asked for again each time, and never in a shared cache.

Each page carries its visitor's form token, zone and theme, so one visitor's copy is of no use to another.
"""

from __future__ import annotations

import hashlib

from flask import request
from flask import session as cookie
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.web.identity import current_person


def revalidated(response: Response) -> Response:
    """Give a page a weak validator and answer 304 to whoever has it; signed-in people's pages are not kept at all.

    The form token is signed anew for each answer: what counts is the secret in the visitor's cookie behind it.
    """
    if response.status_code != 200 or current_person() is not None:
        response.headers["Cache-Control"] = "private, no-store"
        return response
    response.headers["Cache-Control"] = "private, no-cache"
    same = response.get_data(as_text=True).replace(generate_csrf(), str(cookie.get("csrf_token")))
    response.set_etag(hashlib.sha256(same.encode()).hexdigest()[:32], weak=True)
    return response.make_conditional(request)
