"""Proposals from elsewhere in one shape, and what must hold before one comes in: lengths, addresses, no secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from app.domain.imports.values import Item
from app.domain.join_links import holds_join_link
from app.domain.people import RoleCategory
from app.domain.proposals import (
    MAX_ABSTRACT,
    MAX_LINKS,
    MAX_MINUTES,
    MAX_PRONOUNS,
    MAX_SPEAKERS,
    MIN_MINUTES,
    Level,
    TalkFormat,
)
from app.domain.states import ProposalState
from app.domain.text import MAX_LINE, MAX_TEXT, clean_line, clean_text, is_web_address

USUAL_MINUTES = 20
_NUMBER = re.compile(r"\d{1,4}")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")


class OfferState(StrEnum):
    """What became of it there."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    DRAFT = "draft"
    NO_TALK = "no talk"


class Decisions(StrEnum):
    """What of the decisions made there holds here."""

    POOL = "pool"  # all wait in the pool, to be decided here
    KEEP = "keep"  # what was accepted or declined there is so here


@dataclass(frozen=True)
class OfferedSpeaker:
    """A speaker as written there. Nobody says there how they may be named here: that is asked, never imported."""

    name: str = ""
    email: str = ""
    affiliation: str = ""
    pronouns: str = ""
    bio: str = ""
    role: str = ""


@dataclass(frozen=True)
class Offer:
    """A proposal as written there: plain texts, "" for what is not said. `id` is its own, `place` where it stands."""

    id: str = ""
    title: str = ""
    abstract: str = ""
    benefit: str = ""
    format: str = ""
    level: str = ""
    minutes: str = ""
    topics: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    private_note: str = ""
    state: OfferState = OfferState.WAITING
    created: str = ""
    speakers: tuple[OfferedSpeaker, ...] = ()
    place: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Desk:
    """How offers are taken in: `source` goes before every id, `keyed` makes an id of an offer that has none.

    `address` gives an e-mail address in its one spelling, or None.
    """

    source: str
    decisions: Decisions
    address: Callable[[str], str | None]
    keyed: Callable[[str], str]


def items_of(offers: Sequence[Offer], desk: Desk) -> list[Item]:
    """The offers as items of an import, in their order."""
    return [_item(_cleaned(offer, desk), desk) for offer in offers]


def read_minutes(text: str) -> int | None:
    """The minutes in "30", "30 min", "00:30" or "0:45:00"; None where there are none."""
    if clock := _CLOCK.fullmatch(text.strip()):
        return int(clock[1]) * 60 + int(clock[2])
    found = _NUMBER.search(text)
    return int(found[0]) if found else None


def read_instant(text: str) -> datetime | None:
    """An ISO date or instant; a time without a zone is read as UTC."""
    try:
        instant = datetime.fromisoformat(text.strip())
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_level(text: str) -> Level:
    """Advanced where the words say so, else introductory."""
    words = text.casefold()
    return (
        Level.ADVANCED if any(word in words for word in ("advanced", "expert", "intermediate")) else Level.INTRODUCTORY
    )


def read_format(text: str) -> TalkFormat:
    """A demo, an open discussion, or else a presentation."""
    words = text.casefold()
    if "demo" in words:
        return TalkFormat.DEMO
    talks = ("discussion", "panel", "roundtable", "birds of a feather", "bof")
    return TalkFormat.DISCUSSION if any(word in words for word in talks) else TalkFormat.PRESENTATION


def read_role(text: str) -> RoleCategory:
    """The category by its word or label, else "other"."""
    wanted = text.casefold().strip()
    for category in RoleCategory:
        if wanted in {category.value, category.label.casefold(), category.short_label.casefold()}:
            return category
    return RoleCategory.OTHER


def _cleaned(offer: Offer, desk: Desk) -> Offer:
    return replace(
        offer,
        id=clean_line(offer.id),
        title=clean_line(offer.title),
        abstract=clean_text(offer.abstract),
        benefit=clean_text(offer.benefit),
        private_note=clean_text(offer.private_note),
        topics=tuple(dict.fromkeys(filter(None, map(clean_line, offer.topics)))),
        links=tuple(dict.fromkeys(filter(None, map(clean_line, offer.links)))),
        speakers=tuple(
            _cleaned_speaker(each, desk) for each in offer.speakers if each.name.strip() or each.email.strip()
        ),
    )


def _cleaned_speaker(speaker: OfferedSpeaker, desk: Desk) -> OfferedSpeaker:
    email = clean_line(speaker.email)
    return OfferedSpeaker(
        name=clean_line(speaker.name),
        email=desk.address(email) or email,
        affiliation=clean_line(speaker.affiliation),
        pronouns=clean_line(speaker.pronouns),
        bio=clean_text(speaker.bio),
        role=clean_line(speaker.role),
    )


def _item(offer: Offer, desk: Desk) -> Item:
    first = next((speaker.email for speaker in offer.speakers if speaker.email), "")
    own = offer.id or desk.keyed(f"{offer.title.casefold()}\n{first}")
    return Item(
        key=f"{desk.source}:{own}",
        summary=offer.title or "Without a title",
        payload=_payload(offer, desk),
        refused=next(_refusals(offer, desk), ""),
        notes=" ".join(_notes(offer, desk)),
        place=offer.place,
    )


def _payload(offer: Offer, desk: Desk) -> dict[str, Any]:
    created = read_instant(offer.created)
    return {
        "title": offer.title,
        "abstract": offer.abstract,
        "benefit": offer.benefit,
        "format": read_format(offer.format).value,
        "level": read_level(offer.level).value,
        "minutes": min(max(read_minutes(offer.minutes) or USUAL_MINUTES, MIN_MINUTES), MAX_MINUTES),
        "topics": list(offer.topics),
        "links": list(_good_links(offer)),
        "private_note": offer.private_note,
        "state": _state(offer, desk).value,
        "created_at": created.isoformat() if created else "",
        "speakers": [asdict(speaker) | {"role": read_role(speaker.role).value} for speaker in offer.speakers],
    }


def _state(offer: Offer, desk: Desk) -> ProposalState:
    kept = {OfferState.ACCEPTED: ProposalState.ACCEPTED, OfferState.DECLINED: ProposalState.DECLINED}
    return (
        kept.get(offer.state, ProposalState.SUBMITTED) if desk.decisions is Decisions.KEEP else ProposalState.SUBMITTED
    )


def _good_links(offer: Offer) -> tuple[str, ...]:
    return tuple(link for link in offer.links if is_web_address(link))[:MAX_LINKS]


def _refusals(offer: Offer, desk: Desk) -> Iterator[str]:
    """Why it cannot come in; the first reason is told."""
    yield from _state_refusals(offer, desk)
    if not offer.title:
        yield "It has no title."
    for name, text, limit in _limited(offer):
        if len(text) > limit:
            yield f"Its {name} has {len(text):,} characters; at most {limit:,} fit. Shorten it there first."
        if holds_join_link(text):
            yield f"Its {name} holds a join link, a passcode or a number to dial: such things never come in this way."
    yield from _speaker_refusals(offer, desk)


def _state_refusals(offer: Offer, desk: Desk) -> Iterator[str]:
    match offer.state:
        case OfferState.WITHDRAWN:
            yield "It was withdrawn there."
        case OfferState.DRAFT:
            yield "It is a draft there: nobody has sent it."
        case OfferState.CLOSED:
            yield "Its issue is closed: what was settled there waits for nobody here."
        case OfferState.NO_TALK:
            yield "It is no talk: a break, or another entry of the programme."
        case OfferState.DECLINED if desk.decisions is Decisions.POOL:
            yield "It was declined there. Choose to keep decisions, and it comes in as declined."


def _limited(offer: Offer) -> Iterator[tuple[str, str, int]]:
    yield "title", offer.title, MAX_LINE
    yield "abstract", offer.abstract, MAX_ABSTRACT
    yield "benefit", offer.benefit, MAX_TEXT
    yield "note", offer.private_note, MAX_TEXT
    yield "list of links", "\n".join(offer.links), MAX_TEXT
    for speaker in offer.speakers:
        yield "speaker's name", speaker.name, MAX_LINE
        yield "speaker's affiliation", speaker.affiliation, MAX_LINE
        yield "speaker's bio", speaker.bio, MAX_TEXT
        yield "speaker's pronouns", speaker.pronouns, MAX_PRONOUNS


def _speaker_refusals(offer: Offer, desk: Desk) -> Iterator[str]:
    if not offer.speakers:
        yield "It names no speaker."
    if len(offer.speakers) > MAX_SPEAKERS:
        yield f"It has {len(offer.speakers)} speakers; at most {MAX_SPEAKERS} fit."
    seen: set[str] = set()
    for number, speaker in enumerate(offer.speakers, start=1):
        if not speaker.name:
            yield f"Speaker {number} has an e-mail address and no name."
        if speaker.email and desk.address(speaker.email) is None:
            yield f"“{speaker.email[:80]}” is no e-mail address."
        if speaker.email and speaker.email in seen:
            yield f"Two of its speakers have the address {speaker.email}."
        seen.add(speaker.email)


def _notes(offer: Offer, desk: Desk) -> Iterator[str]:
    """What was not said there and is assumed, and what of it is left out."""
    yield from offer.notes
    if desk.decisions is Decisions.POOL and offer.state is OfferState.ACCEPTED:
        yield "Accepted there; waits to be decided here."
    minutes = read_minutes(offer.minutes)
    if minutes is None:
        yield f"No length is said: {USUAL_MINUTES} minutes."
    elif not MIN_MINUTES <= minutes <= MAX_MINUTES:
        yield f"{minutes} minutes there; {MIN_MINUTES} to {MAX_MINUTES} fit here."
    if not offer.abstract:
        yield "It has no abstract."
    if left := len(offer.links) - len(_good_links(offer)):
        what = "1 link is" if left == 1 else f"{left} links are"
        yield f"{what} left out: at most {MAX_LINKS}, each a whole web address."
    if not all(speaker.email for speaker in offer.speakers):
        yield "A speaker has no e-mail address: nobody can be asked to confirm until you add it."
