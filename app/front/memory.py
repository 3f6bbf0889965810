"""One worker's memory of calendars: finished answers, thrown away when the mark of the feeds changes."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from threading import Lock

from werkzeug.http import http_date

from app.front.reading import disposition
from app.front.revisions import Revisions
from app.services.queries.feeds import CalendarFile

_MOST = 512  # calendars: files of single calls are small, and there are few feeds


@dataclass(frozen=True)
class Version:
    """One encoding of a calendar, with the ETag that it alone has, quotes included."""

    body: bytes
    etag: str
    encoding: str = ""


class KeptCalendar:
    """A calendar as it stood at `at`, with the headers of both encodings; the second is made when first asked for."""

    def __init__(self, path: str, file: CalendarFile, *, at: datetime) -> None:
        self.headers = [("Content-Type", file.content_type), ("Content-Disposition", disposition(path))]
        if path.startswith("/touchpoints/"):  # a call that is held under the Rule is not for search engines
            self.headers.append(("X-Robots-Tag", "noindex"))
        self.last_modified = file.last_modified if _is_over(file.last_modified, at) else None
        if self.last_modified:
            self.headers.append(("Last-Modified", http_date(self.last_modified)))
        self.plain = Version(file.body, f'"{file.etag}"')
        self._etag = file.etag
        self._at, self._until = at, file.until

    @cached_property
    def zipped(self) -> Version:
        return Version(gzip.compress(self.plain.body, 6, mtime=0), f'"{self._etag}-gzip"', "gzip")

    def holds_at(self, now: datetime) -> bool:
        """Whether no call has entered or left by the mere passing of time, or by a clock set back."""
        return self._at <= now and (self._until is None or now <= self._until)


@dataclass(frozen=True)
class _Shelf:
    """What was read after the mark was seen: at least as new as it."""

    mark: int | None
    kept: dict[str, KeptCalendar] = field(default_factory=dict)


def _is_over(changed: datetime | None, now: datetime) -> bool:
    """Whether the second of that change is over, so that no other one can have its date (RFC 9110, 8.8.2.2).

    Or else a name that is taken back within the second of another change would stay with whoever asks by date.
    """
    return changed is not None and changed.replace(microsecond=0) + timedelta(seconds=1) <= now


class CalendarMemory:
    """Calendars that are never older than the mark seen when they are asked for.

    `read` makes a calendar's file from the database, or raises NotFound.
    """

    def __init__(
        self,
        *,
        revisions: Revisions,
        read: Callable[[str, datetime], CalendarFile],
        clock: Callable[[], datetime],
    ) -> None:
        self._revisions, self._read, self._clock = revisions, read, clock
        self._shelf = _Shelf(None)
        self._reading = Lock()

    def known(self, path: str) -> KeptCalendar | None:
        """The calendar at this address, if it is here and still what the database says."""
        mark = self._revisions()
        if mark is None:  # no feed was ever written, or the row is lost: nothing says that anything here still holds
            return None
        shelf = self._shelf
        if shelf.mark != mark:
            shelf = self._shelf = _Shelf(mark)
        kept = shelf.kept.get(path)
        return kept if kept and kept.holds_at(self._clock()) else None

    def read(self, path: str) -> KeptCalendar:
        """The calendar, from the database if need be; one thread reads while others wait. Raises NotFound."""
        with self._reading:
            if found := self.known(path):
                return found
            shelf, now = self._shelf, self._clock()  # the mark before the bytes, never after
            kept = KeptCalendar(path, self._read(path, now), at=now)
            if len(shelf.kept) >= _MOST:
                shelf.kept.clear()
            shelf.kept[path] = kept
            return kept
