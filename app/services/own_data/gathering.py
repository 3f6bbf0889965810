"""Everything that we hold about somebody, read at one moment: for their page, and as a file (GDPR, Art. 15 and 20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.services.own_data.account import ACCOUNT
from app.services.own_data.chairs import CHAIRS
from app.services.own_data.duties import DUTIES
from app.services.own_data.holders import Holder
from app.services.own_data.imported import IMPORTED
from app.services.own_data.letters import LETTERS
from app.services.own_data.sections import Record, Section
from app.services.own_data.talks import TALKS

FORMAT, VERSION = "touchpoints-own-data", 1
"""What the file calls itself. The version rises when a name in it is changed or gone, not when one is added."""
SECTIONS: tuple[Section, ...] = (*ACCOUNT, *TALKS, *CHAIRS, *LETTERS, *IMPORTED, *DUTIES)
"""The registry: a test walks the tables and fails for a personal column that no section covers."""


@dataclass(frozen=True)
class OwnData:
    """The sections with their records, in order; those without any, too: that there is nothing is an answer."""

    addresses: tuple[str, ...]
    made_at: datetime
    parts: Sequence[tuple[Section, Sequence[Record]]]

    def to_json(self, *, community: str) -> dict[str, object]:
        """The file's content, of JSON's own kinds. Its shape is documented in docs/own-data.md."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "community": community,
            "made_at": self.made_at.isoformat(),
            "addresses": list(self.addresses),
            "data": {section.key: [_plain(record) for record in records] for section, records in self.parts},
        }


def gather(session: Session, holder: Holder, *, site: Site, now: datetime) -> OwnData:
    """Read it all, in a number of queries that does not grow."""
    return OwnData(holder.addresses, now, [(section, section.read(session, holder, site)) for section in SECTIONS])


def _plain(value: object) -> object:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value
