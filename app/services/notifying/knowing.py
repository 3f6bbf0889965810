"""What readers of our mails know of a talk's or a call's date, so that the next mail tells the difference to that."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.attribution import Attribution, is_stricter_or_same
from app.domain.secret import NO_WAY_IN, WayIn
from app.mail.values import Occasion
from app.models import Talk
from app.services.outbox import last_told

_TO_SPEAKERS = ("invited", "reminded", "confirmed", "moved", "updated")


@dataclass(frozen=True)
class Facts:
    """When, what, and how to join. `join` is a fingerprint: the link is a secret, and only its change matters.

    `named` has the level of each speaker whom the mail or its calendar entry names, by the id of their confirmation;
    None for a mail of an earlier release, of which nobody knows. Facts are the same without it.
    """

    occasion: Occasion
    title: str = ""
    join: str = ""
    named: Mapping[str, str] | None = field(default=None, compare=False)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Facts:
        occasion = stored["occasion"]
        starts_at = datetime.fromisoformat(occasion["starts_at"])
        return cls(
            Occasion(**{**occasion, "starts_at": starts_at}), stored["title"], stored["join"], stored.get("named")
        )

    def stored(self) -> dict[str, Any]:
        """As plain JSON."""
        occasion = {**asdict(self.occasion), "starts_at": self.occasion.starts_at.isoformat()}
        return {"occasion": occasion, "title": self.title, "join": self.join, "named": self.named}

    def names_more_than(self, now: Facts) -> bool:
        """Whether somebody is named here in a way in which `now` does not name them any more."""
        still = now.named or {}
        return any(reveals_more(level, still.get(key)) for key, level in (self.named or {}).items())


def facts(occasion: Occasion, *, title: str = "", way_in: WayIn = NO_WAY_IN, named: Mapping[str, str]) -> Facts:
    return Facts(occasion, title, _fingerprint(way_in), named)


def reveals_more(level: str, than: str | None) -> bool:
    """Whether a speaker at `level` is named in a way in which one at `than` is not."""
    return not is_stricter_or_same(Attribution(level), Attribution(than or Attribution.NONE))


def _fingerprint(way_in: WayIn) -> str:
    said = "\n".join(": ".join(line) for line in way_in.revealed_lines()) if way_in else ""
    return hashlib.sha256(said.removeprefix("Join: ").encode()).hexdigest()[:16] if said else ""


def telling(now: Facts, *, was: Facts | None = None) -> dict[str, Any]:
    """What a mail tells, as the outbox keeps it."""
    return {"was": was.stored() if was else None, "now": now.stored()}


def known_to(session: Session, talk: Talk, address: str) -> Facts | None:
    """What a speaker knows by the newest mail to them that was not taken back; None for nothing.

    Mails to organizers do not count: some organizers speak too.
    """
    told = last_told(session, talk, address, kinds=_TO_SPEAKERS)
    return Facts.read(told["now"]) if told else None
