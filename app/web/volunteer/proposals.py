"""A proposal's own page, opened by its link: what becomes of it, its text, correcting it, withdrawing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, make_response, render_template, request, url_for
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from app.database import read_only
from app.domain.errors import Conflict, InvalidInput
from app.domain.permissions import Permission
from app.extensions import db
from app.models import Proposal
from app.services import links, proposing
from app.services.auditing import LINK, Actor
from app.services.proposal_content import draft_of
from app.services.queries.proposal_choices import read_choices
from app.services.queries.proposals import read_mine, read_proposal
from app.web.clock import now
from app.web.guards import allow, public
from app.web.htmx import go_to, is_htmx, respond
from app.web.identity import current_person, signed_in_person
from app.web.proposal_changes import differences
from app.web.proposal_form import ProposalForm
from app.web.proposal_page import PREVIEW, SPEAKERS, choice_words, form_context, preview_of
from app.web.site import site
from app.web.volunteer import blueprint
from app.web.volunteer.proposing import changed_speakers


@blueprint.get("/my/proposals")
@allow(Permission.OWN_ACCOUNT)
def mine() -> Response:
    """The signed-in person's proposals and drafts, and the talks that they speak in."""
    lines = read_mine(db.session(), signed_in_person(), site=site(), now=now())
    return make_response(render_template("pages/volunteer/mine.html", lines=lines))


@blueprint.get("/proposals/<token>")
@public
def proposal(token: str) -> Response:
    """What happened, who must act next, and what the proposal says."""
    page = read_proposal(db.session(), _find(token), site=site(), now=now())
    talk = preview_of(draft_of(page.proposal))
    return make_response(render_template("pages/volunteer/proposal.html", token=token, page=page, **talk))


@blueprint.get("/proposals/<token>/edit")
@public
def edit(token: str) -> Response:
    """The form, as long as the organizers have not decided."""
    found = _find(token)
    proposing.expect_editable(found, site=site(), now=now())
    return _page(token, found, ProposalForm.of(draft_of(found)))


@blueprint.post("/proposals/<token>/edit")
@public
def save(token: str) -> Response:
    """Write the corrections. Where somebody else was faster, both states are shown and nothing is lost."""
    found, form = _find(token), ProposalForm.sent(request.form)
    version = request.form.get("version", 0, type=int)
    try:
        proposing.edit_proposal(db.session(), found, form.draft(), version=version, by=_actor(), site=site(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return _page(token, _find(token), form, errors=error.errors, version=version, status=422)
    except (Conflict, StaleDataError):
        db.session.rollback()
        found = _find(token)
        stored = draft_of(found)
        words = choice_words(read_choices(db.session(), chosen=stored, now=now()))
        changes = differences(ProposalForm.of(stored), form, words=words)
        return _page(token, found, form, changes=changes, status=409)
    flash("Saved.", "good")
    return go_to(url_for("volunteer.proposal", token=token))


@blueprint.post("/proposals/<token>/edit/preview")
@public
def preview_edit(token: str) -> Response:
    """What the public calendar would say. Nothing is kept."""
    with read_only():
        return _page(token, _find(token), ProposalForm.sent(request.form))


@blueprint.post("/proposals/<token>/edit/speakers")
@public
def change_speakers_edit(token: str) -> Response:
    """The form with one speaker more, or without one. Nothing is kept."""
    form, focus = changed_speakers()
    with read_only():
        return _page(token, _find(token), form, parts=SPEAKERS, focus=focus, preview_oob=is_htmx())


@blueprint.get("/proposals/<token>/withdraw")
@public
def ask_to_withdraw_proposal(token: str) -> Response:
    """Whether to withdraw it, and who would be told."""
    page = read_proposal(db.session(), _find(token), site=site(), now=now())
    return make_response(render_template("pages/volunteer/withdraw.html", token=token, page=page))


@blueprint.post("/proposals/<token>/withdraw")
@public
def withdraw(token: str) -> Response:
    """Withdraw it, from every date that it has."""
    proposing.withdraw_proposal(db.session(), _find(token), by=_actor(), site=site(), now=now())
    flash("Your proposal is withdrawn, and everyone concerned is told.", "good")
    return go_to(url_for("volunteer.proposal", token=token))


def _find(token: str) -> Proposal:
    return links.find_proposal(db.session(), token, site=site())


def _actor() -> Actor:
    """Whoever has the link acts by it, signed in or not; the audit trail names a signed-in person."""
    person = current_person()
    return Actor(LINK.door, person)


def _page(
    token: str,
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
        "pages/volunteer/edit.html",
        parts[0],
        also=parts[1:],
        status=status,
        token=token,
        version=version or found.version,
        title=found.title,
        preview_url=url_for("volunteer.preview_edit", token=token),
        speakers_url=url_for("volunteer.change_speakers_edit", token=token),
        **{**form_context(form, errors=errors), **context},
    )
