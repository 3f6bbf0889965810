"""The page on which organizers word the notice: present words, earlier versions, and coming calls to try them on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.publication import PublicTouchpoint
from app.domain.wording import STANDARD, Wording, read_wording
from app.models import NoticeWording, Publication
from app.services.public_history import read_value
from app.services.wording import list_wordings

_OFFERED = 12


@dataclass(frozen=True)
class WordingPage:
    """`calls` are the next ones, to try words on; `coming` counts all that would get them."""

    versions: Sequence[NoticeWording]
    calls: tuple[PublicTouchpoint, ...]
    coming: int

    @property
    def present(self) -> Wording:
        return self.versions[0].value() if self.versions else STANDARD

    @property
    def ours(self) -> Wording:
        """The words that an installation begins with."""
        return STANDARD

    def trial(self, sentences: Mapping[str, str], *, key: str) -> PublicTouchpoint | None:
        """The call of this key, or the next one with a public agenda, as these sentences would have it."""
        with_agenda = [call for call in self.calls if call.agenda] or list(self.calls)
        chosen = next((call for call in self.calls if call.key == key), next(iter(with_agenda), None))
        return replace(chosen, wording=read_wording({**sentences, "version": ""})) if chosen else None


def read_wording_page(session: Session, *, now: datetime) -> WordingPage:
    """What the page shows, for each call the public value."""
    coming = Publication.starts_at > now
    query = select(Publication.value).where(coming).order_by(Publication.starts_at, Publication.uid).limit(_OFFERED)
    values = [read_value(value) for value in session.scalars(query)]
    return WordingPage(
        versions=list_wordings(session),
        calls=tuple(value for value in values if value is not None and not value.skipped),
        coming=session.scalar(select(func.count()).select_from(Publication).where(coming)) or 0,
    )
