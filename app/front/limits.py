"""How often one caller may ask for a calendar's bytes. An answer without bytes costs nothing and counts nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_limiter import Limiter
from limits import RateLimitItemPerMinute

from app.domain.errors import TooMany
from app.web.limits import FEEDS_PER_MINUTE, caller_at

_ITEM = RateLimitItemPerMinute(FEEDS_PER_MINUTE)
_SCOPE = "calendar-bytes"


class FeedLimit:
    """The limit of Flask's views, in the same storage, counted before them."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    def count(self, address: str) -> None:
        """Count one more request from `address`. Raises TooMany."""
        if not self._limiter.enabled:
            return
        caller = caller_at(address)
        if not self._limiter.limiter.hit(_ITEM, _SCOPE, caller):
            again_at = self._limiter.limiter.get_window_stats(_ITEM, _SCOPE, caller).reset_time
            raise TooMany(
                "There were many requests from you in a short time.", again_at=datetime.fromtimestamp(again_at, UTC)
            )
