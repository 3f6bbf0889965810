"""A proposal's words and people as an organizer reads them: whole, or without names while its review is blind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.attribution import Attribution
from app.domain.people import RoleCategory
from app.models import Proposal, Speaker
from app.services.blind_review import unnamed


@dataclass(frozen=True)
class SpeakerFace:
    """A speaker. While the review is blind only the role is told: the rest is empty."""

    id: int
    name: str
    role_category: RoleCategory
    attribution: Attribution | None
    recording_consent: bool | None
    affiliation: str = ""
    pronouns: str = ""
    time_zone: str = ""
    bio: str = ""
    email: str = ""


@dataclass(frozen=True)
class ProposalFace:
    """What the pool's pages show of a proposal that could tell whose it is. The links are hidden while it is blind."""

    blind: bool
    title: str
    abstract: str
    benefit: str
    private_note: str
    speakers: Sequence[SpeakerFace]
    links: Sequence[str]
    email: str
    names_shown_reason: str

    def says(self, words: Sequence[str]) -> bool:
        """Whether each of these words stands in the title or the abstract as they are read, in any case."""
        text = f"{self.title}\n{self.abstract}".lower()
        return all(word.lower() in text for word in words)


def face_of(proposal: Proposal, *, blind: bool) -> ProposalFace:
    """The proposal as it is, or `blind` as one reads it who must not know whose it is."""

    def read(text: str) -> str:
        return unnamed(text, proposal) if blind else text

    return ProposalFace(
        blind=blind,
        title=read(proposal.title),
        abstract=read(proposal.abstract),
        benefit=read(proposal.benefit),
        private_note=read(proposal.private_note),
        speakers=[_speaker(speaker, blind=blind) for speaker in proposal.speakers],
        links=[] if blind else proposal.links,
        email="" if blind else proposal.email,
        names_shown_reason=proposal.names_shown_reason,
    )


def _speaker(speaker: Speaker, *, blind: bool) -> SpeakerFace:
    category, level, recording = speaker.role_category, speaker.attribution, speaker.recording_consent
    if blind:
        return SpeakerFace(speaker.id, category.someone, category, level, recording)
    return SpeakerFace(
        id=speaker.id,
        name=speaker.name,
        role_category=category,
        attribution=level,
        recording_consent=recording,
        affiliation=speaker.affiliation,
        pronouns=speaker.pronouns,
        time_zone=speaker.time_zone,
        bio=speaker.bio,
        email=speaker.email or "",
    )
