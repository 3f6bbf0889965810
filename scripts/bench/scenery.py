"""What the bench measures on: published calls, a pool of proposals, a signed-in organizer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time

from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.config import Settings
from app.domain.agenda import STANDARD_AGENDA
from app.domain.attribution import Attribution
from app.domain.localtime import in_zone
from app.domain.people import Role, RoleCategory
from app.domain.states import ConfirmationState, ProposalState, TalkState
from app.extensions import db
from app.mail.compose import Mail
from app.models import (
    CadenceRule,
    Confirmation,
    Person,
    Proposal,
    Series,
    Speaker,
    Talk,
    Topic,
    Touchpoint,
    TouchpointSegment,
)
from app.services.outbox import queue_mail
from app.services.publishing import publish_touchpoints
from app.services.sign_ins import begin_sign_in
from scripts.bench.machine import Installation

ZONE = "Europe/Madrid"


@contextmanager
def inside(installation: Installation) -> Iterator[Flask]:
    """The installation's application in this process, as a command would have it."""
    app = create_app(Settings.from_env(installation.environ))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def this_moment() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def publish_calls(app: Flask, count: int) -> None:
    """Write `count` more confirmed calls, half a day apart, and publish them."""
    now = this_moment()
    series, there = the_series(), db.session.scalar(select(func.count(Touchpoint.id))) or 0
    numbers = range(there, there + count)
    talks = [held_talk(series, now + timedelta(hours=12 * (number + 1)), number, now) for number in numbers]
    db.session.add_all([series, *talks])
    site = app.extensions["touchpoints.site"]
    for start in range(0, count, 500):
        batch = [talk.touchpoint for talk in talks[start : start + 500]]
        publish_touchpoints(db.session(), batch, site=site, now=now)
    db.session.commit()


def open_calls(count: int) -> None:
    """Write `count` weekly touchpoints on which nobody speaks yet."""
    now = this_moment()
    series = the_series()
    db.session.add(series)
    db.session.add_all(_call(series, now + timedelta(days=7 * (number + 1)), now) for number in range(count))
    db.session.commit()


def fill_pool(count: int) -> None:
    """Write `count` accepted proposals without a date, half of them still to be reviewed, and a topic."""
    now = this_moment()
    db.session.add(Topic(slug="culture", name="Culture", position=0))
    for number in range(count):
        state = ProposalState.ACCEPTED if number % 2 else ProposalState.SUBMITTED
        db.session.add(_proposal(_speaker(number), number, now, state=state))
    db.session.commit()


def queue_mails(app: Flask, count: int) -> None:
    """Put `count` mails into the outbox, due at once."""
    now = this_moment()
    for number in range(count):
        mail = Mail(
            kind="bench",
            to=f"vera{number}@example.org",
            subject="A mail",
            text="Words. " * 100,
            html="<p>Words.</p>" * 100,
        )
        queue_mail(db.session(), mail, dedup=f"bench:{number}", site=app.extensions["touchpoints.site"], now=now)
    db.session.commit()


def sign_in_organizer(app: Flask) -> str:
    """The Cookie header of a browser in which an organizer is signed in."""
    now = this_moment()
    person = Person(email="olu@example.org", name="Olu", role=Role.ORGANIZER, created_at=now)
    db.session.add(person)
    db.session.flush()
    _, token = begin_sign_in(db.session(), person, user_agent="bench", now=now)
    db.session.commit()
    content = {"_user_id": token, "_fresh": True, "_permanent": True}
    signed = app.session_interface.get_signing_serializer(app).dumps(content)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}"


def the_series() -> Series:
    """The one series of the bench."""
    found = db.session.scalar(select(Series))
    if found is not None:
        return found
    rule = CadenceRule(
        valid_from=date(2026, 1, 1),
        rrule="FREQ=WEEKLY;INTERVAL=1;BYDAY=TH",
        start_time=wall_time(14),
        minutes=60,
        time_zone=ZONE,
    )
    return Series(slug="bench", name="Bench", short_name="Bench", role_address="bench@example.org", rules=[rule])


def held_talk(series: Series, starts_at: datetime, number: int, now: datetime) -> Talk:
    speaker = _speaker(number)
    answer = Confirmation(
        speaker=speaker, state=ConfirmationState.CONFIRMED, attribution=speaker.attribution, recording_consent=True
    )
    return Talk(
        proposal=_proposal(speaker, number, now, state=ProposalState.ACCEPTED),
        touchpoint=_call(series, starts_at, now),
        position=0,
        state=TalkState.CONFIRMED,
        minutes=20,
        created_at=now,
        confirmations=[answer],
    )


def _call(series: Series, starts_at: datetime, now: datetime) -> Touchpoint:
    parts = [
        TouchpointSegment(
            position=position,
            kind=part.kind,
            title=part.title,
            minutes=part.minutes,
            recorded=part.recorded,
            under_rule=part.under_rule,
        )
        for position, part in enumerate(STANDARD_AGENDA)
    ]
    return Touchpoint(
        series=series,
        local_start=in_zone(starts_at, ZONE).replace(tzinfo=None),
        time_zone=ZONE,
        minutes=60,
        starts_at=starts_at,
        created_at=now,
        segments=parts,
    )


def _proposal(speaker: Speaker, number: int, now: datetime, *, state: ProposalState) -> Proposal:
    return Proposal(
        title=f"Talk {number}: upstream first at a railway operator",
        abstract="How signalling teams learned to send a fix upstream before they ship it. " * 4,
        state=state,
        minutes=20,
        speakers=[speaker],
        created_at=now,
        updated_at=now,
    )


def _speaker(number: int) -> Speaker:
    return Speaker(
        position=0,
        name=f"Sam Speaker {number}",
        affiliation="Kestrel Works",
        role_category=RoleCategory.OSPO,
        attribution=Attribution.NAME_AND_AFFILIATION,
        recording_consent=True,
    )
