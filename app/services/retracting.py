"""Retracting: whoever changes how a speaker is named changes every output that we control, in one transaction.

The speaker may choose at any time, years after the call, too; an organizer may only make it stricter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.consent import Channel, Choices, allows_more, is_taken_back
from app.domain.errors import InvalidInput
from app.domain.mentions import Identity, hidden_identity
from app.domain.receipts import MailsOut, Receipt, Served
from app.domain.site import Site
from app.domain.states import ProposalState
from app.domain.text import MAX_NOTE, clean_text
from app.models import Confirmation, Proposal, Publication, Retraction, Speaker, Talk, Touchpoint
from app.services import notifying
from app.services.auditing import Actor, record
from app.services.consenting import choices_of, choose, expect_held, keep_consent, named_since
from app.services.entries import update_entries
from app.services.locking import lock_answers
from app.services.naming_elsewhere import take_names_out
from app.services.publishing import publish_touchpoints
from app.services.publishing_notes import mask_notes
from app.services.reaching import mails_to_followers, mails_to_speakers
from app.services.talk_facts import facts_of
from app.services.working_groups.chairing import leave_unnamed_as_chair
from app.services.working_groups.unnaming import take_names_out_of_groups

NOWHERE = Choices(Attribution.NONE, recording=False, slides=False)
"""What holds for everything of somebody who wants to be named nowhere. A recording shows and a deck names people."""


def choose_naming(
    session: Session,
    confirmation: Confirmation,
    choices: Choices,
    *,
    held: str | None = None,
    by: Actor,
    site: Site,
    now: datetime,
) -> Retraction | None:
    """The speaker says anew what is allowed for this one talk, whatever its date; the receipt of what was taken back.

    Raises InvalidInput unless naming and recording are chosen; ChosenSince when they allow more than what holds, and
    `held` is not that (any more).
    """
    if problems := _missing(choices):
        raise InvalidInput(problems)
    lock_answers(session, [confirmation])
    expect_held(confirmation, choices, held=held)
    before = choices_of(confirmation)
    choose(confirmation, choices, now=now)
    keep_consent(session, confirmation, by=by, now=now)
    record(session, "confirmation.naming_chosen", confirmation, by=by, now=now, talk=confirmation.talk_id)
    receipts = take_effect(session, {confirmation: before}, by=by, site=site, now=now)
    session.commit()
    return next(iter(receipts), None)


def leave_unnamed(session: Session, address: str, *, by: Actor, site: Site, now: datetime) -> list[Retraction]:
    """Name the speaker who reads `address` nowhere: on no talk, past or to come, nor on what they have proposed, nor as
    the chair of a working group.

    Returns the receipts, one for each talk on which something was taken back.
    """
    answers = session.scalars(
        select(Confirmation).join(Speaker).where(Speaker.email == address).order_by(Confirmation.id)
    ).all()
    lock_answers(session, answers)
    before = {answer: choices_of(answer) for answer in answers if choices_of(answer) != NOWHERE}
    for answer in before:
        choose(answer, NOWHERE, now=now)
        keep_consent(session, answer, by=by, now=now)
        record(session, "confirmation.naming_chosen", answer, by=by, now=now, talk=answer.talk_id)
    for speaker in session.scalars(_proposed(address)):
        speaker.attribution, speaker.recording_consent = Attribution.NONE, False
    receipts = take_effect(session, before, by=by, site=site, now=now)
    leave_unnamed_as_chair(session, address, by=by, now=now)
    session.commit()
    return receipts


def make_stricter(
    session: Session,
    confirmation: Confirmation,
    choices: Choices,
    *,
    reason: str,
    by: Actor,
    site: Site,
    now: datetime,
) -> Retraction | None:
    """An organizer takes back for a speaker what may be public of them, with a reason that only organizers read.

    Raises InvalidInput without a reason, and for choices that allow more than the speaker did, or the same.
    """
    lock_answers(session, [confirmation])
    before, reason = choices_of(confirmation), clean_text(reason)
    if problems := _not_stricter(before, choices, reason):
        raise InvalidInput(problems)
    choose(confirmation, choices, now=now)
    keep_consent(session, confirmation, channel=Channel.ORGANIZER, reason=reason, by=by, now=now)
    record(session, "confirmation.made_stricter", confirmation, by=by, now=now, talk=confirmation.talk_id)
    receipts = take_effect(session, {confirmation: before}, by_organizer=True, by=by, site=site, now=now)
    session.commit()
    return next(iter(receipts), None)


def take_effect(
    session: Session,
    before: Mapping[Confirmation, Choices],
    *,
    by_organizer: bool = False,
    with_receipts: bool = True,
    by: Actor,
    site: Site,
    now: datetime,
) -> list[Retraction]:
    """Bring all that we control up to what the speakers allow now, and mail receipts for what they took back.

    `before` has what they allowed until now; of what nobody could read yet there are no receipts. Publications follow
    with their feeds, history and mails to subscribers that wait, then mails to speakers that wait, and the entries in
    speakers' calendars. Joins the caller's transaction, which has locked the talks with their calls.
    """
    session.flush()
    withheld = _withheld(before)
    elsewhere = take_names_out(session, withheld, by=by, now=now)
    calls = list({call.id: call for call in (*_calls_of(session, before), *elsewhere)}.values())
    was = _versions(session, calls)
    publish_touchpoints(session, calls, site=site, now=now)
    mask_notes(session, withheld, by=by, now=now)
    take_names_out_of_groups(session, withheld, by=by, now=now)
    on_these = select(Talk).where(Talk.touchpoint_id.in_([call.id for call in calls])).order_by(Talk.id)
    changed = bool(elsewhere) or any(held != choices_of(answer) for answer, held in before.items())
    talks = session.scalars(on_these).all() if changed else ()
    rewritten = sum(notifying.rewrite_waiting(session, talk, site=site, now=now) for talk in talks)
    entries = sum(update_entries(session, call, site=site, now=now) for call in calls)
    kept = []
    for answer, held in before.items() if with_receipts else ():
        if is_taken_back(held, choices_of(answer)):
            own = [answer.talk.touchpoint] if answer.talk.touchpoint else []
            served = _served(session, list(dict.fromkeys([*own, *elsewhere])), was)
            work = Work(now, by_organizer, served, rewritten, entries)
            kept.append(_keep_receipt(session, answer, held, work, by=by))
    notifying.notify_retracted(session, kept, site=site, now=now)
    return kept


def _withheld(before: Mapping[Confirmation, Choices]) -> list[Identity]:
    """What those speakers keep back who took something back: no notes say it any more, of no call."""
    taken = [answer for answer, held in before.items() if is_taken_back(held, choices_of(answer))]
    return [hidden_identity(facts_of(answer.speaker, answer.attribution)) for answer in taken]


@dataclass(frozen=True)
class Work:
    """What a change of consents has set in motion, as its receipts say it."""

    at: datetime
    by_organizer: bool
    calls: tuple[Served, ...]
    rewritten: int
    entries: int


def _keep_receipt(session: Session, answer: Confirmation, before: Choices, work: Work, *, by: Actor) -> Retraction:
    choices, calls = choices_of(answer), [answer.talk.touchpoint_id] if answer.talk.touchpoint_id else []
    receipt = Receipt(
        at=work.at,
        before=before,
        now=choices,
        by_organizer=work.by_organizer,
        calls=work.calls,
        rewritten=work.rewritten,
        entries=work.entries,
        to_speakers=mails_to_speakers(session, answer, calls, now_allowed=choices),
        to_followers=mails_to_followers(session, calls, since=named_since(session, answer)),
    )
    if not receipt.takes_back_naming:
        receipt = replace(receipt, to_speakers=MailsOut(), to_followers=MailsOut())
    row = Retraction(confirmation=answer, at=work.at, receipt=receipt.to_json())
    session.add(row)
    record(session, "retraction.made", row, by=by, now=work.at, confirmation=answer.id)
    return row


def _calls_of(session: Session, answers: Iterable[Confirmation]) -> Sequence[Touchpoint]:
    """The calls on which these talks stand, and the others of cross-shared ones."""
    proposals = {answer.talk.proposal_id for answer in answers}
    query = select(Touchpoint).join(Talk, Talk.touchpoint_id == Touchpoint.id).where(Talk.proposal_id.in_(proposals))
    return session.scalars(query.distinct().order_by(Touchpoint.id)).all()


def _versions(session: Session, calls: Sequence[Touchpoint]) -> dict[int, int]:
    """The SEQUENCE that is public now, by call."""
    query = select(Publication.touchpoint_id, Publication.sequence)
    rows = session.execute(query.where(Publication.touchpoint_id.in_([call.id for call in calls])))
    return {row.touchpoint_id: row.sequence for row in rows}


def _served(session: Session, calls: Iterable[Touchpoint], was: Mapping[int, int]) -> tuple[Served, ...]:
    """The version of each call that is public now; nothing of one that never was."""
    rows = [(call, row) for call in calls if call.id in was and (row := session.get(Publication, call.id))]
    return tuple(
        Served(
            key=call.key,
            series=call.series.name,
            starts_at=call.starts_at,
            minutes=call.minutes,
            time_zone=call.time_zone,
            sequence=row.sequence,
            last_modified=row.last_modified,
            changed=row.sequence != was[call.id],
            day_known=call.day_known,
        )
        for call, row in rows
    )


def _missing(choices: Choices) -> dict[str, str]:
    problems = {}
    if choices.attribution is None:
        problems["attribution"] = "Choose how you may be named."
    if choices.recording is None:
        problems["recording_consent"] = "Choose whether your talk may be recorded."
    return problems


def _not_stricter(before: Choices, choices: Choices, reason: str) -> dict[str, str]:
    problems = {}
    if allows_more(before, choices):
        level = before.attribution or Attribution.NONE
        problems["attribution"] = f"Only the speaker can allow more than now, which is “{level.label}”."
    elif not is_taken_back(before, choices):
        problems["attribution"] = "Choose something stricter than what holds now."
    if not reason:
        problems["reason"] = "Say why. Only organizers read it, and the speaker where they ask for their data."
    elif len(reason) > MAX_NOTE:
        problems["reason"] = f"At most {MAX_NOTE} characters; these are {len(reason)}."
    return problems


def _proposed(address: str) -> Select[Speaker]:
    """The speakers with this address on whatever was sent; a draft is nobody's business but its writer's."""
    sent = select(Speaker).join(Proposal, Speaker.proposal_id == Proposal.id)
    return sent.where(Speaker.email == address, Proposal.state != ProposalState.DRAFT).order_by(Speaker.id)
