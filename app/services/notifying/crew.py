"""Mails about a move to those who run the call: the organizers and its moderator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy.orm import Session

from app.domain.people import Role
from app.domain.site import Site
from app.domain.withholding import kept_words
from app.mail.messages import organizing
from app.mail.values import Mail, Occasion, Reader
from app.models import Person, Talk, Touchpoint
from app.services.board_moves import occasion_of
from app.services.notifying.knowing import Facts, telling
from app.services.notifying.readers import crew_of, house_of
from app.services.outbox import cancel_pending, count_taken_back, queue_mail
from app.services.talk_facts import talk_facts

_KIND = "rescheduled"


class _Subject(TypedDict, total=False):
    """What a mail is about, as the outbox takes it."""

    talk: Talk
    touchpoint: Touchpoint


def notify_rescheduled(
    session: Session, talk: Talk, *, was: Touchpoint, onto: Touchpoint, site: Site, now: datetime
) -> None:
    """Was and now of a talk that moved onto another call, to those who run either; leaves after the settle time."""
    crew = crew_of(session, onto, was)
    _tell(session, talk, onto, crew, was=occasion_of(was), talks=[talk], site=site, now=now)


def correct_rescheduled(session: Session, talk: Talk, *, site: Site, now: datetime) -> None:
    """After an undo, or a move that asks speakers who had been told nothing: what waits is taken back, and said anew
    where it still tells of a change.
    """
    if talk.touchpoint is None:
        cancel_pending(session, (_KIND,), talk=talk)
    else:
        crew = crew_of(session, talk.touchpoint)
        _tell(session, talk, talk.touchpoint, crew, was=None, talks=[talk], site=site, now=now)


def notify_call_rescheduled(
    session: Session, touchpoint: Touchpoint, *, was: Occasion, asked: Sequence[Talk], site: Site, now: datetime
) -> None:
    """Was and now of a call, to its moderator and, where speakers are `asked` for the new date, to the organizers."""
    crew = crew_of(session, touchpoint)
    if not asked:
        crew = [(person, reader) for person, reader in crew if person is touchpoint.moderator]
    _tell(session, touchpoint, touchpoint, crew, was=was, talks=asked, site=site, now=now)


def notify_call_shifted(session: Session, touchpoint: Touchpoint, *, was: Occasion, site: Site, now: datetime) -> None:
    """Was and now of a call whose country changed its clocks, to its moderator and the organizers."""
    crew = crew_of(session, touchpoint)
    _tell(session, touchpoint, touchpoint, crew, was=was, talks=[], site=site, now=now)


def _tell(
    session: Session,
    subject: Talk | Touchpoint,
    call: Touchpoint,
    crew: Sequence[tuple[Person, Reader]],
    *,
    was: Occasion | None,
    talks: Sequence[Talk],
    site: Site,
    now: datetime,
) -> None:
    """One mail to each for all that happened since the last one left; none where nothing has changed in the end."""
    session.flush()
    about = _Subject(talk=subject) if isinstance(subject, Talk) else _Subject(touchpoint=subject)
    taken = cancel_pending(session, (_KIND,), **about)
    waited = {each.recipient: Facts.read(each.tells["was"]) for each in taken if each.tells}
    present = Facts(occasion_of(call))
    for person, reader in crew:
        known = waited.get(reader.address) or (Facts(was) if was else None)
        if known is None or known.occasion == present.occasion:
            continue
        mail = _rescheduled(person, reader, subject, call, talks=talks, was=known, present=present, site=site)
        again = count_taken_back(session, subject, _KIND, reader.address)
        dedup = f"{_KIND}:{subject.__tablename__}-{subject.id}.{subject.version}:person-{person.id}.{again}"
        queue_mail(
            session,
            mail,
            dedup=dedup,
            tells=telling(present, was=known),
            due_at=now + site.settle,
            site=site,
            now=now,
            **about,
        )


def _rescheduled(
    person: Person,
    reader: Reader,
    subject: Talk | Touchpoint,
    call: Touchpoint,
    *,
    talks: Sequence[Talk],
    was: Facts,
    present: Facts,
    site: Site,
) -> Mail:
    titles = [_title_for(person, talk) for talk in talks]
    return organizing.rescheduled(
        house_of(site),
        reader,
        title=titles[0] if isinstance(subject, Talk) else "",
        talks=titles,
        occasion=present.occasion,
        was=was.occasion,
        link=site.url(f"/touchpoints/{call.key}/{'manage' if person.role is Role.ORGANIZER else 'run'}"),
    )


def _title_for(person: Person, talk: Talk) -> str:
    """Whoever moderates without being an organizer reads the title as everybody may: it could say who speaks."""
    title = talk.proposal.title
    return title if person.role is Role.ORGANIZER else kept_words(title, talk_facts(talk).speakers)
