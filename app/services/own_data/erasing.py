"""Erasing somebody: in one transaction everything that we hold about them goes, or stays without them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, delete, or_, update
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, RuleViolation
from app.domain.people import Role
from app.domain.signing_in import is_recent
from app.domain.site import Site
from app.mail.erasure import Erased
from app.models import Base, BouncingAddress, Person, Review, SignIn, SignInRequest, Subscription
from app.services.addresses import normal_address
from app.services.auditing import Actor, record
from app.services.naming_elsewhere import take_names_out
from app.services.notifying.own_data import notify_erased, notify_left
from app.services.own_data.holders import Holder, holder_of
from app.services.own_data.imported import forget_imported
from app.services.own_data.leaving import Fate, Outcome, leave, shares_of
from app.services.own_data.mails import answers_of, forget_mails_from, forget_mails_to, take_out_of_mails
from app.services.own_data.traces import traces_of
from app.services.people import expect_another_organizer
from app.services.publishing import publish_touchpoints
from app.services.publishing_notes import erase_from_notes
from app.services.turns import wait_for_turn
from app.services.working_groups.unnaming import erase_chairs, take_names_out_of_groups

log = logging.getLogger(__name__)


def erase_oneself(session: Session, sign_in: SignIn, typed: str, *, by: Actor, site: Site, now: datetime) -> Erased:
    """Erase whoever is signed in, once they have typed their address.

    Raises InvalidInput (email) for another address, and RuleViolation for a sign-in that is not recent: a browser left
    open must not be enough. Raises as `erase` does.
    """
    person = sign_in.person
    if not is_recent(sign_in, now=now):
        raise RuleViolation("Sign in again first: that proves that you read the mails to your address.")
    if normal_address(typed) != person.email:
        raise InvalidInput({"email": f"Type your address as it stands here: {person.email}"})
    return erase(session, holder_of(session, person), by=by, site=site, now=now)


def erase(session: Session, holder: Holder, *, by: Actor, site: Site, now: datetime) -> Erased:
    """Erase the holder. The last mail is its receipt.

    Raises RuleViolation for the last organizer: nobody could look after the calls.
    """
    number = holder.person_id
    if holder.person is not None:
        _expect_free(session, holder.person)
    shares = shares_of(session, holder, now=now)
    own = [speaker for share in shares for speaker in share.own]
    traces = traces_of(holder, own)
    received = forget_mails_from(session, holder, answers_of(session, [speaker.id for speaker in own]))
    dropped = forget_mails_to(session, holder)
    take_out_of_mails(session, [share.proposal for share in shares], traces)
    forget_imported(session, holder, traces)
    chaired = erase_chairs(session, holder.addresses, by=by, now=now)
    unnamed = (*traces.without_affiliations().identities, *chaired)
    take_names_out_of_groups(session, unnamed, by=by, now=now)
    erase_from_notes(session, unnamed, by=by, now=now)
    elsewhere = take_names_out(session, unnamed, by=by, now=now)
    if holder.person is not None:
        _leave_office(session, holder.person)
    outcomes = leave(session, shares, traces, by=by, site=site, now=now)
    publish_touchpoints(session, elsewhere, site=site, now=now)
    notify_left(session, outcomes, site=site, now=now)
    _forget_addresses(session, holder)
    if holder.person is not None:
        forget_person(session, holder.person, by=by, now=now)
    done = _summary(outcomes, mails=dropped, received=received)
    notify_erased(session, holder.addresses[0], done, site=site, now=now)
    session.commit()
    log.warning("erased: person=%s; an older backup brings them back (docs/operations.md)", number)
    return done


def forget_person(session: Session, person: Person, *, by: Actor, now: datetime, action: str = "person.erased") -> None:
    """Delete the account with its sign-ins and calendars; what it did stays, done by nobody in particular.

    Walks every table, so that none can be forgotten. Joins the caller's transaction.
    """
    record(session, action, person, by=by, now=now)
    session.flush()
    for table in Base.metadata.sorted_tables:
        _release(session, table, person.id)
    session.expire_all()
    session.delete(person)
    session.flush()


def _release(session: Session, table: Table, person_id: int) -> None:
    """Where a row can be without the person it stays; else it goes."""
    for column in table.columns:
        if any(key.column.table.name == "person" for key in column.foreign_keys):
            theirs = column == person_id
            can_stay = update(table).where(theirs).values({column.name: None})
            session.execute(can_stay if column.nullable else delete(table).where(theirs))


def _expect_free(session: Session, person: Person) -> None:
    """Nobody changes this person until the transaction ends; the last organizer has to stay."""
    wait_for_turn(session, "person", person.email)
    session.refresh(person)
    if person.role is Role.ORGANIZER:
        expect_another_organizer(session, person)


def _leave_office(session: Session, person: Person) -> None:
    """No mail goes to them as an organizer; their votes stay, their words go."""
    person.role = Role.VOLUNTEER
    session.execute(update(Review).where(Review.organizer_id == person.id).values(comment=""))


def _forget_addresses(session: Session, holder: Holder) -> None:
    for table in (Subscription, BouncingAddress):
        session.execute(delete(table).where(table.email.in_(holder.addresses)))
    asked = or_(SignInRequest.email.in_(holder.addresses), SignInRequest.person_id == holder.person_id)
    session.execute(delete(SignInRequest).where(asked))


def _summary(outcomes: Sequence[Outcome], *, mails: int, received: int) -> Erased:
    fates = Counter(outcome.fate for outcome in outcomes)
    return Erased(
        unnamed=fates[Fate.STAYS_UNNAMED],
        ended=fates[Fate.ENDS],
        handed_on=fates[Fate.GOES_ON],
        mails_dropped=mails,
        mails_received=received,
    )
