"""The series pages: the list, one series, its form, cadence with a preview, exceptions, agenda and join link."""

from __future__ import annotations

import calendar

from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.agenda import SegmentKind
from app.domain.cadence import NTH_WORDS, NTHS
from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.permissions import Permission
from app.domain.series import HUES, SHAPES
from app.domain.text import clean_line
from app.extensions import db
from app.models import Series
from app.services import series as keeping
from app.services.queries import series as queries
from app.services.queries.public_details import detail_choices
from app.services.queries.working_groups import group_choices
from app.services.reminding import save_reminder_days
from app.web.clock import now
from app.web.context import visitor_zone
from app.web.fields import read_day, read_number
from app.web.guards import allow
from app.web.htmx import go_to, is_htmx
from app.web.identity import current_actor
from app.web.organizer import blueprint
from app.web.organizer.series_forms import AgendaForm, RuleForm, SeriesForm, sent_way_in, stale_form
from app.web.site import site

manages = allow(Permission.MANAGE_SERIES)
_MENU = {
    "weekdays": [(str(number), calendar.day_name[number - 1]) for number in range(1, 8)],
    "nths": [(str(nth), NTH_WORDS[nth].capitalize()) for nth in NTHS],
}


@blueprint.get("/series")
@manages
def series() -> str:
    """Every series with its cadence and its next call."""
    return render_template("pages/organizer/series.html", rows=queries.list_series(db.session(), now=now()))


@blueprint.get("/series/new")
@manages
def series_new() -> Response:
    """The form of a new series."""
    return _form_page(None, SeriesForm.empty())


@blueprint.post("/series")
@manages
def series_create() -> Response:
    """Begin a series, then give it a cadence."""
    form = SeriesForm.sent(request.form)
    try:
        made = keeping.create_series(db.session(), form.draft(), by=current_actor(), now=now())
    except InvalidInput as error:
        return _form_page(None, form, error.errors)
    flash(f"{made.short_name} is there. Give it a cadence, so that it has dates.", "good")
    return go_to(url_for("organizer.series_new_rule", slug=made.slug))


@blueprint.get("/series/<slug>")
@manages
def series_one(slug: str) -> Response:
    """One series with the next dates of its cadence."""
    return series_page(slug)


@blueprint.get("/series/<slug>/edit")
@manages
def series_edit(slug: str) -> Response:
    """The form of a series."""
    found = queries.find_series(db.session(), slug)
    return _form_page(found, SeriesForm.of(found))


@blueprint.post("/series/<slug>/edit")
@manages
def series_save(slug: str) -> Response:
    """Change what a series says of itself."""
    found, form = queries.find_series(db.session(), slug), SeriesForm.sent(request.form)
    try:
        keeping.save_series(
            db.session(), found, form.draft(), version=_version(), by=current_actor(), site=site(), now=now()
        )
    except InvalidInput as error:
        return _form_page(found, form, error.errors)
    except Conflict:
        db.session.rollback()
        found = queries.find_series(db.session(), slug)
        return _form_page(found, form, form.beside(SeriesForm.of(found)), stale=True)
    flash("Saved. Pages and calendars show it from now on.", "good")
    return go_to(url_for("organizer.series_one", slug=found.slug))


@blueprint.get("/series/<slug>/rules/new")
@manages
def series_new_rule(slug: str) -> Response:
    """The form of a cadence rule, with the dates that it would give."""
    found = queries.find_series(db.session(), slug)
    form = RuleForm.starting([row.value() for row in found.rules], today=now().date(), zone=visitor_zone() or "UTC")
    return _rule_page(found, form, preview=bool(found.rules))


@blueprint.post("/series/<slug>/rules")
@manages
def series_add_rule(slug: str) -> Response:
    """Preview a rule (any button but Save, and each change under htmx), or let it hold from its date."""
    found, form = queries.find_series(db.session(), slug), RuleForm.sent(request.form)
    if request.form.get("action") != "save":
        return _rule_page(found, form)
    try:
        keeping.add_rule(db.session(), found, form.draft(), version=_version(), by=current_actor(), now=now())
    except InvalidInput as error:
        return _rule_page(found, form, errors=error.errors)
    flash("The rule is saved. Open touchpoints up to a date when you are ready.", "good")
    return go_to(url_for("organizer.series_one", slug=slug))


@blueprint.post("/series/<slug>/rules/<int(max=2147483647):rule_id>/remove")
@manages
def series_remove_rule(slug: str, rule_id: int) -> Response:
    """Take back a rule that has not begun."""
    rule = next((row for row in queries.find_series(db.session(), slug).rules if row.id == rule_id), None)
    if rule is None:
        raise NotFound("This rule is gone already.")
    keeping.remove_rule(db.session(), rule, by=current_actor(), now=now())
    flash("The rule is taken back.", "good")
    return go_to(url_for("organizer.series_one", slug=slug))


@blueprint.post("/series/<slug>/exceptions")
@manages
def series_add_exception(slug: str) -> Response:
    """Leave a date of the cadence out."""
    found, form = queries.find_series(db.session(), slug), request.form
    day, reason = read_day(form.get("day", "")), clean_line(form.get("reason", ""))
    try:
        keeping.add_exception(db.session(), found, day=day, reason=reason, by=current_actor(), now=now())
    except InvalidInput as error:
        return series_page(slug, error.errors)
    flash("No touchpoint will be opened on that date.", "good")
    return go_to(url_for("organizer.series_one", slug=slug))


@blueprint.post("/series/<slug>/exceptions/<day>/remove")
@manages
def series_remove_exception(slug: str, day: str) -> Response:
    """Let the cadence give that date again."""
    found, read = queries.find_series(db.session(), slug), read_day(day)
    if read is None:
        raise NotFound("There is no such date.")
    keeping.remove_exception(db.session(), found, day=read, by=current_actor(), now=now())
    flash("The cadence gives that date again.", "good")
    return go_to(url_for("organizer.series_one", slug=slug))


@blueprint.get("/series/<slug>/agenda")
@manages
def series_agenda(slug: str) -> Response:
    """The agenda that new touchpoints of the series begin with."""
    found = queries.find_series(db.session(), slug)
    return _agenda_page(found, AgendaForm.of(row.value() for row in found.template))


@blueprint.post("/series/<slug>/agenda")
@manages
def series_save_agenda(slug: str) -> Response:
    """Save the template; without JavaScript its other buttons add and take away rows."""
    found, form = queries.find_series(db.session(), slug), AgendaForm.sent(request.form)
    if (changed := form.changed_rows(request.form)) is not None:
        return _agenda_page(found, changed)
    try:
        keeping.save_template(db.session(), found, form.drafts(), version=_version(), by=current_actor(), now=now())
    except InvalidInput as error:
        return _agenda_page(found, form, error.errors)
    except Conflict:
        db.session.rollback()
        stored = AgendaForm.of(row.value() for row in found.template)
        return _agenda_page(found, form, form.beside(stored), stale=True)
    flash("Saved. Touchpoints opened from now on begin with it; those that are open keep theirs.", "good")
    return go_to(url_for("organizer.series_one", slug=slug))


@blueprint.post("/series/<slug>/join-link")
@manages
def series_save_join_link(slug: str) -> Response:
    """Keep the secret way into the series' calls."""
    found = queries.find_series(db.session(), slug)
    way_in = sent_way_in(request.form)
    try:
        keeping.save_join_link(
            db.session(), found, way_in, version=_version(), by=current_actor(), site=site(), now=now()
        )
    except InvalidInput as error:
        return series_page(slug, error.errors)
    except Conflict as error:
        db.session.rollback()
        return series_page(slug, stale_form(request.form, error), stale=True)
    flash("The way in is saved. It is never public." if way_in else "The join link is gone.", "good")
    return go_to(url_for("organizer.series_one", slug=slug))


@blueprint.post("/series/<slug>/reminders")
@manages
def series_save_reminders(slug: str) -> Response:
    """Keep the days before a call on which its speakers are reminded."""
    found, days = queries.find_series(db.session(), slug), clean_line(request.form.get("reminder_days", ""))[:200]
    try:
        save_reminder_days(db.session(), found, days, version=_version(), by=current_actor(), now=now())
    except InvalidInput as error:
        return series_page(slug, error.errors)
    flash("Saved. Reminders that are due from now on follow it.", "good")
    return go_to(url_for("organizer.series_one", slug=slug))


def _version() -> int:
    return read_number(request.form.get("version", "")) or 0


def _page(name: str, errors: dict[str, str] | None, **shown: object) -> Response:
    body = render_template(name, errors=errors or {}, **shown)
    return Response(body, 409 if shown.get("stale") else 422 if errors else 200, mimetype="text/html")


def _seen(found: Series | None) -> int:
    """The version that the form saw first, kept while it comes back; the present one on a fresh page."""
    return _version() or (found.version if found else 0)


def series_page(slug: str, errors: dict[str, str] | None = None, *, stale: bool = False) -> Response:
    page = queries.read_series(db.session(), slug, now=now())
    today = now().date()
    return _page("pages/organizer/series_one.html", errors, stale=stale, page=page, typed=request.form, today=today)


def _form_page(
    found: Series | None, form: SeriesForm, errors: dict[str, str] | None = None, *, stale: bool = False
) -> Response:
    choices = {
        name: [(word, word.capitalize()) for word in words] for name, words in (("hues", HUES), ("shapes", SHAPES))
    }
    return _page(
        "pages/organizer/series_form.html",
        errors,
        series=found,
        stale=stale,
        version=found.version if stale and found else _seen(found),
        form=form.fields,
        details=detail_choices(short_name=clean_line(form.fields.get("short_name", "")), now=now()),
        **choices,
    )


def _rule_page(
    found: Series, form: RuleForm, *, errors: dict[str, str] | None = None, preview: bool = True
) -> Response:
    """The form beside its preview; htmx gets the preview alone, with what is wrong in words."""
    shown, wrong = None, errors or {}
    if preview and not errors:
        try:
            rule = keeping.read_new_rule(found, form.draft(), now=now())
            shown = queries.preview_rule(db.session(), found, rule, now=now())
        except InvalidInput as error:
            wrong = error.errors
    if is_htmx():
        return Response(
            render_template("partials/series/preview.html", preview=shown, wrong=wrong), mimetype="text/html"
        )
    return _page(
        "pages/organizer/series_rule.html",
        wrong,
        series=found,
        version=_seen(found),
        form=form,
        preview=shown,
        wrong={},
        **_MENU,
    )


def _agenda_page(
    found: Series, form: AgendaForm, errors: dict[str, str] | None = None, *, stale: bool = False
) -> Response:
    return _page(
        "pages/organizer/series_agenda.html",
        errors,
        series=found,
        version=found.version if stale else _seen(found),
        form=form,
        stale=stale,
        minutes=keeping.template_minutes(found, today=now().date()),
        kinds=SegmentKind,
        groups=group_choices(db.session(), chosen=form.groups),
    )
