"""Mails that a date makes due: before a talk and after it to its speakers, once a week to the organizers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.disclosure import recordable
from app.domain.localtime import in_zone
from app.domain.site import Site
from app.domain.states import ConfirmationState
from app.mail.messages import organizing, talks
from app.mail.messages.organizing import Week
from app.mail.values import Mail, Materials, Reader
from app.models import Confirmation, Talk, Touchpoint
from app.services.links import materials_path
from app.services.notifying.calls import Call, speakers
from app.services.notifying.knowing import telling
from app.services.notifying.readers import house_of, organizers
from app.services.outbox import queue_mail


def notify_upcoming(session: Session, talk: Talk, *, step: int, site: Site, now: datetime) -> int:
    """Remind each confirmed speaker of the date; `step` is the days before at which this is due. Returns how many.

    Once for each date of the talk and each step, whatever happens between.
    """
    call = Call.of(session, talk, site=site)
    mailed = 0
    for answer, reader in speakers(talk, ConfirmationState.CONFIRMED):
        mail = upcoming_mail(call, answer, reader, now=now)
        dedup = f"upcoming:talk-{talk.id}:{_date(call)}:{step}:confirmation-{answer.id}"
        mailed += queue_mail(session, mail, dedup=dedup, talk=talk, tells=telling(call.facts), site=site, now=now)
    return mailed


def notify_thanked(session: Session, talk: Talk, *, site: Site, now: datetime) -> int:
    """Thank each speaker, with the way to give slides and to decide on the recording; once. Returns how many."""
    call = Call.of(session, talk, site=site)
    mailed = 0
    for answer, reader in speakers(talk, ConfirmationState.CONFIRMED):
        mail = thanked_mail(call, answer, reader)
        dedup = f"thanked:talk-{talk.id}:{_date(call)}:confirmation-{answer.id}"
        mailed += queue_mail(session, mail, dedup=dedup, talk=talk, tells=telling(call.facts), site=site, now=now)
    return mailed


def notify_week(session: Session, found: Week, *, week: str, site: Site, now: datetime) -> int:
    """What waits for the organizers, to each of them once in the ISO week `week`. Returns how many."""
    mailed = 0
    for person, reader in organizers(session):
        mail = organizing.agenda(
            house_of(site),
            reader,
            week=found,
            board=site.url("/board"),
            outbox=site.url("/mail?box=parked"),
            calendars=site.url("/sister-calendars"),
            materials=site.url("/materials-missing"),
        )
        mailed += queue_mail(session, mail, dedup=f"agenda:{week}:person-{person.id}", site=site, now=now)
    return mailed


def upcoming_mail(call: Call, answer: Confirmation, reader: Reader, *, now: datetime) -> Mail:
    """How many days ahead the talk is on the reader's calendar, and what is missing."""
    zone = reader.time_zone or call.occasion.time_zone
    days = (in_zone(call.occasion.starts_at, zone).date() - in_zone(now, zone).date()).days
    materials = _materials(answer, site=call.site)
    return talks.upcoming(house_of(call.site), reader, part=call.part(answer), days=days, materials=materials)


def thanked_mail(call: Call, answer: Confirmation, reader: Reader) -> Mail:
    """Thank you, with the way to give slides and to decide on the recording."""
    return talks.thanked(
        house_of(call.site),
        reader,
        part=call.part(answer),
        materials=_materials(answer, site=call.site),
        may_be_recorded=may_be_recorded(call.touchpoint),
    )


def may_be_recorded(touchpoint: Touchpoint) -> bool:
    """Whether a part for talks of the call is recorded, so that there is something to decide."""
    return any(recordable([segment.value() for segment in touchpoint.segments]))


def _materials(answer: Confirmation, *, site: Site) -> Materials:
    return Materials(
        link=site.url(materials_path(answer, site=site)),
        slides_url=answer.talk.slides_url,
        recording=answer.recording_consent,
        named=answer.attribution is not None,
    )


def _date(call: Call) -> str:
    return f"{call.occasion.starts_at:%Y%m%dT%H%M}"
