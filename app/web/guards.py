"""Every view says who may call it: `@allow(Permission.X)` or `@public`; a test finds the one that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit, urlunsplit

from flask import make_response, redirect, request, url_for
from werkzeug.urls import iri_to_uri

from app.domain.errors import NotFound
from app.domain.permissions import Permission, may
from app.web.htmx import is_htmx
from app.web.identity import current_person

P = ParamSpec("P")
R = TypeVar("R")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anyone may call this view; what it shows is public, or opened by the signed link in its address."""
    view.__access__ = "public"  # type: ignore[attr-defined]
    return view


def allow(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Only people with `permission` may call this view.

    A stranger is asked to sign in and comes back here; somebody without the permission sees a 404, not a hint.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            person = current_person()
            if person is None:
                return _ask_to_sign_in()  # type: ignore[return-value]
            if not may(person.role, permission):
                raise NotFound("There is no such page.")
            return view(*args, **kwargs)

        guarded.__access__ = permission.value  # type: ignore[attr-defined]
        return guarded

    return guard


def _ask_to_sign_in() -> object:
    location = url_for("account.sign_in", next=_way_back() or None)
    if is_htmx():
        # Never the sign-in page inside a card: the browser goes there as a whole.
        response = make_response("", 401)
        response.headers["HX-Redirect"] = location
        return response
    return redirect(location, 303)


def _way_back() -> str:
    """Where the visitor was, as a path; empty after a form, whose page is not known. The sign-in page checks it."""
    if is_htmx():
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        return urlunsplit(("", "", page.path, page.query, ""))
    return iri_to_uri(request.full_path).rstrip("?") if request.method in {"GET", "HEAD"} else ""
