"""The account's part of somebody's data: profile, sign-ins, calendars, subscription, addresses that bounce."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.site import Site
from app.models import BouncingAddress, PersonalFeed, SignIn, SignInRequest, Subscription
from app.services.own_data.holders import Holder
from app.services.own_data.sections import Record, Section


def _profile(_session: Session, holder: Holder, _site: Site) -> list[Record]:
    person = holder.person
    if person is None:
        return []
    return [
        {
            "id": person.id,
            "email": person.email,
            "former_addresses": list(holder.addresses[1:]),
            "name": person.name,
            "pronouns": person.pronouns,
            "affiliation": person.affiliation,
            "role_category": person.role_category.label if person.role_category else "",
            "bio": person.bio,
            "time_zone": person.time_zone,
            "role": person.role.value,
            "created_at": person.created_at,
            "warned_at": person.warned_at,
        }
    ]


def _sign_ins(session: Session, holder: Holder, _site: Site) -> list[Record]:
    rows = session.scalars(select(SignIn).where(SignIn.person_id == holder.person_id).order_by(SignIn.id.desc()))
    return [
        {
            "browser": row.browser,
            "begun_at": row.created_at,
            "last_used_at": row.seen_at,
            "expires_at": row.expires_at,
            "ended_at": row.ended_at,
        }
        for row in rows
    ]


def _requests(session: Session, holder: Holder, _site: Site) -> list[Record]:
    theirs = or_(SignInRequest.email.in_(holder.addresses), SignInRequest.person_id == holder.person_id)
    rows = session.scalars(select(SignInRequest).where(theirs).order_by(SignInRequest.id.desc()))
    return [
        {
            "purpose": row.purpose,
            "email": row.email,
            "asked_at": row.created_at,
            "expires_at": row.expires_at,
            "used_at": row.used_at,
            "wrong_codes": row.attempts,
        }
        for row in rows
    ]


def _calendars(session: Session, holder: Holder, _site: Site) -> list[Record]:
    own = select(PersonalFeed).where(PersonalFeed.person_id == holder.person_id).order_by(PersonalFeed.id.desc())
    return [
        {
            "shows": row.kind.label,
            "label": row.label,
            "made_at": row.created_at,
            "last_used_on": row.used_on,
            "revoked_at": row.revoked_at,
        }
        for row in session.scalars(own)
    ]


def _subscription(session: Session, holder: Holder, _site: Site) -> list[Record]:
    rows = session.scalars(select(Subscription).where(Subscription.email.in_(holder.addresses)))
    return [
        {
            "email": row.email,
            "all_calls": row.all_calls,
            "series": row.series,
            "topics": row.topics,
            "weekly": row.weekly,
            "day_before": row.day_before,
            "time_zone": row.time_zone,
            "asked_at": row.asked_at,
            "confirmed_at": row.confirmed_at,
            "stopped_at": row.stopped_at,
            "last_weekly_mail_at": row.digested_at,
        }
        for row in rows
    ]


def _bouncing(session: Session, holder: Holder, _site: Site) -> list[Record]:
    rows = session.scalars(select(BouncingAddress).where(BouncingAddress.email.in_(holder.addresses)))
    return [
        {
            "email": row.email,
            "times": row.bounces,
            "what_the_server_said": row.words,
            "last_at": row.bounced_at,
            "stopped_at": row.stopped_at,
        }
        for row in rows
    ]


ACCOUNT = (
    Section(
        "profile",
        "Profile",
        "What you told us about yourself, and what you may open here.",
        frozenset({"person.email", "person.name", "person.pronouns", "person.affiliation", "person.bio"}),
        _profile,
    ),
    Section(
        "sign_ins",
        "Sign-ins",
        "The browsers in which you signed in. Of the key in a browser’s cookie we have only a fingerprint.",
        frozenset({"sign_in.person_id", "sign_in.browser"}),
        _sign_ins,
    ),
    Section(
        "asked_links",
        "Links and codes that were asked for",
        "Each time somebody asked to sign in with your address, or you to change it. The keys are not kept.",
        frozenset({"sign_in_request.email", "sign_in_request.person_id"}),
        _requests,
    ),
    Section(
        "calendars",
        "Secret calendar addresses",
        "What each shows. The addresses themselves are not kept.",
        frozenset({"personal_feed.person_id"}),
        _calendars,
    ),
    Section(
        "subscription",
        "Calls by e-mail",
        "What you asked to be told of.",
        frozenset({"subscription.email"}),
        _subscription,
    ),
    Section(
        "returned_mail",
        "Mail that came back",
        "That mail to your address could not be delivered.",
        frozenset({"bouncing_address.email", "bouncing_address.words"}),
        _bouncing,
    ),
)
