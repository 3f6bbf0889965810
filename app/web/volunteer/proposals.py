"""A proposal's own page, opened by its link: what becomes of it, its text, correcting it, withdrawing it."""

from __future__ import annotations

from flask import flash, make_response, render_template, url_for
from werkzeug.wrappers import Response

from app.domain.permissions import Permission
from app.extensions import db
from app.models import Proposal
from app.services import links, proposing
from app.services.auditing import LINK, Actor
from app.services.proposal_content import draft_of
from app.services.queries.proposals import read_mine, read_proposal
from app.web.clock import now
from app.web.guards import allow, public
from app.web.htmx import go_to
from app.web.identity import current_person, signed_in_person
from app.web.proposal_editing import Desk, change_speakers_form, preview_form, save_form, show_form
from app.web.proposal_page import preview_of
from app.web.site import site
from app.web.volunteer import blueprint


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
    return show_form(_desk(token))


@blueprint.post("/proposals/<token>/edit")
@public
def save(token: str) -> Response:
    """Write the corrections."""
    return save_form(_desk(token))


@blueprint.post("/proposals/<token>/edit/preview")
@public
def preview_edit(token: str) -> Response:
    """What the public calendar would say."""
    return preview_form(_desk(token))


@blueprint.post("/proposals/<token>/edit/speakers")
@public
def change_speakers_edit(token: str) -> Response:
    """One speaker more or fewer in the form."""
    return change_speakers_form(_desk(token))


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


def _desk(token: str) -> Desk:
    return Desk(
        find=lambda: _find(token),
        by=_actor(),
        nav="volunteer.mine",
        save_url=url_for("volunteer.save", token=token),
        back_url=url_for("volunteer.proposal", token=token),
        preview_url=url_for("volunteer.preview_edit", token=token),
        speakers_url=url_for("volunteer.change_speakers_edit", token=token),
    )
