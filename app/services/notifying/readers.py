"""Who reads a mail: volunteers, speakers and organizers as mails address them."""

from __future__ import annotations

from email.utils import parseaddr

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.people import Role
from app.domain.site import Site
from app.mail.values import House, Reader
from app.models import Person, Proposal, Speaker, Touchpoint


def house_of(site: Site) -> House:
    return House(community=site.community, url=site.base_url, reply_to=parseaddr(site.reply_to)[1])


def volunteer_of(proposal: Proposal) -> Reader:
    """Whoever reads the address that the proposal came from, by the name of the speaker or account with it."""
    own = next((speaker for speaker in proposal.speakers if speaker.email == proposal.email), None)
    known = own or proposal.owner
    if known is None:
        return Reader(proposal.email)
    return Reader(proposal.email, known.name, known.time_zone)


def reader_of(speaker: Speaker) -> Reader | None:
    """The speaker, or None for one without an address: organizers speak for us then."""
    return Reader(speaker.email, speaker.name, speaker.time_zone) if speaker.email else None


def crew_of(session: Session, touchpoint: Touchpoint, *others: Touchpoint) -> list[tuple[Person, Reader]]:
    """Who runs these calls: every organizer, and their moderators; each once."""
    crew = dict(organizers(session))
    for call in (touchpoint, *others):
        if (person := call.moderator) is not None and person not in crew:
            crew[person] = Reader(person.email, person.name, person.time_zone)
    return list(crew.items())


def organizers(session: Session) -> list[tuple[Person, Reader]]:
    """Every organizer, in order of id."""
    found = session.scalars(select(Person).where(Person.role == Role.ORGANIZER).order_by(Person.id))
    return [(person, Reader(person.email, person.name, person.time_zone)) for person in found]
