"""Talks that were given stay, by "a speaker"; a talk that others give goes on without the person.

Every function joins the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.people import RoleCategory
from app.models import BoardMove, Confirmation, Consent, Proposal, Retraction, Review, Speaker, Talk, Touchpoint
from app.models.base import random_link_key
from app.services.own_data.traces import Traces

_NOTHING_SAID = {"name": "", "affiliation": "", "pronouns": "", "bio": "", "time_zone": "", "consent_wording": ""}


def unname(speaker: Speaker, talks: Sequence[Talk]) -> None:
    """Leave of the speaker that there was one: not named, not recorded, and no link of theirs opens anything."""
    for field, value in _NOTHING_SAID.items():
        setattr(speaker, field, value)
    speaker.email, speaker.consent_at, speaker.role_category = None, None, RoleCategory.OTHER
    speaker.attribution, speaker.recording_consent = Attribution.NONE, False
    speaker.link_key = random_link_key()
    for confirmation in _answers(speaker, talks):
        confirmation.attribution, confirmation.recording_consent = Attribution.NONE, False
        confirmation.slides_consent, confirmation.agreed_sentences = False, []
        confirmation.words, confirmation.wishes, confirmation.on_behalf_note = "", [], ""
        confirmation.calendar_reply = None


def forget_choices(session: Session, speaker: Speaker, talks: Sequence[Talk]) -> None:
    """Delete the record of what the speaker allowed and took back."""
    answers = [confirmation.id for confirmation in _answers(speaker, talks)]
    for table in (Consent, Retraction):
        session.execute(delete(table).where(table.confirmation_id.in_(answers)))


def remove(session: Session, speaker: Speaker, talks: Sequence[Talk]) -> None:
    """Let the proposal and its talks have one speaker less; the others keep their answers."""
    proposal = speaker.proposal
    release(speaker, talks)
    proposal.speakers.remove(speaker)
    for position, other in enumerate(proposal.speakers):
        other.position = position
    session.flush()


def release(speaker: Speaker, talks: Sequence[Talk]) -> None:
    """Let these talks wait for the speaker no more."""
    for confirmation in _answers(speaker, talks):
        confirmation.talk.confirmations.remove(confirmation)


def neutralise(
    session: Session, proposal: Proposal, talks: Sequence[Talk], traces: Traces, *, keeps: bool, is_sender: bool
) -> None:
    """Take the person out of what was written about the proposal and for it.

    Where nobody else `keeps` it, what organizers wrote about it goes as a whole, and so does the sender's note to them.
    Links and slides go in any case: they lead to pages with names on them, and nobody can say whose.
    """
    proposal.title = traces.taken_out_of(proposal.title, limit=120)
    proposal.abstract = traces.taken_out_of(proposal.abstract)
    proposal.benefit = traces.taken_out_of(proposal.benefit)
    proposal.links, proposal.form = [], {}
    proposal.private_note = traces.taken_out_of(proposal.private_note) if keeps and not is_sender else ""
    proposal.decision_reason = traces.taken_out_of(proposal.decision_reason) if keeps else ""
    proposal.names_shown_reason = traces.taken_out_of(proposal.names_shown_reason) if keeps else ""
    for talk in talks:
        talk.slides_url = ""
    for review in session.scalars(select(Review).where(Review.proposal_id == proposal.id)):
        review.comment = traces.taken_out_of(review.comment) if keeps else ""
    # Undo keeps what speakers answered; it is for an hour.
    session.execute(delete(BoardMove).where(BoardMove.talk_id.in_([talk.id for talk in talks])))


def neutralise_call(touchpoint: Touchpoint, traces: Traces) -> None:
    """Take the person out of what organizers wrote on a call that they spoke on."""
    touchpoint.reason = traces.taken_out_of(touchpoint.reason, limit=200)
    for segment in touchpoint.segments:
        segment.title = traces.taken_out_of(segment.title, limit=120)


def _answers(speaker: Speaker, talks: Sequence[Talk]) -> list[Confirmation]:
    return [each for talk in talks for each in talk.confirmations if each.speaker_id == speaker.id]
