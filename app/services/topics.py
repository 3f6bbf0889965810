"""Topics: the subjects that the proposal form offers, kept by organizers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput
from app.models import Topic
from app.services.auditing import Actor, record

MAX_NAME = 80


def list_topics(session: Session) -> list[Topic]:
    """Every topic, retired ones too, in the form's order."""
    return list(session.scalars(select(Topic).order_by(Topic.position, Topic.id)))


def add_topic(session: Session, name: str, *, by: Actor, now: datetime) -> Topic:
    """Offer a new topic, after the others. `name` is cleaned. Raises InvalidInput."""
    _check(session, name, None)
    last = session.scalar(select(func.max(Topic.position)))
    topic = Topic(slug=_free_slug(session, name), name=name, position=0 if last is None else last + 1)
    session.add(topic)
    record(session, "topic.added", topic, by=by, now=now)
    session.commit()
    return topic


def rename_topic(session: Session, topic: Topic, name: str, *, by: Actor, now: datetime) -> None:
    """Call it `name` on every proposal, old ones too; its slug stays. Raises InvalidInput."""
    _check(session, name, topic)
    topic.name = name
    record(session, "topic.renamed", topic, by=by, now=now)
    session.commit()


def retire_topic(session: Session, topic: Topic, *, by: Actor, now: datetime) -> None:
    """Offer it no longer. The proposals that have it keep it."""
    topic.retired = True
    record(session, "topic.retired", topic, by=by, now=now)
    session.commit()


def offer_topic(session: Session, topic: Topic, *, by: Actor, now: datetime) -> None:
    """Offer a retired topic again."""
    topic.retired = False
    record(session, "topic.offered", topic, by=by, now=now)
    session.commit()


def order_topics(session: Session, wanted: Mapping[str, int], *, by: Actor, now: datetime) -> None:
    """Put the topics in order of the numbers that `wanted` gives their slugs; those it does not name come last."""
    rows = sorted(list_topics(session), key=lambda topic: (wanted.get(topic.slug, len(wanted) + 1_000), topic.position))
    for position, topic in enumerate(rows):
        topic.position = position
    if rows:
        record(session, "topic.ordered", rows[0], by=by, now=now, count=len(rows))
    session.commit()


def _check(session: Session, name: str, topic: Topic | None) -> None:
    if not name:
        raise InvalidInput({"name": "Give the topic a name."})
    if len(name) > MAX_NAME:
        raise InvalidInput({"name": f"At most {MAX_NAME} characters; these are {len(name)}."})
    same = [row for row in list_topics(session) if row is not topic and row.name.casefold() == name.casefold()]
    if same:
        raise InvalidInput({"name": f"There is a topic “{same[0].name}” already."})


def _free_slug(session: Session, name: str) -> str:
    """A slug from the name's letters and digits, numbered where it is taken or empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "topic"
    taken = {topic.slug for topic in list_topics(session)}
    candidates = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)
