"""The organizers' pages of touchpoints: new dates, and everything about one call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.agenda import SegmentKind
from app.domain.cadence import HORIZON
from app.domain.errors import Conflict, InvalidInput
from app.domain.localtime import when_in_words
from app.domain.permissions import Permission
from app.domain.text import clean_line
from app.extensions import db
from app.models import Touchpoint
from app.services import scheduling
from app.services.moderating import appoint_moderator, possible_moderators
from app.services.queries import touchpoints as queries
from app.services.queries.series import find_series
from app.services.queries.working_groups import group_choices
from app.services.series import save_join_link
from app.web.clock import now
from app.web.fields import read_clock, read_day, read_number
from app.web.guards import allow
from app.web.htmx import go_to, is_htmx
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.organizer.series_forms import AgendaForm, sent_way_in, stale_form
from app.web.site import site

schedules = allow(Permission.SCHEDULE)
_USUAL = timedelta(days=183)  # half a year is what people plan at once


@blueprint.get("/touchpoints/new")
@schedules
def touchpoint_new() -> Response:
    """Open dates from the cadences up to a day, or add one call."""
    return _new_page()


@blueprint.post("/touchpoints/open")
@schedules
def touchpoint_open() -> Response:
    """Open what the cadences give; without its Save button, show what that would be."""
    until = read_day(request.form.get("until", ""))
    if request.form.get("action") != "save":
        return _new_page(until=until)
    only = request.form.get("only", "")
    try:
        if until is None:
            raise InvalidInput({"until": "Give the day up to which to open."})
        opened = scheduling.open_touchpoints(
            db.session(),
            until=until,
            only=find_series(db.session(), only) if only else None,
            by=current_actor(),
            site=site(),
            now=now(),
        )
    except InvalidInput as error:
        return _new_page(error.errors, until=until)
    flash(f"{len(opened)} new dates are open." if opened else "Every date up to then was open already.", "good")
    return go_to(url_for("organizer.board"))


@blueprint.post("/touchpoints/add")
@schedules
def touchpoint_add() -> Response:
    """Add a one-off call."""
    series = find_series(db.session(), request.form.get("series", ""))
    try:
        at, minutes = _wall_time(), read_number(request.form.get("minutes", "")) or 0
        made = scheduling.add_touchpoint(
            db.session(), series, at=at, minutes=minutes, by=current_actor(), site=site(), now=now()
        )
    except InvalidInput as error:
        return _new_page(error.errors)
    flash(f"Added: {_words(made)}.", "good")
    return go_to(url_for("organizer.touchpoint", key=made.key))


@blueprint.get("/touchpoints/<key>/manage")
@schedules
def touchpoint(key: str) -> Response:
    """Everything about one call."""
    return touchpoint_page(key)


@blueprint.post("/touchpoints/<key>/move")
@schedules
def touchpoint_move(key: str) -> Response:
    """Move the call to another day or time."""

    def move(call: Touchpoint) -> str:
        to = _wall_time()
        scheduling.move_touchpoint(
            db.session(), call, to=to, version=_version(), by=current_actor(), site=site(), now=now()
        )
        return f"Moved to {_words(call)}."

    return _change(key, move)


@blueprint.post("/touchpoints/<key>/skip")
@schedules
def touchpoint_skip(key: str) -> Response:
    """Hold no call on that date, for a public reason."""

    def skip(call: Touchpoint) -> str:
        reason = clean_line(request.form.get("reason", ""))
        scheduling.skip_touchpoint(
            db.session(), call, reason=reason, version=_version(), by=current_actor(), site=site(), now=now()
        )
        return "Skipped. Its talks are in the inbox again."

    return _change(key, skip)


@blueprint.post("/touchpoints/<key>/restore")
@schedules
def touchpoint_restore(key: str) -> Response:
    """Hold the call after all."""

    def restore(call: Touchpoint) -> str:
        scheduling.restore_touchpoint(
            db.session(), call, version=_version(), by=current_actor(), site=site(), now=now()
        )
        return "The call is on again. Its former talks are in the inbox."

    return _change(key, restore)


@blueprint.post("/touchpoints/<key>/join-link")
@schedules
def touchpoint_join_link(key: str) -> Response:
    """Keep this one call's own secret way in."""

    def keep(call: Touchpoint) -> str:
        way_in = sent_way_in(request.form)
        save_join_link(db.session(), call, way_in, version=_version(), by=current_actor(), site=site(), now=now())
        return "The way in is saved. It is never public." if way_in else "The call uses the way into the series."

    return _change(key, keep)


@blueprint.post("/touchpoints/<key>/moderator")
@schedules
def touchpoint_moderator(key: str) -> Response:
    """Say who moderates this call."""

    def appoint(call: Touchpoint) -> str:
        typed = request.form.get("moderator", "")
        person_id = (read_number(typed) or 0) if typed else None
        appoint_moderator(db.session(), call, person_id, version=_version(), by=current_actor(), site=site(), now=now())
        return f"{call.moderator.name} moderates this call." if call.moderator else "Nobody moderates this call."

    return _change(key, appoint)


@blueprint.get("/touchpoints/<key>/agenda")
@schedules
def touchpoint_agenda(key: str) -> Response:
    """This one call's agenda."""
    call = queries.find_touchpoint(db.session(), key)
    return _agenda_page(key, AgendaForm.of(row.value() for row in call.segments))


@blueprint.post("/touchpoints/<key>/agenda")
@schedules
def touchpoint_save_agenda(key: str) -> Response:
    """Save this call's agenda; without JavaScript its other buttons add and take away rows."""
    call, form = queries.find_touchpoint(db.session(), key), AgendaForm.sent(request.form)
    if (changed := form.changed_rows(request.form)) is not None:
        return _agenda_page(key, changed)
    try:
        scheduling.save_agenda(
            db.session(), call, form.drafts(), version=_version(), by=current_actor(), site=site(), now=now()
        )
    except InvalidInput as error:
        return _agenda_page(key, form, error.errors)
    except Conflict:
        db.session.rollback()
        stored = AgendaForm.of(row.value() for row in queries.find_touchpoint(db.session(), key).segments)
        return _agenda_page(key, form, form.beside(stored), stale=True)
    flash("The agenda of this call is saved.", "good")
    return go_to(url_for("organizer.touchpoint", key=key))


def _change(key: str, change: Callable[[Touchpoint], str]) -> Response:
    """Do it and say what was done, or show the page again with what is wrong."""
    call = queries.find_touchpoint(db.session(), key)
    try:
        said = change(call)
    except InvalidInput as error:
        db.session.rollback()
        return touchpoint_page(key, error.errors)
    except Conflict as error:
        db.session.rollback()
        return touchpoint_page(key, stale_form(request.form, error), stale=True)
    flash(said, "good")
    return go_to(url_for("organizer.touchpoint", key=key))


def touchpoint_page(key: str, errors: dict[str, str] | None = None, *, stale: bool = False) -> Response:
    """Everything about one call, with what is wrong in a form of it, or, where it is `stale`, beside what holds."""
    page = queries.read_touchpoint(db.session(), key, now=now())
    version = page.touchpoint.version if stale else _version() or page.touchpoint.version
    shown = {"page": page, "typed": request.form, "version": version, "stale": stale}
    people = possible_moderators(db.session())
    shown["people_options"] = [(person.id, person.name or person.email) for person in people]
    return _render("pages/organizer/touchpoint.html", errors, **shown)


def _agenda_page(key: str, form: AgendaForm, errors: dict[str, str] | None = None, *, stale: bool = False) -> Response:
    page = queries.read_touchpoint(db.session(), key, now=now())
    version = page.touchpoint.version if stale else _version() or page.touchpoint.version
    groups = group_choices(db.session(), chosen=form.groups)
    shown = {"page": page, "form": form, "kinds": SegmentKind, "version": version, "groups": groups, "stale": stale}
    return _render("pages/organizer/touchpoint_agenda.html", errors, **shown)


def _new_page(errors: dict[str, str] | None = None, *, until: date | None = None) -> Response:
    """Both forms. `until` is shown as it was typed, and counted as far as dates can be planned."""
    today = now().date()
    chosen = until or today + _USUAL
    counted = min(max(chosen, today), today + HORIZON - timedelta(days=1))
    rows = queries.read_new_dates(db.session(), until=counted, now=now())
    typed = request.form or request.args
    only = request.form.get("only", request.args.get("series", ""))
    shown = {"rows": rows, "until": chosen, "today": today, "typed": typed, "only": only}
    if is_htmx():
        return _render("partials/touchpoints/opening.html", None, **shown)
    return _render("pages/organizer/touchpoint_new.html", errors, **shown)


def _render(name: str, errors: dict[str, str] | None, **shown: object) -> Response:
    body = render_template(name, errors=errors or {}, **shown)
    return Response(body, 409 if shown.get("stale") else 422 if errors else 200, mimetype="text/html")


def _wall_time() -> datetime:
    """The day and start of the form as naive wall time. Raises InvalidInput."""
    day, start = read_day(request.form.get("day", "")), read_clock(request.form.get("start", ""))
    problems = {} if day else {"day": "Give the day of the call."}
    if start is None:
        problems["start"] = "Give the start as hours and minutes, like 14:00."
    if day is None or start is None:
        raise InvalidInput(problems)
    return datetime.combine(day, start)


def _version() -> int:
    return read_number(request.form.get("version", "")) or 0


def _words(call: Touchpoint) -> str:
    return when_in_words(call.starts_at, call.minutes, call.time_zone)
