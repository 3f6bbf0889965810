"""Cross-shared talks: one proposal with a confirmed talk on each of several calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from app.domain.disclosure import public_occasion
from app.domain.publication import PublicDetail, PublicOccasion
from app.domain.states import TalkState, TouchpointState
from app.models import Publication, Talk, Touchpoint


def other_calls(session: Session, talks: Iterable[Talk]) -> dict[int, tuple[PublicOccasion, ...]]:
    """For each talk, by its id, the other calls on which its proposal has a confirmed talk, in the order of time.

    Only those whose titles are public: a page that named another one would say what is on there. And only those whose
    day is known: there is no date to say of the others.
    """
    asked = list(talks)
    query = (
        select(Talk.proposal_id, Touchpoint)
        .join(Touchpoint, Talk.touchpoint_id == Touchpoint.id)
        .where(
            Talk.proposal_id.in_([talk.proposal_id for talk in asked]),
            Talk.state == TalkState.CONFIRMED,
            Touchpoint.state == TouchpointState.OPEN,
            Touchpoint.day_known,
        )
        .order_by(Touchpoint.starts_at, Touchpoint.id)
    )
    confirmed: dict[int, list[Touchpoint]] = defaultdict(list)
    for proposal_id, touchpoint in session.execute(query):
        if touchpoint.series.shown.shows_more_than(PublicDetail.TIME):
            confirmed[proposal_id].append(touchpoint)
    return {
        talk.id: tuple(_occasion(call) for call in confirmed[talk.proposal_id] if call.id != talk.touchpoint_id)
        for talk in asked
    }


def named_in(rows: Iterable[Publication]) -> set[str]:
    """The keys of the calls that these publications name as another occasion of one of their talks."""
    talks = (talk for row in rows for talk in row.value.get("talks", ()))
    return {occasion["key"] for talk in talks for occasion in talk.get("also", ())}


def naming(session: Session, keys: Collection[str]) -> set[str]:
    """The keys of the calls whose publications name one of these as another occasion.

    A members-only call names none itself: who names it is found by what they say.
    """
    if not keys:
        return set()
    words = cast(Publication.value, Text)
    says = or_(*(words.contains(f'"{key}"', autoescape=True) for key in keys))
    return set(session.scalars(select(Publication.key).where(says)))


def _occasion(touchpoint: Touchpoint) -> PublicOccasion:
    series = touchpoint.series
    return public_occasion(
        key=touchpoint.key,
        series=series.short_name or series.name,
        starts_at=touchpoint.starts_at,
        minutes=touchpoint.minutes,
        time_zone=touchpoint.time_zone,
    )
