"""Every kind of mail that the house writes, about the people of the scene."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.domain.received import CalendarAnswer
from app.models import CalendarReply, OutboxMessage, Subscription
from app.services import announcing, digesting, notes, notifying, organizers_week, telling
from app.services.notifying.moderators import notify_moderating, notify_moderating_soon
from app.services.notifying.notes import notify_notes_ready, notify_scribe
from app.services.notifying.own_data import notify_unused
from app.services.notifying.subscribers import notify_subscribe, notify_subscribed
from tests.leaks.canaries import CANARIES, ORGANIZER, SCRIBE
from tests.leaks.community import Community
from tests.leaks.searching import Search

FOLLOWER, WEEKLY = "follower@example.net", "weekly@example.net"
Letter = tuple[str, str, frozenset[str]]


def let_people_follow(community: Community) -> None:
    """Two strangers hear of every call: at once, and once a week."""
    now = community.clock.now
    for address in (FOLLOWER, WEEKLY):
        row = Subscription(email=address, asked_at=now, asked_since=now, confirmed_at=now, digested_at=now)
        row.weekly, row.day_before = address == WEEKLY, True
        community.session.add(row)
    community.session.commit()


def tell_followers(community: Community, *, at: datetime) -> None:
    """What the worker does about them."""
    now = community.clock.advance(at - community.clock.now)
    announcing.plan_reminders(community.session, now=now)
    while telling.tell_next(community.session, site=community.site, now=now):
        pass
    while digesting.digest_next(community.session, site=community.site, now=now):
        pass


def write_the_rest(community: Community) -> None:
    """The mails that no happening of the scene causes, each by what the house calls for it."""
    session, site, now = community.session, community.site, community.later()
    proposal, talk, call = community.duo, community.talks()[-1], community.calls[-1]
    answer = talk.confirmations[0]
    person, scribe = community.people[CANARIES[0]], community.people[SCRIBE]
    saw = {"site": site, "now": now}
    for notify in (notifying.notify_verify, notifying.notify_received, notifying.notify_draft_saved):
        notify(session, proposal, **saw)
    notifying.notify_accepted(session, proposal, **saw)
    notifying.notify_declined(session, proposal, **saw)
    notifying.notify_sign_in(session, person.email, link="https://x.example/sign-in/link/a", code="123456", **saw)
    notifying.notify_new_address(session, person, person.email, link="https://x.example/b", code="123456", **saw)
    notifying.notify_address_changed(session, person, was=person.email, **saw)
    notifying.notify_updated(session, talk, **saw)
    notifying.notify_declined_date(session, talk, confirmation=answer, **saw)
    answer.calendar_reply = CalendarReply(
        answer=CalendarAnswer.DECLINED, sequence=talk.sequence, stamp=now, received_at=now, words=CANARIES[0].note
    )
    notifying.notify_may_not_come(session, answer.calendar_reply, **saw)
    notifying.notify_upcoming(session, talk, step=7, **saw)
    notifying.notify_thanked(session, talk, **saw)
    notifying.notify_week(session, organizers_week.read_week(session, now=now), week="2027-W01", **saw)
    notify_moderating(session, call, call.moderator, **saw)
    notify_moderating_soon(session, call, call.moderator, **saw)
    notify_scribe(session, call, scribe, **saw)
    written = notes.save_notes(session, call, "What was said.", version=0, by=community.by(ORGANIZER), now=now)
    notify_notes_ready(session, call, written, but=[], **saw)
    notify_unused(session, person, goes_at=now, **saw)
    follower = session.scalars(select(Subscription).where(Subscription.email == FOLLOWER)).one()
    notify_subscribe(session, follower, **saw)
    notify_subscribed(session, follower, **{**saw, "now": community.later()})
    session.commit()


def ask_and_withdraw(community: Community) -> None:
    """A talk whose speaker is reminded, and then takes it back."""
    proposal = community.propose(CANARIES[2])
    talk = community.place(proposal, community.calls[-1])
    notifying.notify_reminded(community.session, talk, site=community.site, now=community.later())
    community.withdraw(proposal)


def read_letters(community: Community, search: Search) -> set[Letter]:
    """(kind, recipient, words) of every mail that is there, sent or not."""
    query = select(OutboxMessage.kind, OutboxMessage.recipient, OutboxMessage.message).order_by(OutboxMessage.id)
    return {
        (kind, recipient, search.found_in_mail(message))
        for kind, recipient, message in community.session.execute(query)
        if message is not None
    }
