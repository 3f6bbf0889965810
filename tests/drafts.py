"""A proposal on its way in: as the draft that services take, and as the fields that a browser sends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.people import RoleCategory
from app.domain.proposals import Level, ProposalDraft, SeriesPreference, SpeakerDraft, TalkFormat
from app.models import Topic

FORM_KEY = "one-form-and-its-random-one-time-key"
TITLE = "Running an OSPO with half a person"
VERA = SpeakerDraft(
    number=0,
    name="Vera Volunteer",
    affiliation="Fjordbank",
    role_category=RoleCategory.OSPO,
    time_zone="Europe/Madrid",
    attribution=Attribution.NAME,
    recording_consent=True,
)
SAM = SpeakerDraft(
    number=1,
    name="Sam Speaker",
    email="sam@example.org",
    role_category=RoleCategory.INDEPENDENT,
    attribution=Attribution.ROLE,
    recording_consent=False,
)
_DRAFT = ProposalDraft(
    title=TITLE,
    abstract="The talk shows how half a person looks after a thousand repositories.",
    benefit="Small offices learn what to leave out.",
    format=TalkFormat.DEMO,
    minutes=20,
    level=Level.ADVANCED,
    topics=("culture",),
    preference=SeriesPreference.EITHER,
    speakers=(VERA,),
    links=("https://example.org/slides",),
    private_note="Mornings are best.",
    email="vera@example.org",
    acknowledged=True,
)
FIELDS = {
    "form_key": FORM_KEY,
    "title": TITLE,
    "abstract": _DRAFT.abstract,
    "benefit": _DRAFT.benefit,
    "format": "demo",
    "minutes": "20",
    "level": "advanced",
    "topics": "culture",
    "preference": "either",
    "speaker": "0",
    "speaker-0-name": "Vera Volunteer",
    "speaker-0-affiliation": "Fjordbank",
    "speaker-0-role": "ospo",
    "speaker-0-zone": "Europe/Madrid",
    "speaker-0-attribution": "name",
    "speaker-0-recording": "yes",
    "links": "https://example.org/slides",
    "private_note": "Mornings are best.",
    "email": "vera@example.org",
    "acknowledged": "yes",
}


def make_topics(session: Session) -> None:
    """Two topics on offer, "culture" and "tooling", and a retired one, "blockchain"."""
    for position, (slug, retired) in enumerate((("culture", False), ("tooling", False), ("blockchain", True))):
        session.add(Topic(slug=slug, name=slug.capitalize(), position=position, retired=retired))
    session.flush()


def make_draft(**changes: Any) -> ProposalDraft:
    """A whole draft by Vera, who speaks alone, with `changes`."""
    return replace(_DRAFT, **changes)
