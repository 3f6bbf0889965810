"""The headers of every answer: a policy without inline code, and no copies of private pages."""

from __future__ import annotations

from flask import Flask, has_request_context, request
from werkzeug.wrappers import Response

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
INDEXED = frozenset(
    {
        "open_data.reference",
        "public.calendar",  # but months without a call, and choices, which say so themselves
        "public.home",
        "public.learning",
        "public.numbers",
        "public.privacy",
        "public.rule",
        "public.schedule",
        "public.subscribe",
        "public.talk",  # but of those calls, as below
        "public.touchpoint",  # but those held wholly under the Rule, which say so themselves
        "public.working_group",
        "public.working_groups",
        "volunteer.propose",
    }
)
"""The pages that search engines may list. Every other answer says noindex, also one of a page added later."""
HSTS = "max-age=31536000; includeSubDomains"


def init_security_headers(app: Flask, *, https: bool) -> None:
    """Add the headers to each answer that has not set them.

    `Cache-Control` defaults to no-store, and is no-store whatever the view says where a permission guards it. What is
    not for everybody to find is not for search engines.
    """

    app.jinja_env.globals["may_be_indexed"] = may_be_indexed

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if _is_guarded(app):
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Cache-Control", "no-store")
        if not may_be_indexed() or response.status_code >= 400:
            response.headers.setdefault("X-Robots-Tag", "noindex")
        if https:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        return response


def may_be_indexed() -> bool:
    """Whether search engines may list the page that is asked for."""
    return has_request_context() and request.endpoint in INDEXED


def _is_guarded(app: Flask) -> bool:
    view = app.view_functions.get(request.endpoint or "")
    return view is not None and getattr(view, "__access__", "") != "public"
