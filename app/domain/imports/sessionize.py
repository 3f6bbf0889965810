"""Sessionize: its JSON views "All", "Sessions" and "Grid", with the addresses from a list of speakers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.errors import InvalidInput
from app.domain.imports.documents import entries, parse_json, said
from app.domain.imports.offers import Offer, OfferedSpeaker, OfferState, read_instant

_STATES = {
    "accepted": OfferState.ACCEPTED,
    "declined": OfferState.DECLINED,
    "decline_queue": OfferState.WAITING,  # not told yet
    "withdrawn": OfferState.WITHDRAWN,
}
_FORMAT, _LEVEL, _NO_TOPIC = ("format", "type"), ("level",), ("language",)
_BENEFIT, _EMAIL, _AFFILIATION = ("benefit", "ecosystem"), ("e-mail", "email"), ("affiliation", "company", "organi")
Labelled = list[tuple[str, str]]
"""Pairs of a title and a value: ("Level", "Advanced")."""


class _Event:
    """What a view says once for all sessions: speakers by id, the names of categories and questions by number."""

    def __init__(self, data: object, more: object) -> None:
        whole = data if isinstance(data, dict) else {}
        self.questions = {each.get("id"): said(each.get("question")) for each in entries(whole.get("questions"))}
        self.items = {
            item.get("id"): (said(category.get("title")), said(item.get("name")))
            for category in entries(whole.get("categories"))
            for item in entries(category.get("items"))
        }
        addresses = {said(each.get("id")): said(each.get("email")) for each in entries(more)}
        listed = [*entries(whole.get("speakers")), *entries(more)]
        self.speakers: dict[str, OfferedSpeaker] = {}
        for each in listed:
            own = said(each.get("id"))
            self.speakers.setdefault(own, self.speaker(each, email=addresses.get(own, "")))

    def speaker(self, value: Mapping[str, Any], *, email: str) -> OfferedSpeaker:
        answers = self.answers(value)
        parts = (said(value.get("firstName")), said(value.get("lastName")))
        return OfferedSpeaker(
            name=said(value.get("fullName")) or " ".join(filter(None, parts)) or said(value.get("name")),
            email=email or said(value.get("email")) or _first(answers, _EMAIL),
            affiliation=_first(answers, _AFFILIATION),
            bio=said(value.get("bio")),
        )

    def answers(self, value: Mapping[str, Any]) -> Labelled:
        """Answers with their questions, which stand beside them in one view and by number in another."""
        return [
            (
                said(each.get("question")) or self.questions.get(each.get("questionId"), ""),
                said(each.get("answer")) or said(each.get("answerValue")),
            )
            for each in entries(value.get("questionAnswers"))
        ]

    def categories(self, value: Mapping[str, Any]) -> Labelled:
        numbers = value.get("categoryItems")
        by_number = [self.items[each] for each in _plain(numbers) if each in self.items]
        beside = [
            (said(each.get("name")), said(item.get("name")))
            for each in entries(value.get("categories"))
            for item in entries(each.get("categoryItems"))
        ]
        return by_number + beside


def read_sessionize(text: str, *, speakers: str = "") -> list[Offer]:
    """The offers in a view; `speakers` lists speakers with their addresses. Raises InvalidInput (file, speakers)."""
    data = parse_json(text)
    sessions = list(_sessions(data))
    if not sessions or not any(said(each.get("title")) for each in sessions):
        raise InvalidInput({"file": "This is no view of sessions as Sessionize gives it: All, Sessions or Grid."})
    event = _Event(data, _more(speakers))
    return [_offer(each, event, place) for place, each in enumerate(sessions, start=1)]


def _more(text: str) -> object:
    if not text.strip():
        return []
    try:
        return parse_json(text)
    except InvalidInput as error:
        raise InvalidInput({"speakers": str(error)}) from error


def _sessions(data: object) -> Iterator[Mapping[str, Any]]:
    """All: an object with sessions. Sessions: groups of them. Grid: days with rooms that have them. Each once."""
    groups = [data] if isinstance(data, dict) else list(entries(data))
    rooms = [room for group in groups for room in entries(group.get("rooms"))]
    seen: set[str] = set()
    for group in (*groups, *rooms):
        for session in entries(group.get("sessions")):
            own = said(session.get("id"))
            if not own or own not in seen:
                seen.add(own)
                yield session


def _offer(session: Mapping[str, Any], event: _Event, place: int) -> Offer:
    categories, answers, own = event.categories(session), event.answers(session), said(session.get("id"))
    used = (*_FORMAT, *_LEVEL, *_NO_TOPIC)
    state = _STATES.get(said(session.get("status")).casefold(), OfferState.WAITING)
    chosen = _first(categories, _FORMAT)
    return Offer(
        id=own,
        title=said(session.get("title")),
        abstract=said(session.get("description")),
        benefit=_first(answers, _BENEFIT),
        format=chosen,
        level=_first(categories, _LEVEL),
        minutes=_minutes(session) or ("".join(char for char in chosen if char.isdigit() or char == ":")),
        topics=tuple(value for title, value in categories if not any(word in title.casefold() for word in used)),
        state=OfferState.NO_TALK if session.get("isServiceSession") is True else state,
        speakers=tuple(_speakers(session, event)),
        place=f"session {own or place}",
    )


def _speakers(session: Mapping[str, Any], event: _Event) -> Iterator[OfferedSpeaker]:
    listed = session.get("speakers")
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict):
            yield event.speakers.get(said(each.get("id"))) or event.speaker(each, email="")
        elif said(each) in event.speakers:
            yield event.speakers[said(each)]


def _minutes(session: Mapping[str, Any]) -> str:
    start, end = read_instant(said(session.get("startsAt"))), read_instant(said(session.get("endsAt")))
    return str(int((end - start).total_seconds() // 60)) if start and end and end > start else ""


def _first(labelled: Labelled, words: tuple[str, ...]) -> str:
    return next((value for title, value in labelled if any(word in title.casefold() for word in words)), "")


def _plain(value: object) -> list[int | str]:
    return [each for each in value if isinstance(each, int | str)] if isinstance(value, list) else []
