"""pretalx: the organisers' JSON export of sessions and of speakers, and what its API lists. Keys are labels in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.errors import InvalidInput
from app.domain.imports.documents import entries, parse_json, said, texts
from app.domain.imports.offers import Offer, OfferedSpeaker, OfferState

_STATES = {
    "submitted": OfferState.WAITING,
    "accepted": OfferState.ACCEPTED,
    "confirmed": OfferState.ACCEPTED,
    "rejected": OfferState.DECLINED,
    "canceled": OfferState.WITHDRAWN,
    "cancelled": OfferState.WITHDRAWN,
    "withdrawn": OfferState.WITHDRAWN,
    "deleted": OfferState.WITHDRAWN,
    "draft": OfferState.DRAFT,
}
_TITLE = ("title", "proposal title", "session title", "submission title")
_CODE = ("code", "id")
_BENEFIT = ("benefit", "ecosystem")
_AFFILIATION = ("affiliation", "company", "organi", "employer")


class _Fields:
    """An object whose fields are asked for by any of their names, as the API and the export spell them."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._by_name = {str(name).casefold().strip(): each for name, each in value.items()}

    def get(self, *names: str) -> Any:
        return next((self._by_name[name] for name in names if self._by_name.get(name) is not None), None)

    def text(self, *names: str) -> str:
        return said(self.get(*names))

    def answer(self, *parts: str) -> str:
        """The answer to a question that has one of these words: beside the other fields, or in a list of answers."""
        beside = (each for name, each in self._by_name.items() if any(part in name for part in parts))
        listed = (
            each.get("answer")
            for each in entries(self._by_name.get("answers"))
            if any(part in said(each.get("question")).casefold() for part in parts)
        )
        return next(filter(None, map(said, (*beside, *listed))), "")


def read_pretalx(text: str, *, speakers: str = "") -> list[Offer]:
    """The offers in an export of sessions; `speakers` is the export of speakers, which has the addresses.

    Raises InvalidInput (file, speakers).
    """
    data = parse_json(text)
    sessions = list(_listed(data, "submissions", "sessions", "proposals", "talks", "results"))
    if not sessions or not any(_Fields(each).text(*_TITLE) for each in sessions):
        raise InvalidInput({"file": "This is no list of sessions as pretalx exports it: each has a code and a title."})
    people = list(_listed(data, "speakers")) if isinstance(data, dict) else []
    known = _people([*people, *_more(speakers)])
    return [_offer(_Fields(each), known, place) for place, each in enumerate(sessions, start=1)]


def _more(text: str) -> list[Mapping[str, Any]]:
    if not text.strip():
        return []
    try:
        return list(_listed(parse_json(text), "speakers", "results"))
    except InvalidInput as error:
        raise InvalidInput({"speakers": str(error)}) from error


def _listed(data: object, *names: str) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, dict):
        data = next((data[name] for name in names if isinstance(data.get(name), list)), None)
    yield from entries(data)


def _people(people: list[Mapping[str, Any]]) -> dict[str, OfferedSpeaker]:
    """Speakers by code, and by name where nobody else has it."""
    read = [(_Fields(each).text(*_CODE), _speaker(_Fields(each))) for each in people]
    names = [speaker.name for _, speaker in read]
    by_name = {speaker.name: speaker for _, speaker in read if names.count(speaker.name) == 1}
    return by_name | {code: speaker for code, speaker in read if code}


def _speaker(fields: _Fields) -> OfferedSpeaker:
    return OfferedSpeaker(
        name=fields.text("name", "full name"),
        email=fields.text("email", "e-mail"),
        affiliation=fields.answer(*_AFFILIATION),
        bio=fields.text("biography", "bio"),
    )


def _offer(fields: _Fields, people: Mapping[str, OfferedSpeaker], place: int) -> Offer:
    code = fields.text(*_CODE)
    abstract, description = fields.text("abstract"), fields.text("description")
    return Offer(
        id=code,
        title=fields.text(*_TITLE),
        abstract="\n\n".join(filter(None, dict.fromkeys((abstract, description)))),
        benefit=fields.answer(*_BENEFIT),
        format=fields.text("submission_type", "session type", "type"),
        level=fields.answer("level"),
        minutes=fields.text("duration"),
        topics=(*texts(fields.get("track")), *texts(fields.get("tags"))),
        links=tuple(_links(fields)),
        private_note="\n\n".join(
            filter(
                None, (fields.text("notes", "notes for the organiser"), fields.text("internal_notes", "internal notes"))
            )
        ),
        state=_STATES.get(fields.text("state", "proposal state", "session state").casefold(), OfferState.WAITING),
        created=fields.text("created"),
        speakers=tuple(_speakers(fields, people)),
        place=f"session {code or place}",
    )


def _speakers(fields: _Fields, people: Mapping[str, OfferedSpeaker]) -> Iterator[OfferedSpeaker]:
    """They stand in the session whole, or by code, or by name."""
    listed = fields.get("speakers")
    whole = [_Fields(each) for each in entries(listed)]
    if whole:
        yield from (_merged(_speaker(each), people.get(each.text(*_CODE))) for each in whole)
        return
    codes, names = texts(listed) or texts(fields.get("speaker ids")), texts(fields.get("speaker names"))
    for place in range(max(len(codes), len(names))):
        code = codes[place] if place < len(codes) else ""
        name = names[place] if place < len(names) else code
        yield people.get(code) or people.get(name) or OfferedSpeaker(name=name)


def _merged(own: OfferedSpeaker, known: OfferedSpeaker | None) -> OfferedSpeaker:
    if known is None:
        return own
    return OfferedSpeaker(
        name=own.name or known.name,
        email=own.email or known.email,
        affiliation=own.affiliation or known.affiliation,
        bio=own.bio or known.bio,
    )


def _links(fields: _Fields) -> Iterator[str]:
    resources = fields.get("resources")
    yield from (said(each.get("resource") or each.get("link")) for each in entries(resources))
    if not any(True for _ in entries(resources)):
        yield from texts(resources)
