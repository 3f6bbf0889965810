"""How often one caller may ask for a calendar's bytes. An answer without bytes costs nothing and counts nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from app.domain.errors import TooMany
from app.web.limits import caller_at

_MOST = 50_000  # callers in one minute; beyond, everybody starts anew: memory is worth more than exactness


class FeedLimit:
    """Counts the callers of each minute in this process alone, `most` of one are answered; None: no limit.

    The library behind Flask's limits looks through all it has stored a hundred times a second: with thousands of
    callers that costs more than the answers (docs/adr/0020).
    """

    def __init__(self, most: int | None, *, clock: Callable[[], datetime]) -> None:
        self._most, self._clock = most, clock
        self._minute: datetime | None = None
        self._asked: Counter[str] = Counter()

    def count(self, address: str) -> None:
        """Count one more request from `address`. Raises TooMany."""
        if self._most is None:
            return
        minute = self._clock().replace(second=0)
        if minute != self._minute or len(self._asked) >= _MOST:
            self._minute, self._asked = minute, Counter()
        caller = caller_at(address) if ":" in address else address
        self._asked[caller] += 1
        if self._asked[caller] > self._most:
            raise TooMany("There were many requests from you in a short time.", again_at=minute + timedelta(minutes=1))
