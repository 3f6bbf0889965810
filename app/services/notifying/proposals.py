"""Mails about a proposal: to its volunteer, its speakers and the organizers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.site import Site
from app.domain.states import ProposalState
from app.domain.withholding import kept_words
from app.mail.messages import organizing, proposals, talks
from app.mail.values import Mail, Occasion, Reader
from app.models import Proposal, Talk
from app.services.blind_review import blind_series, is_blind, unnamed
from app.services.links import address_path, draft_path, proposal_path
from app.services.notifying.calendars import answers_to, begin_entry, cancellation, return_to_newest_entry
from app.services.notifying.readers import house_of, organizers, reader_of, volunteer_of
from app.services.outbox import holds_entry, queue_mail
from app.services.talk_facts import facts_of


def notify_verify(session: Session, proposal: Proposal, *, site: Site, now: datetime) -> None:
    """Ask whoever reads the proposal's address to confirm it."""
    session.flush()
    link = site.url(address_path(proposal, site=site))
    mail = proposals.verify(house_of(site), Reader(proposal.email), link=link)
    _queue(session, mail, proposal, site=site, now=now)


def notify_draft_saved(session: Session, proposal: Proposal, *, site: Site, now: datetime) -> None:
    """The link with which the draft is continued; each time that somebody asks for it."""
    session.flush()
    link = site.url(draft_path(proposal, site=site))
    mail = proposals.draft_saved(house_of(site), Reader(proposal.email), link=link)
    dedup = f"draft_saved:proposal-{proposal.id}.{now:%Y%m%dT%H%M%S}"
    queue_mail(session, mail, dedup=dedup, proposal=proposal, site=site, now=now)


def notify_received(session: Session, proposal: Proposal, *, site: Site, now: datetime) -> None:
    """The proposal is in the pool."""
    session.flush()
    link = site.url(proposal_path(proposal, site=site))
    mail = proposals.received(house_of(site), volunteer_of(proposal), title=proposal.title, link=link)
    _queue(session, mail, proposal, site=site, now=now)


def notify_accepted(session: Session, proposal: Proposal, *, site: Site, now: datetime) -> None:
    """Accepted, with the organizer's words; leaves after the settle time."""
    _notify_decision(session, proposal, ProposalState.ACCEPTED, site=site, now=now)


def notify_declined(session: Session, proposal: Proposal, *, site: Site, now: datetime) -> None:
    """Declined, with the organizer's reason; leaves after the settle time."""
    _notify_decision(session, proposal, ProposalState.DECLINED, site=site, now=now)


def decision_mail(proposal: Proposal, *, verdict: ProposalState, reason: str, site: Site) -> Mail:
    """The mail of a decision, exactly as it would leave: for a preview too, which writes nothing."""
    house, reader = house_of(site), volunteer_of(proposal)
    link = site.url(proposal_path(proposal, site=site))
    if verdict is ProposalState.ACCEPTED:
        return proposals.accepted(house, reader, title=proposal.title, message=reason, link=link)
    return proposals.declined(house, reader, title=proposal.title, reason=reason, link=link)


def notify_withdrawn(
    session: Session, proposal: Proposal, *, was: Mapping[Talk, Occasion], site: Site, now: datetime
) -> None:
    """To the volunteer, every speaker, and the organizers. `was`: the talks that had a date, and which.

    A speaker with a calendar entry gets it taken back; one with two gets two mails, since a mail carries one entry.
    """
    for talk in was:
        begin_entry(session, talk)
    session.flush()
    readers = {reader.address: reader for speaker in proposal.speakers if (reader := reader_of(speaker))}
    readers = {proposal.email: volunteer_of(proposal)} | readers if proposal.email else readers
    for reader in readers.values():
        _tell_withdrawn(session, proposal, reader, was=was, site=site, now=now)
    for talk in was:
        return_to_newest_entry(session, talk)
    link = site.url(f"/pool/{proposal.key}")
    is_unnamed = is_blind(proposal, blind_series(session))
    title = unnamed(proposal.title, proposal) if is_unnamed else proposal.title
    for person, reader in organizers(session):
        if reader.address not in readers:
            mail = organizing.proposal_withdrawn(house_of(site), reader, title=title, was=_in_order(was), link=link)
            _queue(session, mail, proposal, about=f"person-{person.id}", site=site, now=now)


def _title_for(reader: Reader, proposal: Proposal) -> str:
    """Of several speakers none reads in it what another keeps back; whoever sent it has written it."""
    if reader.address == proposal.email or len(proposal.speakers) < 2:
        return proposal.title
    return kept_words(proposal.title, [facts_of(speaker, speaker.attribution) for speaker in proposal.speakers])


def _tell_withdrawn(
    session: Session, proposal: Proposal, reader: Reader, *, was: Mapping[Talk, Occasion], site: Site, now: datetime
) -> None:
    house, title = house_of(site), _title_for(reader, proposal)
    held = [talk for talk in was if holds_entry(session, talk, reader.address)]
    if not held:
        mail = talks.withdrawn(house, reader, title=title, was=_in_order(was))
        _queue(session, mail, proposal, about=_number(proposal, reader), site=site, now=now)
    for talk in held:
        mail = talks.withdrawn(
            house,
            reader,
            title=title,
            was=_in_order(was) if len(held) == 1 else [was[talk]],
            calendar=cancellation(talk, reader, was=was[talk], site=site, now=now),
            role_address=answers_to(was[talk], site=site),
        )
        about = f"{_number(proposal, reader)}.talk-{talk.id}"
        _queue(session, mail, proposal, about=about, talk=talk, site=site, now=now)


def _notify_decision(
    session: Session, proposal: Proposal, verdict: ProposalState, *, site: Site, now: datetime
) -> None:
    if not proposal.email:  # it was imported without an address: the organizers tell them
        return
    session.flush()
    mail = decision_mail(proposal, verdict=verdict, reason=proposal.decision_reason, site=site)
    _queue(session, mail, proposal, due_at=now + site.settle, site=site, now=now)


def _in_order(was: Mapping[Talk, Occasion]) -> list[Occasion]:
    return sorted(was.values(), key=lambda occasion: occasion.starts_at)


def _number(proposal: Proposal, reader: Reader) -> str:
    """The reader in a few letters that say nothing of them: the speaker's id, or the volunteer."""
    own = next((speaker for speaker in proposal.speakers if speaker.email == reader.address), None)
    return f"speaker-{own.id}" if own else "volunteer"


def _queue(
    session: Session,
    mail: Mail,
    proposal: Proposal,
    *,
    about: str = "volunteer",
    talk: Talk | None = None,
    due_at: datetime | None = None,
    site: Site,
    now: datetime,
) -> None:
    """Once for each version of the proposal and each reader."""
    dedup = f"{mail.kind}:proposal-{proposal.id}.{proposal.version}:{about}"
    queue_mail(session, mail, dedup=dedup, proposal=proposal, talk=talk, due_at=due_at, site=site, now=now)
