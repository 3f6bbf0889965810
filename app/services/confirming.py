"""Confirming: the speakers' answers to an invitation, and the publication that the last of them causes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attribution import is_stricter_or_same
from app.domain.confirming import Answer
from app.domain.errors import Conflict, InvalidInput, RuleViolation
from app.domain.proposals import CONSENT_WORDING
from app.domain.site import Site
from app.domain.states import ConfirmationState, TalkState, move_to
from app.domain.text import MAX_NOTE, MAX_TEXT, clean_text
from app.models import Confirmation, Speaker, Talk, Touchpoint
from app.services import notifying
from app.services.auditing import Actor, record
from app.services.board_places import reclaim_minutes
from app.services.entries import update_entries
from app.services.locking import lock_row, lock_touchpoints
from app.services.publishing import publish_touchpoint

ANSWERABLE = frozenset({TalkState.INVITED, TalkState.CONFIRMED, TalkState.DECLINED})


def sight_of(talk: Talk) -> str:
    """What a speaker must have seen to say yes to it: the date and the text, whoever has answered meanwhile."""
    starts_at = f"{talk.touchpoint.key}@{talk.touchpoint.starts_at:%Y%m%dT%H%M}" if talk.touchpoint else ""
    return f"{starts_at}.{talk.proposal.version}"


def confirm_talk(
    session: Session,
    confirmation: Confirmation,
    answer: Answer,
    *,
    seen: str | None = None,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """The speaker says yes to date, text, attribution and recording. The last of a talk's speakers publishes it.

    A speaker who confirmed before corrects the answer in the same way; the publication follows at once, and so do the
    co-speakers' calendars.
    Raises Conflict when date or text are not those of the sight that was `seen` (any more); RuleViolation when the
    talk waits for no answer (any more), its minutes have been given away after it was declined, or the call is over.
    """
    touchpoint = _claim(session, confirmation.talk, now=now)
    if seen is not None and seen != sight_of(confirmation.talk):
        raise Conflict("The date or the text has changed since you opened this page. Look again, then confirm.")
    reclaim_minutes(session, confirmation.talk)
    _take_over(confirmation, answer, now=now)
    move_to(confirmation, ConfirmationState.CONFIRMED)
    record(session, "confirmation.confirmed", confirmation, by=by, now=now, talk=confirmation.talk_id)
    _settle(session, confirmation.talk, by=by, site=site, now=now)
    _publish(session, confirmation.talk, touchpoint, site=site, now=now)
    update_entries(session, confirmation.talk.proposal, site=site, now=now)
    session.commit()


def ask_for_another_date(
    session: Session,
    confirmation: Confirmation,
    *,
    wishes: Sequence[Touchpoint],
    words: str,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """The speaker cannot on this date: the talk is not public (any more), and the organizers read `words` and wishes.

    Nothing else is freed: an organizer decides where the talk goes. Raises InvalidInput when neither a date nor a
    reason is given, RuleViolation when the talk waits for no answer.
    """
    touchpoint = _claim(session, confirmation.talk, now=now)
    words = clean_text(words)
    if not wishes and not words:
        raise InvalidInput({"words": "Choose a date that suits you, or say why none does."})
    if len(words) > MAX_TEXT:
        raise InvalidInput({"words": f"At most {MAX_TEXT} characters; these are {len(words)}."})
    confirmation.words, confirmation.wishes = words, [wish.id for wish in wishes]
    confirmation.answered_at = now
    move_to(confirmation, ConfirmationState.DECLINED)
    move_to(confirmation.talk, TalkState.DECLINED)
    record(session, "confirmation.declined", confirmation, by=by, now=now, talk=confirmation.talk_id)
    notifying.notify_declined_date(session, confirmation.talk, confirmation=confirmation, site=site, now=now)
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()


def confirm_on_behalf(
    session: Session, confirmation: Confirmation, *, note: str, by: Actor, site: Site, now: datetime
) -> None:
    """An organizer confirms for a speaker who said yes elsewhere, and notes where.

    Text, attribution and consent stay as the speaker chose them. Raises InvalidInput without a note, RuleViolation
    when the speaker has confirmed already or the talk cannot be confirmed.
    """
    touchpoint = _claim(session, confirmation.talk, now=now, also=TalkState.HOLD)
    note = clean_text(note)
    if not note:
        raise InvalidInput({"note": "Say how and when the speaker confirmed."})
    if len(note) > MAX_NOTE:
        raise InvalidInput({"note": f"At most {MAX_NOTE} characters; these are {len(note)}."})
    if confirmation.state is ConfirmationState.CONFIRMED:
        raise RuleViolation("This speaker has confirmed already.")
    reclaim_minutes(session, confirmation.talk)
    confirmation.answered_at, confirmation.on_behalf_by, confirmation.on_behalf_note = now, by.person, note
    move_to(confirmation, ConfirmationState.CONFIRMED)
    record(session, "confirmation.confirmed_on_behalf", confirmation, by=by, now=now, talk=confirmation.talk_id)
    _settle(session, confirmation.talk, by=by, site=site, now=now)
    _publish(session, confirmation.talk, touchpoint, site=site, now=now)
    session.commit()


def _claim(session: Session, talk: Talk, *, now: datetime, also: TalkState | None = None) -> Touchpoint:
    """Lock the talk with its proposal and calls, and read them anew; returns its date, which may be answered for.

    Or else two speakers who answer at one moment would each miss the other's answer, and the last to publish would
    put back a name that the other has just taken out.
    """
    lock_row(session, talk.proposal)
    siblings = select(Talk.touchpoint_id).where(Talk.proposal_id == talk.proposal_id)
    lock_touchpoints(session, session.scalars(select(Touchpoint).where(Touchpoint.id.in_(siblings))).all())
    lock_row(session, talk)
    for confirmation in talk.confirmations:
        session.refresh(confirmation)
    return _open_touchpoint(talk, now=now, also=also)


def _open_touchpoint(talk: Talk, *, now: datetime, also: TalkState | None = None) -> Touchpoint:
    """The talk's date, when it may still be answered for."""
    if talk.touchpoint is None or talk.state not in ANSWERABLE | {also}:
        raise RuleViolation("This talk is not waiting for an answer: it has no date at the moment.")
    if talk.touchpoint.ends_at <= now:
        raise RuleViolation("This call is over.")
    return talk.touchpoint


def _take_over(confirmation: Confirmation, answer: Answer, *, now: datetime) -> None:
    """Write the answer's words and choices. The choices hold for this talk; as consent they are dated and worded."""
    speaker, proposal = confirmation.speaker, confirmation.talk.proposal
    confirmation.attribution, confirmation.recording_consent = answer.attribution, answer.recording_consent
    confirmation.answered_at, confirmation.words, confirmation.wishes = now, "", []
    confirmation.on_behalf_by, confirmation.on_behalf_note = None, ""
    speaker.consent_at, speaker.consent_wording = now, CONSENT_WORDING
    _remember_less(speaker, answer)
    if (proposal.title, proposal.abstract) != (answer.title, answer.abstract):
        proposal.title, proposal.abstract, proposal.updated_at = answer.title, answer.abstract, now


def _remember_less(speaker: Speaker, answer: Answer) -> None:
    """What the speaker withholds here is where every later date starts from; what they reveal is for this talk alone.

    Or else a talk taken off and placed anew would come back with the name that its speaker has taken out.
    """
    if speaker.attribution is None or not is_stricter_or_same(speaker.attribution, answer.attribution):
        speaker.attribution = answer.attribution
    if not answer.recording_consent:
        speaker.recording_consent = False


def _settle(session: Session, talk: Talk, *, by: Actor, site: Site, now: datetime) -> None:
    """Confirm the talk if this was the last answer that it waited for."""
    if talk.state is TalkState.CONFIRMED:
        return
    if any(confirmation.state is not ConfirmationState.CONFIRMED for confirmation in talk.confirmations):
        declined = any(confirmation.state is ConfirmationState.DECLINED for confirmation in talk.confirmations)
        move_to(talk, TalkState.DECLINED if declined else TalkState.INVITED)
        return
    move_to(talk, TalkState.CONFIRMED)
    talk.confirmed_at = now
    record(session, "talk.confirmed", talk, by=by, now=now, touchpoint=talk.touchpoint_id)
    notifying.notify_confirmed(session, talk, site=site, now=now)


def _publish(session: Session, talk: Talk, touchpoint: Touchpoint, *, site: Site, now: datetime) -> None:
    """Republish this call, and the other one of a cross-shared talk, whose text may have changed with it."""
    others = session.scalars(
        select(Touchpoint)
        .join(Talk, Talk.touchpoint_id == Touchpoint.id)
        .where(Talk.proposal_id == talk.proposal_id, Talk.state == TalkState.CONFIRMED, Touchpoint.id != touchpoint.id)
    ).all()
    for each in (touchpoint, *others):
        publish_touchpoint(session, each, site=site, now=now)
