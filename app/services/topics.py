"""Topics: the subjects that the proposal form offers, kept by organizers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput
from app.domain.join_links import WHY_NOT, holds_join_link
from app.models import Topic
from app.services.auditing import Actor, record

MAX_NAME = 80


def list_topics(session: Session) -> list[Topic]:
    """Every topic, retired ones too, in the form's order."""
    return list(session.scalars(select(Topic).order_by(Topic.position, Topic.id)))


def add_topic(session: Session, name: str, *, by: Actor, now: datetime) -> Topic:
    """Offer a new topic, after the others. `name` is cleaned. Raises InvalidInput."""
    problem = _problem(name)
    if problem is None and name.casefold() in {topic.name.casefold() for topic in list_topics(session)}:
        problem = "There is such a topic already."
    if problem:
        raise InvalidInput({"name": problem})
    last = session.scalar(select(func.max(Topic.position)))
    topic = Topic(slug=_free_slug(session, name), name=name, position=0 if last is None else last + 1)
    session.add(topic)
    record(session, "topic.added", topic, by=by, now=now)
    session.commit()
    return topic


def save_topics(
    session: Session, *, names: Mapping[str, str], places: Mapping[str, int], by: Actor, now: datetime
) -> None:
    """Rename and order the topics, each by its slug, which stays: proposals that have a topic show its new name.

    Topics without a place come last. Raises InvalidInput with a sentence for each field "name-<slug>".
    """
    topics = list_topics(session)
    wanted = {topic.slug: names.get(topic.slug, topic.name) for topic in topics}
    problems = {f"name-{slug}": problem for slug, name in wanted.items() if (problem := _problem(name))}
    if not problems and (twice := _named_twice(wanted)):
        problems[f"name-{twice}"] = f"There is a topic “{wanted[twice]}” already."
    if problems:
        raise InvalidInput(problems)
    ordered = sorted(topics, key=lambda topic: (topic.slug not in places, places.get(topic.slug, 0), topic.position))
    for position, topic in enumerate(ordered):
        if (topic.name, topic.position) != (wanted[topic.slug], position):
            topic.name, topic.position = wanted[topic.slug], position
            record(session, "topic.changed", topic, by=by, now=now)
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


def _problem(name: str) -> str | None:
    if not name:
        return "Give the topic a name."
    if len(name) > MAX_NAME:
        return f"At most {MAX_NAME} characters; these are {len(name)}."
    return WHY_NOT if holds_join_link(name) else None


def _named_twice(names: Mapping[str, str]) -> str | None:
    """The first slug whose name an earlier one has already, whatever the case."""
    seen: set[str] = set()
    for slug, name in names.items():
        if name.casefold() in seen:
            return slug
        seen.add(name.casefold())
    return None


def _free_slug(session: Session, name: str) -> str:
    """A slug from the name's letters and digits, numbered where it is taken or empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "topic"
    taken = {topic.slug for topic in list_topics(session)}
    candidates = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)
