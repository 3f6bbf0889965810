"""The WSGI front itself: GET and HEAD of calendars; everything else goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from werkzeug.sansio.utils import host_is_trusted

from app.front.limits import FeedLimit
from app.front.memory import CalendarMemory, KeptCalendar, Version
from app.front.reading import ENDINGS, OWN
from app.web.calendar_requests import has_it_already, wants_gzip
from app.web.public.calendars import MAX_AGE, REFUSAL

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_FOR_ALL = {
    "Cache-Control": f"public, max-age={MAX_AGE}",
    "Vary": "Accept-Encoding",
    "Access-Control-Allow-Origin": "*",  # calendars in browsers
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_LONGEST_HOST = 300
Answer = tuple[str, list[tuple[str, str]], Sequence[bytes]]


class FeedFront:
    """Answers for calendars that are `known` or can be read; `headers` are those of every answer of the house."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        memory: CalendarMemory,
        limit: FeedLimit,
        hosts: Sequence[str],
        headers: Mapping[str, str],
    ) -> None:
        self._app, self._memory, self._limit = app, memory, limit
        self._headers = [*{**headers, **_FOR_ALL}.items()]
        self._is_ours = lru_cache(maxsize=64)(lambda host: host_is_trusted(host, hosts))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not self._is_asked(environ):
            return self._app(environ, start_response)
        try:
            status, headers, body = self._answer(environ)
        except Exception as error:  # noqa: BLE001 (Flask has the words for each, and the log: its view raises it anew)
            environ[REFUSAL] = error
            return self._app(environ, start_response)
        start_response(status, headers)
        return body

    def _is_asked(self, environ: WSGIEnvironment) -> bool:
        path: str = environ.get("PATH_INFO", "")
        if not path.endswith(ENDINGS) or path.startswith(OWN) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return False
        host: str = environ.get("HTTP_HOST", "")
        return len(host) < _LONGEST_HOST and self._is_ours(host)

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        path: str = environ["PATH_INFO"]
        kept = self._memory.known(path)
        if kept is not None and (unchanged := self._unchanged(environ, kept)):
            return unchanged
        self._limit.count(environ.get("REMOTE_ADDR") or "127.0.0.1")
        if kept is None:
            kept = self._memory.read(path)
        return self._unchanged(environ, kept) or self._whole(environ, kept)

    def _unchanged(self, environ: WSGIEnvironment, kept: KeptCalendar) -> Answer | None:
        version = _version(environ, kept)
        if not has_it_already(
            version.etag,
            kept.last_modified,
            if_none_match=environ.get("HTTP_IF_NONE_MATCH", ""),
            if_modified_since=environ.get("HTTP_IF_MODIFIED_SINCE", ""),
        ):
            return None
        return "304 Not Modified", [*self._headers, ("ETag", version.etag)], ()

    def _whole(self, environ: WSGIEnvironment, kept: KeptCalendar) -> Answer:
        version = _version(environ, kept)
        headers = [*self._headers, *kept.headers, ("ETag", version.etag), ("Content-Length", str(len(version.body)))]
        if version.encoding:
            headers.append(("Content-Encoding", version.encoding))
        return "200 OK", headers, () if environ["REQUEST_METHOD"] == "HEAD" else (version.body,)


def _version(environ: WSGIEnvironment, kept: KeptCalendar) -> Version:
    return kept.zipped if wants_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else kept.plain
