"""Confirming: the speakers' answers to an invitation, and the publication that the last of them causes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attribution import SpeakerFacts
from app.domain.confirming import Answer, settled_words
from app.domain.consent import Channel, Choices
from app.domain.errors import Conflict, InvalidInput, RuleViolation
from app.domain.site import Site
from app.domain.states import ConfirmationState, TalkState, move_to
from app.domain.text import MAX_NOTE, MAX_TEXT, clean_text
from app.models import Confirmation, Talk, Touchpoint
from app.services import notifying
from app.services.auditing import Actor, record
from app.services.board_places import reclaim_minutes
from app.services.consenting import choices_of, choose, expect_held, keep_consent, own_choices
from app.services.locking import lock_answers
from app.services.publishing import publish_touchpoint
from app.services.retracting import take_effect
from app.services.talk_facts import facts_of
from app.services.wording import governing_wording

ANSWERABLE = frozenset({TalkState.INVITED, TalkState.CONFIRMED, TalkState.DECLINED})


def sight_of(session: Session, talk: Talk) -> str:
    """What a speaker must have seen to say yes to it: the date, the text and the wording of the notice, whoever has
    answered meanwhile.
    """
    starts_at = f"{talk.touchpoint.key}@{talk.touchpoint.starts_at:%Y%m%dT%H%M}" if talk.touchpoint else ""
    return f"{starts_at}.{talk.proposal.version}.{governing_wording(session, talk.touchpoint).version}"


def confirm_talk(
    session: Session,
    confirmation: Confirmation,
    answer: Answer,
    *,
    seen: str | None = None,
    held: str | None = None,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """The speaker says yes to date, text, attribution and recording. The last of a talk's speakers publishes it.

    A speaker who confirmed before corrects the answer in the same way; the publication follows at once, and so do the
    co-speakers' calendars.
    Raises Conflict when date, text or notice are not those that were `seen` (any more), and ChosenSince when the answer
    allows more than what holds and `held` is not that (any more); RuleViolation when the
    talk waits for no answer (any more), its minutes have been given away after it was declined, or the call is over;
    InvalidInput where the text says what the speaker withholds and they have not said whether it may.
    """
    _claim(session, confirmation.talk, now=now)
    if seen is not None and seen != sight_of(session, confirmation.talk):
        raise Conflict("The date, the text or the notice has changed since you opened this page. Look, then confirm.")
    choices = Choices(answer.attribution, answer.recording_consent, answer.slides_consent)
    expect_held(confirmation, choices, held=held)
    reclaim_minutes(session, confirmation.talk)
    answer, agreed = settled_words(answer, facts_of(confirmation.speaker, answer.attribution), _others(confirmation))
    before, was_public = choices_of(confirmation), confirmation.state is ConfirmationState.CONFIRMED
    _take_over(confirmation, answer, now=now)
    confirmation.agreed_sentences = agreed
    keep_consent(session, confirmation, by=by, now=now)
    move_to(confirmation, ConfirmationState.CONFIRMED)
    record(session, "confirmation.confirmed", confirmation, by=by, now=now, talk=confirmation.talk_id)
    _settle(session, confirmation.talk, by=by, site=site, now=now)
    take_effect(session, {confirmation: before}, with_receipts=was_public, by=by, site=site, now=now)
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

    Text, attribution and consent stay as the speaker chose them; for one who has chosen nothing themselves nobody
    else's choice counts. Raises InvalidInput without a note, RuleViolation
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
    own = own_choices(confirmation)
    confirmation.attribution, confirmation.recording_consent = own.attribution, own.recording
    confirmation.slides_consent = own.slides
    confirmation.answered_at, confirmation.on_behalf_by, confirmation.on_behalf_note = now, by.person, note
    move_to(confirmation, ConfirmationState.CONFIRMED)
    keep_consent(session, confirmation, channel=Channel.ORGANIZER, by=by, now=now)
    record(session, "confirmation.confirmed_on_behalf", confirmation, by=by, now=now, talk=confirmation.talk_id)
    _settle(session, confirmation.talk, by=by, site=site, now=now)
    _publish(session, confirmation.talk, touchpoint, site=site, now=now)
    session.commit()


def _others(confirmation: Confirmation) -> list[SpeakerFacts]:
    """The co-speakers as they have chosen to be named."""
    others = [each for each in confirmation.talk.confirmations if each is not confirmation]
    return [facts_of(each.speaker, each.attribution) for each in others]


def _claim(session: Session, talk: Talk, *, now: datetime, also: TalkState | None = None) -> Touchpoint:
    """Lock the talk with its proposal and calls, and read them anew; returns its date, which may be answered for."""
    lock_answers(session, talk.confirmations)
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
    proposal, slides = confirmation.talk.proposal, answer.slides_consent
    choices = Choices(
        answer.attribution, answer.recording_consent, confirmation.slides_consent if slides is None else slides
    )
    choose(confirmation, choices, now=now)
    confirmation.answered_at, confirmation.words, confirmation.wishes = now, "", []
    confirmation.on_behalf_by, confirmation.on_behalf_note = None, ""
    if (proposal.title, proposal.abstract) != (answer.title, answer.abstract):
        proposal.title, proposal.abstract, proposal.updated_at = answer.title, answer.abstract, now


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
