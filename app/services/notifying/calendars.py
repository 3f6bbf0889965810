"""The calendar entries that go with mails: the whole call for one speaker, under the talk's own UID."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.publication import PublicTouchpoint
from app.domain.site import Site
from app.domain.states import MailState, TalkState
from app.feeds import invite
from app.feeds.words import description
from app.mail.compose import ascii_address
from app.mail.values import CalendarObject, Occasion, Reader
from app.models import OutboxMessage, Talk, Touchpoint
from app.services.publishing import preview_touchpoint, talk_facts


def public_view(session: Session, talk: Talk, touchpoint: Touchpoint, *, site: Site) -> PublicTouchpoint:
    """The call as the public sees it once this talk is confirmed too."""
    on_it = select(Talk).where(Talk.touchpoint_id == touchpoint.id).order_by(Talk.position, Talk.id)
    shown = [each for each in session.scalars(on_it) if each is talk or each.state is TalkState.CONFIRMED]
    return preview_touchpoint(touchpoint, talks=[talk_facts(each) for each in shown], site=site)


def invitation(
    talk: Talk,
    reader: Reader,
    *,
    call: PublicTouchpoint,
    occasion: Occasion,
    url: str,
    join_url: str,
    accepted: bool,
    site: Site,
    now: datetime,
) -> CalendarObject:
    """The speaker's entry for the call as it is now. `join_url` is for speakers and stands in no public feed."""
    entry = _entry(talk, reader, occasion, site=site, now=now)
    text = description(call, url=url)
    if join_url:
        text = f"Join: {join_url}\n\n{text}"
    return CalendarObject(
        "REQUEST",
        invite.request(entry, description=text, url=url, location=join_url, accepted=accepted),
    )


def cancellation(talk: Talk, reader: Reader, *, was: Occasion, site: Site, now: datetime) -> CalendarObject:
    """The entry taken back. The caller has raised the talk's sequence, so that calendars believe it."""
    return CalendarObject("CANCEL", invite.cancel(_entry(talk, reader, was, site=site, now=now)))


def holds_entry(session: Session, talk: Talk, reader: Reader) -> bool:
    """Whether a calendar entry for this talk has gone to the reader, or is on its way."""
    return bool(session.scalar(_mails(talk, reader).where(OutboxMessage.kind == "confirmed")))


def has_heard(session: Session, talk: Talk, reader: Reader) -> bool:
    """Whether any mail about this talk has gone to the reader, or is on its way."""
    return bool(session.scalar(_mails(talk, reader)))


def _mails(talk: Talk, reader: Reader) -> Select[int]:
    return select(func.count()).where(
        OutboxMessage.talk_id == talk.id,
        OutboxMessage.recipient == reader.address,
        OutboxMessage.state != MailState.CANCELLED,
    )


def _entry(talk: Talk, reader: Reader, occasion: Occasion, *, site: Site, now: datetime) -> invite.Entry:
    return invite.Entry(
        uid=f"{talk.uid}@{site.uid_domain}",
        sequence=talk.sequence,
        stamp=now,
        starts_at=occasion.starts_at,
        ends_at=occasion.ends_at,
        summary=f"{occasion.series}: {talk.proposal.title}",
        organizer=ascii_address(occasion.mailbox or parseaddr(site.reply_to)[1]),
        organizer_name=occasion.series,
        attendee=ascii_address(reader.address),
        attendee_name=reader.name,
    )
