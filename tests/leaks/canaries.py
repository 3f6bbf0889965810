"""People every word of whom is found nowhere else: what stands of them where a stranger reads is no accident."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import md5, sha1, sha256

from app.domain.attribution import Attribution
from app.domain.people import Role, RoleCategory
from app.models import Person, Speaker

_LETTERS = "bdfghjklmnprs"


@dataclass(frozen=True)
class Canary:
    """Somebody at one level; None has not chosen. `number` makes every word their own.

    Names have accents and capitals, because a search that knows only one spelling is blind to the others.
    """

    number: int
    level: Attribution | None

    @property
    def mark(self) -> str:
        return f"zq{_LETTERS[self.number]}x"

    @property
    def first(self) -> str:
        return f"Réné{self.mark}"

    @property
    def last(self) -> str:
        return f"{self.mark.capitalize()}ström"

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def former(self) -> str:
        """The last name before an edit."""
        return f"{self.mark.capitalize()}geboren"

    @property
    def employer(self) -> str:
        return f"{self.mark.upper()} Bänk & Söhne"

    @property
    def mail(self) -> str:
        return f"{self.mark}.post@{self.mark}-domain.example"

    @property
    def bio(self) -> str:
        return f"{self.mark}bio grew up on a farm"

    @property
    def note(self) -> str:
        return f"{self.mark}note: my manager must not know"

    @property
    def link(self) -> str:
        return f"https://{self.mark}link.example/~{self.mark}home"

    @property
    def slides(self) -> str:
        return f"https://{self.mark}slides.example/{self.mark}deck.pdf"

    def speaker(self, *, position: int = 0) -> Speaker:
        """A row for a proposal, under the name before the edit."""
        return Speaker(
            position=position,
            name=f"{self.first} {self.former}",
            email=self.mail,
            affiliation=self.employer,
            role_category=RoleCategory.OSPO,
            attribution=self.level,
            recording_consent=True,
            bio=self.bio,
            time_zone="Pacific/Chatham",
        )

    def account(self, *, number: int, role: Role = Role.VOLUNTEER) -> Person:
        """Somebody who signs in; `number` is the account's id."""
        return Person(
            id=number,
            name=self.name,
            email=self.mail,
            affiliation=self.employer,
            bio=self.bio,
            role=role,
            role_category=RoleCategory.OSPO,
            time_zone="Pacific/Chatham",
        )

    def never(self) -> list[str]:
        """What nobody but the speaker and the organizers may read, whatever the level."""
        words = [self.mail, f"{self.mark}-domain", f"{self.mark}.post", f"{self.mark}bio", f"{self.mark}note"]
        hashed = [made(self.mail.encode()).hexdigest() for made in (md5, sha1, sha256)]  # as avatars are named
        return [*words, self.former, *hashed]

    def hidden(self, level: Attribution | None) -> list[str]:
        """What a stranger must not find at this level."""
        name, employer = [self.first, self.last], [f"{self.mark} bänk"]
        online = [f"{self.mark}link", f"{self.mark}home", f"{self.mark}slides", f"{self.mark}deck"]
        match level:
            case Attribution.NAME_AND_AFFILIATION:
                return self.never()
            case Attribution.NAME:
                return [*self.never(), *employer, *online]
            case Attribution.AFFILIATION:
                return [*self.never(), *name, *online]
            case _:
                return [*self.never(), *name, *employer, *online]

    def shown(self, level: Attribution | None) -> list[str]:
        """What a stranger must find at this level, or the search is blind."""
        match level:
            case Attribution.NAME_AND_AFFILIATION:
                return [self.first, self.last, f"{self.mark} bänk", f"{self.mark}slides"]
            case Attribution.NAME:
                return [self.first, self.last]
            case Attribution.AFFILIATION:
                return [f"{self.mark} bänk"]
            case _:
                return []

    def words(self) -> list[str]:
        """All of theirs."""
        return self.hidden(None)


CANARIES = [Canary(number, level) for number, level in enumerate([*Attribution, None])]
"""Speakers, one for each level, and one who never chose."""
ORGANIZER, MODERATOR, SCRIBE, MEMBER, NORA, WAITING = (Canary(len(CANARIES) + number, None) for number in range(6))
"""Who is never named in public at all; Nora is a volunteer with nothing of her own, and one waits to be asked."""
EVERYBODY = [*CANARIES, ORGANIZER, MODERATOR, SCRIBE, MEMBER, NORA, WAITING]
