"""What a failed delivery means, and when a mail is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LEASE = timedelta(seconds=60)
"""How long a worker holds a mail. One conversation ends well before, or is cut."""
LONGEST_CONVERSATION = timedelta(seconds=45)
_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
_LAST_DELAY = timedelta(hours=6)
MOST_ATTEMPTS = 17
"""With these delays, the last attempt is 72 hours after the first."""
_JITTER = 0.2
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)


class Fault(StrEnum):
    """Why a mail was not delivered, by what is to be done about it."""

    UNREACHABLE = "unreachable"  # no server takes any mail of ours now: the whole queue waits, no mail is to blame
    LATER = "later"  # this mail was put off, or nobody knows: it is tried again under the same Message-ID
    REFUSED = "refused"  # this mail will never be taken: an organizer must look
    POISON = "poison"  # this mail cannot even be handed over: an organizer must look


def next_attempt(attempts: int, *, now: datetime, jitter: float) -> datetime | None:
    """When a mail that failed `attempts` times is due again; None when it is given up after about 72 hours.

    `jitter` from 0 to 1 spreads the delay by 20 % to either side, so that mails that failed together part.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    delay = _DELAYS[attempts - 1] if attempts <= len(_DELAYS) else _LAST_DELAY
    return now + delay * (1 - _JITTER + 2 * _JITTER * jitter)


@dataclass
class Circuit:
    """Keeps a worker from knocking all the time at a server that does not answer: after 1, 2, 4, 8, then 15 minutes."""

    open_until: datetime | None = None
    wait: timedelta = _FIRST_WAIT

    def is_open(self, *, now: datetime) -> bool:
        """Whether nothing should be sent now."""
        return self.open_until is not None and now < self.open_until

    def trip(self, *, now: datetime) -> None:
        """The server did not answer."""
        self.open_until, self.wait = now + self.wait, min(self.wait * 2, _LONGEST_WAIT)

    def close(self) -> None:
        """The server answers."""
        self.open_until, self.wait = None, _FIRST_WAIT
