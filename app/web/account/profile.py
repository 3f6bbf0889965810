"""One's own profile and sign-ins."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, InvalidInput
from app.domain.people import ProfileForm, RoleCategory
from app.domain.permissions import Permission
from app.domain.signing_in import is_recent
from app.extensions import db
from app.services import links, people, sign_ins, subscribing
from app.services.following import interests_of
from app.services.queries.people import read_sign_ins
from app.web.account import blueprint
from app.web.account.asking import page
from app.web.account.signing_in import signed_out
from app.web.clock import now
from app.web.fields import read_number
from app.web.guards import allow
from app.web.htmx import go_to
from app.web.identity import current_actor, signed_in_here, signed_in_person
from app.web.site import site


@blueprint.get("/profile")
@allow(Permission.OWN_ACCOUNT)
def profile() -> Response:
    """Who one is here, and where one is signed in."""
    return profile_page()


@blueprint.post("/profile")
@allow(Permission.OWN_ACCOUNT)
def save_profile() -> Response:
    """Write the profile. Only its own fields are read: a role or an address in the form is nothing."""
    form = ProfileForm(**{field.name: request.form.get(field.name, "") for field in fields(ProfileForm)})
    version = read_number(request.form.get("version", "")) or 0
    try:
        people.save_profile(db.session(), signed_in_person(), form, version=version, by=current_actor(), now=now())
    except InvalidInput as error:
        return profile_page(form=form, errors=error.errors, status=422)
    except Conflict:
        return profile_page(form=form, stale=people.profile_form(signed_in_person()), status=409)
    flash("Your profile is saved.", "good")
    return go_to(url_for("account.profile"))


@blueprint.post("/profile/sign-ins/<int(max=2147483647):sign_in_id>/end")
@allow(Permission.OWN_ACCOUNT)
def end_sign_in(sign_in_id: int) -> Response:
    """End a sign-in of one's own; to end this browser's is to sign out."""
    here = signed_in_here()
    sign_ins.end_sign_in(db.session(), sign_in_id, by=current_actor(), now=now())
    if sign_in_id == here.id:
        return signed_out("You are signed out.", url_for("public.home"))
    flash("That browser is signed out.", "good")
    return go_to(url_for("account.profile", _anchor="sign-ins"))


@blueprint.post("/profile/sign-ins/end-others")
@allow(Permission.OWN_ACCOUNT)
def end_other_sign_ins() -> Response:
    """End every sign-in but this browser's."""
    ended = sign_ins.end_other_sign_ins(db.session(), signed_in_here(), by=current_actor(), now=now())
    flash(f"{ended} other {'browser is' if ended == 1 else 'browsers are'} signed out.", "good")
    return go_to(url_for("account.profile", _anchor="sign-ins"))


def profile_page(*, form: ProfileForm | None = None, errors: dict[str, str] | None = None, **shown: Any) -> Response:
    """The page as it is stored, or with what was typed into `form`.

    `stale` is the profile as somebody else left it, `address` a new address that was typed; `status` is HTTP's.
    """
    person, here = signed_in_person(), signed_in_here()
    return page(
        "profile",
        person=person,
        form=form or people.profile_form(person),
        errors=errors or {},
        categories=[(category.value, category.label) for category in RoleCategory],
        is_recent=is_recent(here, now=now()),
        here=here,
        sign_ins=read_sign_ins(db.session(), person, now=now()),
        by_mail=_calls_by_mail(person.email),
        **shown,
    )


def _calls_by_mail(email: str) -> dict[str, object] | None:
    """What is mailed about calls to the person's own address, and the page on which they change it."""
    subscription = subscribing.find_own(db.session(), email)
    if subscription is None:
        return None
    offer = subscribing.what_is_offered(db.session(), now=now())
    return {
        "said": offer.in_words(interests_of(subscription)),
        "is_stopped": subscription.stopped_at is not None,
        "path": links.subscription_path(subscription, site=site()),
    }
