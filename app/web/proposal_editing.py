"""Editing a proposal, by its volunteer and by organizers alike: the form, its preview, both states of a conflict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, request
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from app.database import read_only
from app.domain.errors import Conflict, InvalidInput
from app.extensions import db
from app.models import Proposal
from app.services import proposing
from app.services.auditing import Actor
from app.services.proposal_content import draft_of
from app.services.queries.proposal_choices import read_choices
from app.web.clock import now
from app.web.htmx import go_to, is_htmx, respond
from app.web.proposal_changes import differences
from app.web.proposal_form import ProposalForm
from app.web.proposal_page import PREVIEW, SPEAKERS, choice_words, form_context, with_neutral_words
from app.web.site import site


@dataclass(frozen=True)
class Desk:
    """Where a proposal is edited: how it is found (again), who edits, and the addresses around the form."""

    find: Callable[[], Proposal]
    by: Actor
    nav: str
    save_url: str
    back_url: str
    preview_url: str
    speakers_url: str


def show_form(desk: Desk) -> Response:
    """The form, as long as nobody has decided. Raises RuleViolation afterwards."""
    found = desk.find()
    proposing.expect_editable(found, site=site(), now=now())
    return _page(desk, found, ProposalForm.of(draft_of(found)))


def save_form(desk: Desk) -> Response:
    """Write the corrections. Where somebody else was faster, both states are shown and nothing is lost."""
    found, form = desk.find(), ProposalForm.sent(request.form)
    version = request.form.get("version", 0, type=int)
    try:
        proposing.edit_proposal(db.session(), found, form.draft(), version=version, by=desk.by, site=site(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return _page(desk, desk.find(), form, errors=error.errors, version=version, status=422)
    except (Conflict, StaleDataError):
        db.session.rollback()
        found = desk.find()
        stored = draft_of(found)
        words = choice_words(read_choices(db.session(), chosen=stored, now=now()))
        return _page(desk, found, form, changes=differences(ProposalForm.of(stored), form, words=words), status=409)
    flash("Saved.", "good")
    return go_to(desk.back_url)


def preview_form(desk: Desk) -> Response:
    """What the public calendar would say. Nothing is kept."""
    with read_only():
        return _page(desk, desk.find(), previewed_form())


def previewed_form() -> ProposalForm:
    """The form as sent, with neutral words in the field for which they were taken."""
    form = ProposalForm.sent(request.form)
    return with_neutral_words(form, request.form["neutral"]) if "neutral" in request.form else form


def change_speakers_form(desk: Desk) -> Response:
    """The form with one speaker more, or without one. Nothing is kept."""
    form, focus = changed_speakers()
    with read_only():
        return _page(desk, desk.find(), form, parts=SPEAKERS, focus=focus, preview_oob=is_htmx())


def changed_speakers() -> tuple[ProposalForm, int | str]:
    """The form with one more speaker (`add`) or without one (`remove`, its number), and where the focus goes."""
    form = ProposalForm.sent(request.form)
    if "add" in request.form:
        longer = form.with_speaker()
        return longer, longer.numbers[-1]
    return form.without_speaker(request.form.get("remove", -1, type=int)), "add"


def _page(
    desk: Desk,
    found: Proposal,
    form: ProposalForm,
    *,
    parts: tuple[str, ...] = PREVIEW,
    errors: Mapping[str, str] | None = None,
    version: int | None = None,
    status: int = 200,
    **context: Any,
) -> Response:
    return respond(
        "pages/shared/edit_proposal.html",
        parts[0],
        also=parts[1:],
        status=status,
        version=version or found.version,
        title=found.title,
        desk=desk,
        preview_url=desk.preview_url,
        speakers_url=desk.speakers_url,
        **{**form_context(form, errors=errors), **context},
    )
