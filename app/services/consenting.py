"""Consenting: each time somebody chooses how a speaker is named, recorded and shown, a row says what, when and how."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution, is_stricter_or_same
from app.domain.consent import Channel, Choices, ChosenSince, allows_more, consent_wording
from app.models import Confirmation, Consent
from app.services.auditing import Actor, Door
from app.services.wording import governing_wording


def choices_of(confirmation: Confirmation) -> Choices:
    """What holds for this speaker and this talk."""
    return Choices(confirmation.attribution, confirmation.recording_consent, confirmation.slides_consent)


def mark_of(confirmation: Confirmation) -> str:
    """What a page remembers of the choices that held when it was opened."""
    held = choices_of(confirmation)
    return f"{held.attribution}.{held.recording}.{held.slides}"


def expect_held(confirmation: Confirmation, choices: Choices, *, held: str | None) -> None:
    """Let no page from before bring back what was taken back since: raises ChosenSince. To take back is always heard.

    `held` is the page's `mark_of`, None for whoever saw no page. The caller has locked the answer.
    """
    if held is not None and held != mark_of(confirmation) and allows_more(choices_of(confirmation), choices):
        raise ChosenSince


def own_choices(confirmation: Confirmation) -> Choices:
    """What the speaker chose themselves. Whoever proposed the talk with them has only said what they may want."""
    speaker = confirmation.speaker
    proposed = speaker.email is None or speaker.email == confirmation.talk.proposal.email
    answered = any(consent.channel is not Channel.ORGANIZER for consent in confirmation.consents)
    return choices_of(confirmation) if proposed or answered else Choices(None, None, None)


def choose(confirmation: Confirmation, choices: Choices, *, now: datetime) -> None:
    """Let `choices` hold for this talk; what they withhold is where every later date starts from.

    The word for sentences that say more than the naming was given with the earlier naming, and ends with it.

    Or else a talk taken off and placed anew would come back with the name that its speaker has taken out. What they
    reveal is for this talk alone. The caller keeps the consent.
    """
    speaker, level = confirmation.speaker, choices.attribution
    speaker.consent_at = now
    if level is not confirmation.attribution:
        confirmation.agreed_sentences = []
    confirmation.attribution, confirmation.recording_consent = level, choices.recording
    confirmation.slides_consent = choices.slides
    if level is not None and (speaker.attribution is None or not is_stricter_or_same(speaker.attribution, level)):
        speaker.attribution = level
    if choices.recording is False:
        speaker.recording_consent = False


def keep_consent(
    session: Session,
    confirmation: Confirmation,
    *,
    channel: Channel | None = None,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> Consent:
    """Write down what holds for this speaker and this talk from now on. Joins the caller's transaction."""
    held, speaker = choices_of(confirmation), confirmation.speaker
    wording = consent_wording(governing_wording(session, confirmation.talk.touchpoint).version)
    speaker.consent_wording = wording
    row = Consent(
        attribution=held.attribution,
        recording=held.recording,
        slides=held.slides,
        wording=wording,
        channel=channel or channel_of(by, confirmation),
        given_at=now,
        person_id=by.person.id if by.person else None,
        reason=reason,
    )
    confirmation.consents.append(row)
    session.flush()
    return row


def channel_of(by: Actor, confirmation: Confirmation) -> Channel:
    """The way by which `by` came to answer as this speaker."""
    if by.person is not None and by.person.email == confirmation.speaker.email:
        return Channel.SIGNED_IN
    return Channel.LINK if by.door is Door.LINK else Channel.ORGANIZER


def named_since(session: Session, confirmation: Confirmation) -> datetime | None:
    """When the speaker first allowed a name, an affiliation or a role for this talk; None for never."""
    first = select(Consent.given_at).where(Consent.confirmation_id == confirmation.id)
    open_enough = Consent.attribution.is_not(None), Consent.attribution != Attribution.NONE
    return session.scalar(first.where(*open_enough).order_by(Consent.id).limit(1))
