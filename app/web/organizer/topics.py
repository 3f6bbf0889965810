"""The topics that the proposal form offers: a list to add to, rename, order and retire from."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import InvalidInput, NotFound
from app.domain.permissions import Permission
from app.domain.text import clean_line
from app.extensions import db
from app.models import Topic
from app.services import topics as keeping
from app.web.clock import now
from app.web.fields import read_number
from app.web.guards import allow
from app.web.htmx import go_to
from app.web.identity import current_actor
from app.web.organizer import blueprint

manages = allow(Permission.MANAGE_SERIES)


@blueprint.get("/topics")
@manages
def topics() -> Response:
    """Every topic, in the form's order."""
    return _page()


@blueprint.post("/topics")
@manages
def topic_add() -> Response:
    """Offer a new topic."""
    try:
        keeping.add_topic(db.session(), clean_line(request.form.get("name", "")), by=current_actor(), now=now())
    except InvalidInput as error:
        return _page(error.errors)
    flash("The topic is offered from now on.", "good")
    return go_to(url_for("organizer.topics"))


@blueprint.post("/topics/save")
@manages
def topic_save() -> Response:
    """Save every name and place of the list at once."""
    rows = {topic.slug: topic for topic in keeping.list_topics(db.session())}
    names = {slug: clean_line(request.form.get(f"name-{slug}", topic.name)) for slug, topic in rows.items()}
    places = {slug: read_number(request.form.get(f"place-{slug}", "")) for slug in rows}
    wanted = {slug: place for slug, place in places.items() if place is not None}
    try:
        keeping.save_topics(db.session(), names=names, places=wanted, by=current_actor(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return _page(error.errors)
    flash("Saved.", "good")
    return go_to(url_for("organizer.topics"))


@blueprint.post("/topics/<slug>/retire")
@manages
def topic_retire(slug: str) -> Response:
    """Offer it no longer."""
    keeping.retire_topic(db.session(), _find(slug), by=current_actor(), now=now())
    flash("The form does not offer it any more. Proposals that have it keep it.", "good")
    return go_to(url_for("organizer.topics"))


@blueprint.post("/topics/<slug>/offer")
@manages
def topic_offer(slug: str) -> Response:
    """Offer a retired topic again."""
    keeping.offer_topic(db.session(), _find(slug), by=current_actor(), now=now())
    flash("The form offers it again.", "good")
    return go_to(url_for("organizer.topics"))


def _find(slug: str) -> Topic:
    topic = next((topic for topic in keeping.list_topics(db.session()) if topic.slug == slug), None)
    if topic is None:
        raise NotFound("There is no such topic.")
    return topic


def _page(errors: dict[str, str] | None = None) -> Response:
    rows = keeping.list_topics(db.session())
    body = render_template("pages/organizer/topics.html", rows=rows, typed=request.form, errors=errors or {})
    return Response(body, 422 if errors else 200, mimetype="text/html")
