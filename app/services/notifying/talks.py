"""Mails about a talk: to each of its speakers, and to the organizers when one cannot."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.site import Site
from app.domain.states import ConfirmationState, TalkState
from app.mail.messages import organizing, talks
from app.mail.values import Mail, Occasion, Reader
from app.models import Confirmation, Talk, Touchpoint
from app.services.board_moves import occasion_of
from app.services.notifying.calendars import (
    answers_to,
    begin_entry,
    cancellation,
    return_to_newest_entry,
)
from app.services.notifying.calls import Call, queue_for_speaker, speakers
from app.services.notifying.knowing import Facts, known_to
from app.services.notifying.readers import house_of, organizers
from app.services.outbox import cancel_pending, count_taken_back, has_heard, holds_entry, queue_mail
from app.services.talk_facts import told_title

_QUESTIONS = ("invited", "reminded", "moved")
_OVERTAKEN = ("updated", "upcoming")
_TOLD = (ConfirmationState.ASKED, ConfirmationState.CONFIRMED, ConfirmationState.DECLINED)


def notify_invited(session: Session, talk: Talk, *, site: Site, now: datetime) -> None:
    """Ask each speaker who is to answer; leaves after the settle time, so that Undo can take it back."""
    call = Call.of(session, talk, site=site)
    for answer, reader in speakers(talk, ConfirmationState.ASKED):
        mail = talks.invited(house_of(site), reader, part=call.part(answer))
        queue_for_speaker(session, mail, answer, tells=call.facts, due_at=now + site.settle, site=site, now=now)


def notify_reminded(session: Session, talk: Talk, *, site: Site, now: datetime) -> None:
    """Ask those who have not answered once more."""
    call = Call.of(session, talk, site=site)
    for answer, reader in speakers(talk, ConfirmationState.ASKED):
        mail = talks.reminded(house_of(site), reader, part=call.part(answer))
        queue_for_speaker(session, mail, answer, tells=call.facts, due_at=now, site=site, now=now)


def notify_confirmed(session: Session, talk: Talk, *, site: Site, now: datetime) -> None:
    """To each speaker, with the calendar entry of the whole call. Questions that have not left are taken back."""
    call = Call.of(session, talk, site=site)
    cancel_pending(session, (*_QUESTIONS, *_OVERTAKEN), talk=talk)
    begin_entry(session, talk)
    for answer, reader in speakers(talk, ConfirmationState.CONFIRMED):
        mail = confirmed_mail(call, answer, reader, now=now)
        queue_for_speaker(session, mail, answer, tells=call.facts, due_at=now, site=site, now=now)


def notify_moved(session: Session, talk: Talk, *, was: Occasion, site: Site, now: datetime) -> None:
    """Was and now, to each speaker who is asked for the new date; leaves after the settle time.

    The former date is the one that this very speaker was told last, or else `was`. An entry in a speaker's calendar
    moves with the mail and stands as tentative until they confirm.
    """
    call = Call.of(session, talk, site=site)
    cancel_pending(session, _OVERTAKEN, talk=talk)
    asked = list(speakers(talk, ConfirmationState.ASKED))
    holding = {reader.address for _, reader in asked if holds_entry(session, talk, reader.address)}
    if holding:
        begin_entry(session, talk)
    for answer, reader in asked:
        known = known_to(session, talk, reader.address) or _unsaid(session, call, reader, was)
        mail = moved_mail(call, answer, reader, known, held=reader.address in holding, now=now)
        queue_for_speaker(
            session, mail, answer, tells=call.facts, was=known, due_at=now + site.settle, site=site, now=now
        )


def notify_updated(session: Session, talk: Talk, *, site: Site, now: datetime) -> int:
    """To each confirmed speaker whose calendar has another title, join link or series' name, or names somebody in a
    way that they took back; returns how many.

    Leaves after the settle time: what was changed back meanwhile is told to nobody. A name leaves at once.
    """
    if talk.state is not TalkState.CONFIRMED or talk.touchpoint is None or talk.touchpoint.ends_at <= now:
        return 0
    call = Call.of(session, talk, site=site)
    cancel_pending(session, ("updated",), talk=talk)
    behind = [
        (answer, reader, known)
        for answer, reader in speakers(talk, ConfirmationState.CONFIRMED)
        if holds_entry(session, talk, reader.address)
        and (known := known_to(session, talk, reader.address)) is not None
        and (known != call.facts or known.names_more_than(call.facts))
    ]
    if not behind:
        return_to_newest_entry(session, talk)
        return 0
    begin_entry(session, talk)
    for answer, reader, known in behind:
        mail = updated_mail(call, answer, reader, known, now=now)
        due_at = now if known.names_more_than(call.facts) else now + site.settle
        queue_for_speaker(session, mail, answer, tells=call.facts, was=known, due_at=due_at, site=site, now=now)
    return len(behind)


def notify_cancelled(session: Session, talk: Talk, *, was: Occasion, reason: str, site: Site, now: datetime) -> None:
    """To each speaker who was asked for that date; leaves after the settle time. Takes calendar entries back.

    Questions that have not left are taken back; who has heard of nothing else hears nothing.
    """
    unasked = bool(cancel_pending(session, _QUESTIONS, talk=talk))
    cancel_pending(session, _OVERTAKEN, talk=talk)
    begin_entry(session, talk)
    for answer, reader in speakers(talk, *_TOLD):
        if unasked and not has_heard(session, talk, reader.address):
            continue
        held = holds_entry(session, talk, reader.address)
        mail = talks.cancelled(
            house_of(site),
            reader,
            title=told_title(talk),
            was=was,
            reason=reason,
            calendar=cancellation(talk, reader, was=was, site=site, now=now) if held else None,
            role_address=answers_to(was, site=site) if held else "",
        )
        queue_for_speaker(session, mail, answer, due_at=now + site.settle, site=site, now=now)
    return_to_newest_entry(session, talk)


def notify_declined_date(
    session: Session, talk: Talk, *, confirmation: Confirmation, site: Site, now: datetime
) -> None:
    """To each organizer: this speaker cannot on this date, in their words, with the dates that they could."""
    call = Call.of(session, talk, site=site)
    wished = select(Touchpoint).where(Touchpoint.id.in_(confirmation.wishes)).order_by(Touchpoint.starts_at)
    wishes = [occasion_of(touchpoint) for touchpoint in session.scalars(wished)]
    for person, reader in organizers(session):
        mail = organizing.another_date(
            house_of(site),
            reader,
            title=talk.proposal.title,
            speaker=confirmation.speaker.name,
            occasion=call.occasion,
            words=confirmation.words,
            wishes=wishes,
            link=site.url("/board"),
        )
        dedup = f"{mail.kind}:talk-{talk.id}.{talk.version}:confirmation-{confirmation.id}:person-{person.id}"
        queue_mail(session, mail, dedup=dedup, talk=talk, site=site, now=now)


def _unsaid(session: Session, call: Call, reader: Reader, was: Occasion) -> Facts:
    """What a reader knows whom no mail of ours tells: `was`, unless the only mail that would have told it was taken
    back; then the present date is the first that they hear of.
    """
    unasked = count_taken_back(session, call.talk, "invited", reader.address)
    if unasked and not has_heard(session, call.talk, reader.address):
        return call.facts
    return Facts(was, told_title(call.talk))


def confirmed_mail(
    call: Call, answer: Confirmation, reader: Reader, *, sequence: int | None = None, now: datetime
) -> Mail:
    """What a speaker gets when everybody has confirmed. `sequence` as for `Call.entry`, here and below."""
    return talks.confirmed(
        house_of(call.site),
        reader,
        part=call.part(answer),
        calendar=call.entry(reader, accepted=True, sequence=sequence, now=now),
        role_address=call.answers_to,
    )


def updated_mail(
    call: Call, answer: Confirmation, reader: Reader, known: Facts, *, sequence: int | None = None, now: datetime
) -> Mail:
    """What has changed against what the reader knows."""
    return talks.updated(
        house_of(call.site),
        reader,
        part=call.part(answer),
        was=known.occasion,
        old_title=known.title if known.title != call.facts.title else "",
        new_link=known.join != call.facts.join,
        fewer_names=known.names_more_than(call.facts),
        calendar=call.entry(reader, accepted=True, sequence=sequence, now=now),
        role_address=call.answers_to,
    )


def moved_mail(
    call: Call,
    answer: Confirmation,
    reader: Reader,
    known: Facts,
    *,
    held: bool,
    sequence: int | None = None,
    now: datetime,
) -> Mail:
    """Was and now; or the plain question for a reader who knows this very date already."""
    house, part = house_of(call.site), call.part(answer)
    if known.occasion == call.occasion:
        return talks.invited(house, reader, part=part)
    return talks.moved(
        house,
        reader,
        part=part,
        was=known.occasion,
        old_title=known.title if known.title != part.title else "",
        calendar=call.entry(reader, accepted=False, sequence=sequence, now=now) if held else None,
        role_address=call.answers_to if held else "",
    )
