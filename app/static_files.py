"""Static files under hashed names, served by WhiteNoise with far-future caching."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

FOLDER = Path(__file__).resolve().parent.parent / "static"
_HASH = re.compile(r"\.[0-9a-f]{12}(?=\.[a-z0-9]+$)")


class StaticFiles(WhiteNoise):  # type: ignore[misc]  # WhiteNoise ships no types
    """Serves each file below static/ by its plain name for a minute, by its hashed name for ever.

    Style sheets name fonts plainly; pages use `address_of`. With `watch` a changed file is found without a restart.
    """

    def __init__(self, app: Any, *, watch: bool) -> None:
        super().__init__(
            app, autorefresh=watch, max_age=3600, immutable_file_test=_HASH.pattern, add_headers_function=_harmless
        )
        self._addresses: dict[str, tuple[float, str]] = {}
        self.add_files(str(FOLDER), prefix="/static")

    def address_of(self, name: str) -> str:
        """The hashed address of `name`, a path below static/; the plain one if there is no such file."""
        known = self._addresses.get(name)
        if known and not self.autorefresh:  # a page asks hundreds of times: for each icon
            return known[1]
        path = FOLDER / name
        if not path.is_file():
            return f"/static/{name}"
        if known is None or known[0] != path.stat().st_mtime:
            known = self._addresses[name] = (path.stat().st_mtime, _hashed(f"/static/{name}", path))
        return known[1]

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
        if url in self.files:
            hashed = _hashed(url, Path(path))
            self.files[hashed] = self.get_static_file(path, hashed, stat_cache=stat_cache)

    def candidate_paths_for_url(self, url: str) -> Iterator[str]:
        yield from super().candidate_paths_for_url(_HASH.sub("", url))


def init_static_files(app: Flask, *, watch: bool) -> None:
    """Put the files in front of `app`, and `static_url(name)` into its templates."""
    files = StaticFiles(app.wsgi_app, watch=watch)
    app.wsgi_app = files  # type: ignore[method-assign]
    app.jinja_env.globals["static_url"] = files.address_of


def _harmless(headers: Headers, _path: str, _url: str) -> None:
    """A file opened as a page of its own runs nothing and is what its type says."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"


def _hashed(url: str, path: Path) -> str:
    stem, _, suffix = url.rpartition(".")
    return f"{stem}.{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}.{suffix}"
