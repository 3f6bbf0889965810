"""Mails about a talk: to each of its speakers, and to the organizers when one cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.attribution import SpeakerFacts, public_name
from app.domain.errors import RuleViolation
from app.domain.publication import Audience, PublicTouchpoint
from app.domain.site import Site
from app.domain.states import ConfirmationState
from app.mail.messages import organizing, talks
from app.mail.values import Appearance, CalendarObject, Choices, Mail, Occasion, Reader
from app.models import Confirmation, JoinLink, Talk, Touchpoint
from app.services.board_moves import occasion_of
from app.services.links import confirmation_path
from app.services.notifying.calendars import cancellation, has_heard, holds_entry, invitation, public_view
from app.services.notifying.readers import house_of, organizers, reader_of
from app.services.outbox import cancel_pending, queue_mail

_QUESTIONS = ("invited", "reminded", "moved")
_TOLD = (ConfirmationState.ASKED, ConfirmationState.CONFIRMED, ConfirmationState.DECLINED)


def notify_invited(session: Session, talk: Talk, *, site: Site, now: datetime) -> None:
    """Ask each speaker who is to answer; leaves after the settle time, so that Undo can take it back."""
    call = _Call.of(session, talk, site=site)
    for answer, reader in _speakers(talk, ConfirmationState.ASKED):
        mail = talks.invited(house_of(site), reader, part=call.part(answer))
        _queue(session, mail, answer, due_at=now + site.settle, site=site, now=now)


def notify_reminded(session: Session, talk: Talk, *, site: Site, now: datetime) -> None:
    """Ask those who have not answered once more."""
    call = _Call.of(session, talk, site=site)
    for answer, reader in _speakers(talk, ConfirmationState.ASKED):
        mail = talks.reminded(house_of(site), reader, part=call.part(answer))
        _queue(session, mail, answer, due_at=now, site=site, now=now)


def notify_confirmed(session: Session, talk: Talk, *, site: Site, now: datetime) -> None:
    """To each speaker, with the calendar entry of the whole call. Questions that have not left are taken back."""
    call = _Call.of(session, talk, site=site)
    cancel_pending(session, _QUESTIONS, talk=talk)
    for answer, reader in _speakers(talk, ConfirmationState.CONFIRMED):
        entry = call.entry(reader, accepted=True, now=now)
        mail = talks.confirmed(
            house_of(site), reader, part=call.part(answer), calendar=entry, role_address=call.occasion.mailbox
        )
        _queue(session, mail, answer, due_at=now, site=site, now=now)


def notify_moved(session: Session, talk: Talk, *, was: Occasion, site: Site, now: datetime) -> None:
    """Was and now, to each speaker who is asked for the new date; leaves after the settle time.

    An entry in a speaker's calendar moves with it and stands as tentative until they confirm.
    """
    call = _Call.of(session, talk, site=site)
    for answer, reader in _speakers(talk, ConfirmationState.ASKED):
        held = holds_entry(session, talk, reader)
        mail = talks.moved(
            house_of(site),
            reader,
            part=call.part(answer),
            was=was,
            calendar=call.entry(reader, accepted=False, now=now) if held else None,
            role_address=call.occasion.mailbox if held else "",
        )
        _queue(session, mail, answer, due_at=now + site.settle, site=site, now=now)


def notify_cancelled(session: Session, talk: Talk, *, was: Occasion, reason: str, site: Site, now: datetime) -> None:
    """To each speaker who was asked for that date; leaves after the settle time. Takes calendar entries back.

    Questions that have not left are taken back; who has heard of nothing else hears nothing.
    """
    talk.sequence += 1
    unasked = cancel_pending(session, _QUESTIONS, talk=talk) > 0
    for answer, reader in _speakers(talk, *_TOLD):
        if unasked and not has_heard(session, talk, reader):
            continue
        held = holds_entry(session, talk, reader)
        mail = talks.cancelled(
            house_of(site),
            reader,
            title=talk.proposal.title,
            was=was,
            reason=reason,
            calendar=cancellation(talk, reader, was=was, site=site, now=now) if held else None,
            role_address=was.mailbox if held else "",
        )
        _queue(session, mail, answer, due_at=now + site.settle, site=site, now=now)


def notify_declined_date(
    session: Session, talk: Talk, *, confirmation: Confirmation, site: Site, now: datetime
) -> None:
    """To each organizer: this speaker cannot on this date, in their words, with the dates that they could."""
    call = _Call.of(session, talk, site=site)
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
        _queue(session, mail, confirmation, to=f"person-{person.id}", due_at=now, site=site, now=now)


@dataclass(frozen=True)
class _Call:
    """All that the mails about one talk say of its call. `join_url` is for speakers alone."""

    talk: Talk
    occasion: Occasion
    public: PublicTouchpoint
    join_url: str
    site: Site

    @classmethod
    def of(cls, session: Session, talk: Talk, *, site: Site) -> _Call:
        session.flush()
        touchpoint = talk.touchpoint
        if touchpoint is None:
            raise RuleViolation("This talk has no date that its speakers could be told.")
        public = public_view(session, talk, touchpoint, site=site)
        return cls(talk, occasion_of(touchpoint), public, _join_url(session, touchpoint), site)

    @property
    def url(self) -> str:
        return self.site.url(f"/touchpoints/{self.public.key}")

    def part(self, answer: Confirmation) -> Appearance:
        """What this call is to one of its speakers."""
        return Appearance(
            title=self.talk.proposal.title,
            minutes=self.talk.minutes,
            with_speakers=tuple(each.name for each in self.talk.proposal.speakers if each.id != answer.speaker_id),
            occasion=self.occasion,
            choices=_choices(answer, members_only=self.public.series.audience is Audience.MEMBERS),
            notice=str(self.public.notice),
            link=self.site.url(confirmation_path(answer, site=self.site)),
            page_url=self.url,
            answer_by=self.talk.answer_by,
            join_url=self.join_url,
        )

    def entry(self, reader: Reader, *, accepted: bool, now: datetime) -> CalendarObject:
        """The speaker's calendar entry for the whole call."""
        return invitation(
            self.talk,
            reader,
            call=self.public,
            occasion=self.occasion,
            url=self.url,
            join_url=self.join_url,
            accepted=accepted,
            site=self.site,
            now=now,
        )


def _choices(answer: Confirmation, *, members_only: bool) -> Choices:
    speaker = answer.speaker
    facts = SpeakerFacts(speaker.name, speaker.affiliation, speaker.role_category, answer.attribution)
    return Choices(
        level=answer.attribution.label if answer.attribution else "",
        shown=public_name(facts),
        recording=answer.recording_consent,
        members_only=members_only,
    )


def _speakers(talk: Talk, *states: ConfirmationState) -> Iterator[tuple[Confirmation, Reader]]:
    """The speakers whose answer is one of `states` and who have an address."""
    for answer in talk.confirmations:
        reader = reader_of(answer.speaker)
        if reader is not None and answer.state in states:
            yield answer, reader


def _join_url(session: Session, touchpoint: Touchpoint) -> str:
    """The touchpoint's own join link, or else that of its series; empty while there is none."""
    own = or_(JoinLink.touchpoint_id == touchpoint.id, JoinLink.series_id == touchpoint.series_id)
    links = session.scalars(select(JoinLink).where(own).order_by(JoinLink.touchpoint_id.is_(None))).all()
    return links[0].url if links else ""


def _queue(
    session: Session, mail: Mail, answer: Confirmation, *, to: str = "", due_at: datetime, site: Site, now: datetime
) -> None:
    """Once for each version of the talk and each reader."""
    talk = answer.talk
    dedup = f"{mail.kind}:talk-{talk.id}.{talk.version}:confirmation-{answer.id}:{to or 'speaker'}"
    queue_mail(session, mail, dedup=dedup, talk=talk, due_at=due_at, site=site, now=now)
