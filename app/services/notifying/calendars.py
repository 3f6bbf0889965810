"""The calendar entries that go with mails: the whole call for one speaker, under the talk's own UID."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.publication import PublicTouchpoint
from app.domain.secret import WayIn
from app.domain.site import Site
from app.domain.states import TalkState
from app.feeds import invite
from app.feeds.words import description, with_way_in
from app.mail.compose import ascii_address
from app.mail.values import CalendarObject, Occasion, Reader
from app.models import Talk, Touchpoint
from app.services.answering import answer_address
from app.services.outbox import newest_sequence
from app.services.publishing import preview_touchpoint
from app.services.talk_facts import talk_facts, told_title
from app.services.wording import governing_wording


def public_view(session: Session, talk: Talk, touchpoint: Touchpoint, *, site: Site) -> PublicTouchpoint:
    """The call as the public sees it once this talk is confirmed too."""
    shown = talks_shown(session, talk, touchpoint)
    wording = governing_wording(session, touchpoint)
    return preview_touchpoint(touchpoint, talks=[talk_facts(each) for each in shown], wording=wording, site=site)


def talks_shown(session: Session, talk: Talk, touchpoint: Touchpoint) -> list[Talk]:
    """The talks of the call that are confirmed, and this one."""
    on_it = select(Talk).where(Talk.touchpoint_id == touchpoint.id).order_by(Talk.position, Talk.id)
    return [each for each in session.scalars(on_it) if each is talk or each.state is TalkState.CONFIRMED]


def begin_entry(session: Session, talk: Talk) -> None:
    """Let the entries that are mailed now be one SEQUENCE step after the newest that left or is about to.

    What was taken back before it left takes no step. Joins the caller's transaction, which holds the talk's row.
    """
    newest = newest_sequence(session, talk)
    talk.sequence = 0 if newest is None else newest + 1


def return_to_newest_entry(session: Session, talk: Talk) -> None:
    """Let the talk stand at the newest entry again, when a newer one was taken back. Joins the transaction."""
    talk.sequence = newest_sequence(session, talk) or 0


def invitation(
    talk: Talk,
    reader: Reader,
    *,
    call: PublicTouchpoint,
    occasion: Occasion,
    url: str,
    way_in: WayIn,
    accepted: bool,
    sequence: int | None = None,
    site: Site,
    now: datetime,
) -> CalendarObject:
    """The speaker's entry for the call as it is now. `way_in` is for speakers and stands in no public feed.

    `sequence` is that of an entry that has not left and is written anew.
    """
    entry = _entry(talk, reader, occasion, site=site, now=now)
    entry = entry if sequence is None else replace(entry, sequence=sequence)
    text = with_way_in(description(call, url=url), way_in)
    return CalendarObject(
        "REQUEST" if entry.attendee else "PUBLISH",
        invite.request(entry, description=text, url=url, location=way_in.address.reveal(), accepted=accepted),
        sequence=entry.sequence,
        by_hand=not entry.attendee,
        answers_to=_own_address(talk, reader, site=site),
    )


def cancellation(talk: Talk, reader: Reader, *, was: Occasion, site: Site, now: datetime) -> CalendarObject:
    """The entry taken back. The caller has begun a new entry, so that calendars believe it."""
    entry = _entry(talk, reader, was, site=site, now=now)
    return CalendarObject(
        "CANCEL",
        invite.cancel(entry),
        sequence=talk.sequence,
        by_hand=not entry.attendee,
        answers_to=_own_address(talk, reader, site=site),
    )


def answers_to(occasion: Occasion, *, site: Site) -> str:
    """The mailbox to which calendars answer, for Reply-To; none where nobody is invited, only told.

    An entry that names an address of its own (`CalendarObject.answers_to`) is answered there instead.
    """
    return occasion.mailbox if site.invite_mode == "request" else ""


def _own_address(talk: Talk, reader: Reader, *, site: Site) -> str:
    """Where the calendar of this very speaker answers about this talk: its token makes the answer count. Empty where
    nobody is invited, or no mail that comes in is read.
    """
    own = next((answer for answer in talk.confirmations if answer.speaker.email == reader.address), None)
    return answer_address(own, site=site) if own is not None and site.invite_mode == "request" else ""


def _entry(talk: Talk, reader: Reader, occasion: Occasion, *, site: Site, now: datetime) -> invite.Entry:
    invited = site.invite_mode == "request"
    return invite.Entry(
        uid=f"{talk.uid}@{site.uid_domain}",
        sequence=talk.sequence,
        stamp=now,
        starts_at=occasion.starts_at,
        ends_at=occasion.ends_at,
        summary=f"{occasion.series}: {told_title(talk)}",
        organizer=_own_address(talk, reader, site=site)
        or ascii_address(occasion.mailbox or parseaddr(site.reply_to)[1]),
        organizer_name=occasion.series,
        attendee=ascii_address(reader.address) if invited else "",
        attendee_name=reader.name if invited else "",
    )
