"""The browser that asked for a mail: its nonce in a cookie that no script can read, as long as the mail is good."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from app.domain.signing_in import PROOF_LASTS, Purpose
from app.web.site import site


def nonce_of(purpose: Purpose) -> str:
    """This browser's nonce for `purpose`; empty if it has not asked, or too long ago."""
    return request.cookies.get(_cookie(purpose), "")


def keep_nonce(response: Response, purpose: Purpose, nonce: str) -> Response:
    """Let the browser keep `nonce`; an empty one is forgotten."""
    response.set_cookie(
        _cookie(purpose),
        nonce,
        max_age=int(PROOF_LASTS.total_seconds()) if nonce else 0,
        path="/",
        secure=_is_https(),
        httponly=True,
        samesite="Lax",
    )
    return response


def page(name: str, /, *, status: int = 200, **context: Any) -> Response:
    """The page `pages/account/<name>.html`, whole: these pages are never swapped into another."""
    return Response(render_template(f"pages/account/{name}.html", **context), status, mimetype="text/html")


def _cookie(purpose: Purpose) -> str:
    return f"{'__Host-' if _is_https() else ''}asked-{purpose.value}"


def _is_https() -> bool:
    return site().base_url.startswith("https://")
