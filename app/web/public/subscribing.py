"""Calls by e-mail: ask, confirm, change, leave. Pages behind mailed links change nothing until their button is used."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import InvalidInput
from app.domain.subscriptions import Interests
from app.extensions import csrf, db
from app.services import following, links, subscribing
from app.services.subscribing import Offer
from app.web.clock import now
from app.web.context import visitor_zone
from app.web.fields import read_number
from app.web.guards import public
from app.web.htmx import go_to
from app.web.limits import limit_subscribing, limit_subscription
from app.web.public import blueprint
from app.web.site import site


@blueprint.get("/subscribe/by-mail")
@public
def subscribe_by_mail() -> Response:
    """The form: an address, what, and how often."""
    offer, asked = _offer(), request.args
    series = [slug for slug, _ in offer.series if slug == asked.get("series")]
    topics = [slug for slug, _ in offer.topics if slug == asked.get("topic")]
    form = {"scope": "some" if series or topics else "all", "series": series, "topics": topics, "rhythm": "once"}
    return _form_page({**form, "day_before": "yes", "time_zone": visitor_zone() or ""})


@blueprint.post("/subscribe/by-mail")
@limit_subscribing
@public
def ask_by_mail() -> Response:
    """Mail a question to the address. The answer is the same for every address."""
    address, zone = request.form.get("email", ""), request.form.get("time_zone", "")
    try:
        subscribing.ask_to_subscribe(db.session(), address, _sent(), time_zone=zone, site=site(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return _form_page(_typed(), errors=error.errors, status=422)
    return go_to(url_for("public.asked_by_mail"))


@blueprint.get("/subscribe/by-mail/asked")
@public
def asked_by_mail() -> Response:
    """Look into your mail."""
    return _page("asked")


@blueprint.get("/subscribe/confirm/<token>")
@limit_subscription
@public
def confirm_by_mail(token: str) -> Response:
    """What the mailed link opens: the choices and a button."""
    subscription = links.find_subscribing(db.session(), token, site=site())
    subscribing.expect_open(subscription, now=now())
    return _page("confirm", token=token, said=_offer().in_words(following.interests_of(subscription)))


@blueprint.post("/subscribe/confirm/<token>")
@limit_subscription
@public
def confirmed_by_mail(token: str) -> Response:
    """The button: from now on mails come."""
    subscription = links.find_subscribing(db.session(), token, site=site())
    subscribing.confirm_subscription(db.session(), subscription, now=now())
    flash("You are subscribed. This page is yours: each mail has a link to it.", "good")
    return go_to(links.subscription_path(subscription, site=site()))


@blueprint.get("/subscribe/mine/<token>")
@limit_subscription
@public
def my_subscription(token: str) -> Response:
    """A subscriber's own choices."""
    return _mine_page(token)


@blueprint.post("/subscribe/mine/<token>")
@limit_subscription
@public
def change_subscription(token: str) -> Response:
    """Choose anew."""
    subscription = links.find_subscription(db.session(), token, site=site())
    version = read_number(request.form.get("version", "")) or 0
    zone = request.form.get("time_zone", "")
    try:
        subscribing.change_interests(
            db.session(), subscription, _sent(), time_zone=zone, version=version, site=site(), now=now()
        )
    except InvalidInput as error:
        db.session.rollback()
        return _mine_page(token, form=_typed(), errors=error.errors, status=422)
    flash("Your choices are saved.", "good")
    return go_to(url_for("public.my_subscription", token=token))


@blueprint.get("/subscribe/off/<token>")
@limit_subscription
@public
def leave(token: str) -> Response:
    """What the link in each mail opens: one button. Opening it changes nothing."""
    subscription = links.find_leaving(db.session(), token, site=site())
    return _page("leave", token=token, is_on=subscription is not None)


@blueprint.post("/subscribe/off/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]
@public
def leave_at_once(token: str) -> Response:
    """The button, and the one click of mail programs (RFC 8058): no form of ours, no cookie, no redirect.

    The signed token is the permission, and all that it can do is end this subscription. Doing it twice is no error.
    No limit: large mail providers ask for many readers from few addresses.
    """
    subscription = links.find_leaving(db.session(), token, site=site())
    if subscription is not None:
        subscribing.unsubscribe(db.session(), subscription, now=now())
    if request.form.get("List-Unsubscribe") == "One-Click":
        return Response("You are unsubscribed.\n", mimetype="text/plain")
    return _page("left")


def _page(name: str, *, status: int = 200, **context: Any) -> Response:
    body = render_template(f"pages/public/by_mail_{name}.html", **context)
    return Response(body, status, mimetype="text/html", headers={"X-Robots-Tag": "noindex"})


def _form_page(form: dict[str, Any], *, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    return _page("form", form=form, errors=errors or {}, offer=_offer(), status=status)


def _mine_page(
    token: str, *, form: dict[str, Any] | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    subscription = links.find_subscription(db.session(), token, site=site())
    chosen = following.interests_of(subscription)
    stored = {
        "scope": "all" if chosen.all_calls else "some",
        "series": sorted(chosen.series),
        "topics": sorted(chosen.topics),
        "rhythm": "weekly" if chosen.weekly else "once",
        "day_before": "yes" if chosen.day_before else "no",
        "time_zone": subscription.time_zone,
    }
    return _page(
        "mine",
        token=token,
        form=form or stored,
        errors=errors or {},
        offer=_offer(),
        email=subscription.email,
        version=subscription.version,
        is_on=subscription.confirmed_at is not None and subscription.stopped_at is None,
        leaving=links.leaving_path(subscription, site=site()),
        status=status,
    )


def _offer() -> Offer:
    return subscribing.what_is_offered(db.session(), now=now())


def _sent() -> Interests:
    """The form's choices. Raises InvalidInput."""
    form = request.form
    return _offer().check(
        scope=form.get("scope", ""),
        series=form.getlist("series"),
        topics=form.getlist("topics"),
        rhythm=form.get("rhythm", ""),
        day_before=form.get("day_before", ""),
    )


def _typed() -> dict[str, Any]:
    """The form as it was sent, to be shown again."""
    form = request.form
    lists = {name: form.getlist(name) for name in ("series", "topics")}
    words = {name: form.get(name, "")[:254] for name in ("email", "scope", "rhythm", "day_before", "time_zone")}
    return {**words, **lists}
