"""Parts of pages that are made from one value alone, each made once for as long as the same value comes back.

The value is the key: nothing has to be told when something changes, and nothing can be shown that it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

_MOST = 1000  # about 2 kB each: several boards
_HOLE = re.compile(r"<hole ([a-z_]+)>")  # escaped text cannot hold it
_FORM = "csrf_token"
_EXTENSION = "touchpoints.fragments"


class Fragments:
    """Renders `template` with `it`, a value that is equal exactly when the markup is.

    The template knows neither visitor nor moment: whatever of them it shows has to be in the value. What differs each
    time stands in holes: the visitor's form token, and the `holes` by name.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._kept = lru_cache(maxsize=0 if app.config["TEMPLATES_AUTO_RELOAD"] else _MOST)(self._pieces)

    def __call__(self, template: str, it: Hashable, **holes: object) -> Markup:
        pieces = list(self._kept(template, it, tuple(holes)))
        for number in range(1, len(pieces), 2):  # every other piece is the name of a hole
            pieces[number] = generate_csrf() if pieces[number] == _FORM else escape(holes[pieces[number]])
        return Markup("".join(pieces))  # noqa: S704 (rendered; what fills a hole is escaped)

    def _pieces(self, template: str, it: Hashable, holes: tuple[str, ...]) -> list[str]:
        context: dict[str, Any] = {name: _hole(name) for name in holes}
        markup = self._app.jinja_env.get_template(template).render(it=it, csrf_token=lambda: _hole(_FORM), **context)
        return _HOLE.split(markup)


def fragment(template: str, it: Hashable, **holes: object) -> Markup:
    """The present application's fragment."""
    fragments: Fragments = current_app.extensions[_EXTENSION]
    return fragments(template, it, **holes)


def init_fragments(app: Flask) -> None:
    app.extensions[_EXTENSION] = Fragments(app)
    app.jinja_env.globals["fragment"] = fragment


def _hole(name: str) -> Markup:
    return Markup(f"<hole {name}>")  # noqa: S704 (one of our own names)
