"""What somebody offered, how they speak, what they answered and allowed, and what organizers wrote about it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.site import Site
from app.models import Confirmation, Consent, Proposal, Retraction, Review, Speaker, Talk
from app.services.own_data.holders import Holder, is_sent_by, is_speaker
from app.services.own_data.sections import Record, Section


def _proposals(session: Session, holder: Holder, _site: Site) -> list[Record]:
    rows = session.scalars(select(Proposal).where(is_sent_by(holder)).order_by(Proposal.id.desc()))
    return [
        {
            "key": row.key,
            "state": row.state.value,
            "email": row.email,
            "title": row.title,
            "abstract": row.abstract,
            "benefit": row.benefit,
            "format": row.format.value,
            "level": row.level.value,
            "minutes": row.minutes,
            "series_wanted": row.preference.value,
            "topics": [topic.name for topic in row.topics],
            "weekdays_ruled_out": [str(day) for day in row.away_weekdays],
            "links": row.links,
            "private_note": row.private_note,
            "draft_as_typed": row.form,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "submitted_at": row.submitted_at,
            "decided_at": row.decided_at,
            "organizers_reason": row.decision_reason,
            "why_names_were_shown": row.names_shown_reason,
            "withdrawn_at": row.withdrawn_at,
        }
        for row in rows
    ]


def _speaking(session: Session, holder: Holder, _site: Site) -> list[Record]:
    rows = session.scalars(
        select(Speaker).where(is_speaker(holder)).options(joinedload(Speaker.proposal)).order_by(Speaker.id.desc())
    ).unique()
    return [
        {
            "id": row.id,
            "talk": row.proposal.title,
            "name": row.name,
            "email": row.email,
            "pronouns": row.pronouns,
            "affiliation": row.affiliation,
            "role_category": row.role_category.label,
            "bio": row.bio,
            "time_zone": row.time_zone,
            "naming": row.attribution.label if row.attribution else None,
            "recording": row.recording_consent,
            "chosen_at": row.consent_at,
            "wording": row.consent_wording,
        }
        for row in rows
    ]


def _answers(session: Session, holder: Holder, _site: Site) -> list[Record]:
    return [
        {
            **_talk_of(row),
            "state": row.state.value,
            "naming": row.attribution.label if row.attribution else None,
            "recording": row.recording_consent,
            "slides": row.slides_consent,
            "sentences_agreed_to": row.agreed_sentences,
            "words": row.words,
            "answered_at": row.answered_at,
            "organizers_note": row.on_behalf_note,
            "calendar_answered": row.calendar_reply.answer.value if row.calendar_reply else "",
            "calendar_words": row.calendar_reply.words if row.calendar_reply else "",
            "calendar_proposed": row.calendar_reply.proposed if row.calendar_reply else "",
        }
        for row in _confirmations(session, holder)
    ]


def _consents(session: Session, holder: Holder, _site: Site) -> list[Record]:
    asked = {row.id: row for row in _confirmations(session, holder)}
    rows = session.scalars(select(Consent).where(Consent.confirmation_id.in_(asked)).order_by(Consent.id.desc()))
    return [
        {
            **_talk_of(asked[row.confirmation_id]),
            "naming": row.attribution.label if row.attribution else None,
            "recording": row.recording,
            "slides": row.slides,
            "wording": row.wording,
            "given": row.channel.label,
            "given_at": row.given_at,
            "organizers_reason": row.reason,
        }
        for row in rows
    ]


def _retractions(session: Session, holder: Holder, _site: Site) -> list[Record]:
    asked = {row.id: row for row in _confirmations(session, holder)}
    rows = session.scalars(
        select(Retraction).where(Retraction.confirmation_id.in_(asked)).order_by(Retraction.id.desc())
    )
    return [{**_talk_of(asked[row.confirmation_id]), "at": row.at, "receipt": row.receipt} for row in rows]


def _comments(session: Session, holder: Holder, _site: Site) -> list[Record]:
    spoken = select(Speaker.proposal_id).where(is_speaker(holder))
    about = select(Proposal.id).where(or_(is_sent_by(holder), Proposal.id.in_(spoken)))
    rows = session.execute(
        select(Review, Proposal.title)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .where(Review.proposal_id.in_(about))
        .order_by(Review.id.desc())
    )
    return [
        {"proposal": title, "vote": row.vote.value, "comment": row.comment, "written_at": row.updated_at}
        for row, title in rows
    ]


def _confirmations(session: Session, holder: Holder) -> Sequence[Confirmation]:
    query = (
        select(Confirmation)
        .join(Speaker, Confirmation.speaker_id == Speaker.id)
        .where(is_speaker(holder))
        .options(joinedload(Confirmation.talk).options(joinedload(Talk.proposal), joinedload(Talk.touchpoint)))
        .order_by(Confirmation.id.desc())
    )
    return session.scalars(query).unique().all()


def _talk_of(confirmation: Confirmation) -> dict[str, object]:
    touchpoint = confirmation.talk.touchpoint
    return {"talk": confirmation.talk.proposal.title, "call_at": touchpoint.starts_at if touchpoint else None}


TALKS = (
    Section(
        "proposals",
        "Proposals and drafts",
        "What you sent or began, with the private note to the organizers, and their reason for a decision.",
        frozenset({"proposal.owner_id", "proposal.email", "proposal.private_note", "proposal.decision_reason"}),
        _proposals,
    ),
    Section(
        "speaking",
        "You as a speaker",
        "On your own proposals and on those of others, who may have entered it for you.",
        frozenset(
            {
                *("speaker.name", "speaker.email", "speaker.pronouns", "speaker.affiliation", "speaker.bio"),
            }
        ),
        _speaking,
    ),
    Section(
        "answers",
        "Your answers for a date",
        "How you are named and recorded in each talk, your words, and what your calendar answered. An organizer who "
        "confirms for somebody notes where the yes came from: that note is here, too.",
        frozenset(
            {
                *("confirmation.speaker_id", "confirmation.words", "confirmation.on_behalf_note"),
                *("calendar_reply.confirmation_id", "calendar_reply.words"),
            }
        ),
        _answers,
    ),
    Section(
        "consents",
        "What you allowed, and when",
        "Each time you chose, or an organizer made it stricter.",
        frozenset({"consent.confirmation_id"}),
        _consents,
    ),
    Section(
        "retractions",
        "What you took back",
        "The receipts, which say what was changed then.",
        frozenset({"retraction.confirmation_id"}),
        _retractions,
    ),
    Section(
        "comments_about",
        "What organizers wrote about your proposals",
        "Their votes and private comments, without their names: those are theirs.",
        frozenset({"review.comment"}),
        _comments,
    ),
)
