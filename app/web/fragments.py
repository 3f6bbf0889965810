"""Parts of pages that are made from one value alone, each made once for as long as the same value comes back.

The value is the key: nothing has to be told when something changes, and nothing can be shown that it does not hold.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from flask import Flask, current_app
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

_MOST = 1000  # about 2 kB each: several boards
_TOKEN = Markup("<form-token>")  # stands for each visitor's own; escaped text cannot hold it
_EXTENSION = "touchpoints.fragments"


class Fragments:
    """Renders `template` with `it`, a value that is equal exactly when the markup is.

    The template knows neither visitor nor moment: whatever of them it shows has to be in the value.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._kept = lru_cache(maxsize=0 if app.config["TEMPLATES_AUTO_RELOAD"] else _MOST)(self._pieces)

    def __call__(self, template: str, it: Hashable) -> Markup:
        pieces = self._kept(template, it)
        return Markup(generate_csrf()).join(pieces) if len(pieces) > 1 else pieces[0]  # noqa: S704 (a signed token)

    def _pieces(self, template: str, it: Hashable) -> list[Markup]:
        """The markup, cut where the visitor's form token belongs."""
        markup = self._app.jinja_env.get_template(template).render(it=it, csrf_token=lambda: _TOKEN)
        return [Markup(piece) for piece in markup.split(_TOKEN)]  # noqa: S704 (rendered, and cut between elements)


def fragment(template: str, it: Hashable) -> Markup:
    """The present application's fragment."""
    fragments: Fragments = current_app.extensions[_EXTENSION]
    return fragments(template, it)


def init_fragments(app: Flask) -> None:
    app.extensions[_EXTENSION] = Fragments(app)
    app.jinja_env.globals["fragment"] = fragment
