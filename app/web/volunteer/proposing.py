"""Propose a talk: a form that saves itself, shows the public entry beside it, and needs no account."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask import flash, make_response, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from app.database import read_only
from app.domain.errors import HouseError, InvalidInput, NotFound, TooMany
from app.domain.states import ProposalState
from app.extensions import db
from app.models import Proposal
from app.services import drafting, links, proposing
from app.services.auditing import LINK, VISITOR, Actor
from app.services.queries.working_groups import group_choices
from app.web.clock import now
from app.web.context import visitor_zone
from app.web.errors import status_of
from app.web.guards import public
from app.web.htmx import go_to, is_htmx, respond
from app.web.identity import current_person
from app.web.limits import limit_draft, limit_proposal
from app.web.proposal_editing import changed_speakers, previewed_form
from app.web.proposal_form import ProposalForm
from app.web.proposal_page import PREVIEW, SPEAKERS, form_context
from app.web.site import site
from app.web.volunteer import blueprint

_FORM_KEY = re.compile(r"[\w-]{32,64}", re.ASCII)


@blueprint.get("/propose")
@public
def propose() -> Response:
    """An empty form, with what is known of a signed-in person, and the working group whose page led here."""
    form, group = ProposalForm.fresh(person=current_person(), zone=visitor_zone()), request.args.get("working_group")
    offered = group in {slug for slug, _ in group_choices(db.session())} if group else False
    return _page(form.with_text("working_group", group) if group and offered else form)


@blueprint.post("/propose")
@limit_proposal
@public
def send() -> Response:
    """Send the proposal. The same form, however often it is sent, makes one."""
    form, form_key = ProposalForm.sent(request.form), _form_key()
    try:
        proposal = proposing.submit_proposal(
            db.session(), form.draft(), form_key=form_key, by=_actor(), site=site(), now=now()
        )
    except HouseError as error:
        return _refused(form, error)
    person = current_person()
    if person is not None and proposal.owner == person:
        flash("Thank you: your proposal is with the organizers.", "good")
        return go_to(links.proposal_path(proposal, site=site()))
    cookie["sent_form"], cookie["sent_to"] = form_key, form.value("email")
    return go_to(url_for("volunteer.sent"))


@blueprint.get("/propose/sent")
@public
def sent() -> Response:
    """Look into your mail: its link sends the proposal on. The browser that sent it can correct the address."""
    return _sent_page(cookie.get("sent_to", ""))


@blueprint.post("/propose/sent")
@limit_proposal
@public
def ask_again() -> Response:
    """Mail the link again, to this address."""
    email, form_key = request.form.get("email", ""), cookie.get("sent_form", "")
    try:
        proposal = proposing.ask_to_confirm_again(
            db.session(), form_key=form_key, email=email, by=_actor(), site=site(), now=now()
        )
    except (InvalidInput, TooMany) as error:
        db.session.rollback()
        return _sent_page(email, errors=_errors_of(error), status=status_of(error))
    cookie["sent_to"] = proposal.email
    flash("The mail is on its way.", "good")
    return go_to(url_for("volunteer.sent"))


@blueprint.post("/propose/preview")
@public
def preview() -> Response:
    """What the public calendar would say. Nothing is kept."""
    with read_only():
        return _page(previewed_form())


@blueprint.post("/propose/speakers")
@public
def change_speakers() -> Response:
    """The form with one speaker more, or without one. Nothing is kept."""
    form, focus = changed_speakers()
    with read_only():
        return _page(form, SPEAKERS, focus=focus, preview_oob=is_htmx())


@blueprint.post("/propose/draft")
@limit_draft
@public
def save_draft() -> Response:
    """Keep the form as typed: by itself while it is written, or to finish it later."""
    form = ProposalForm.sent(request.form)
    draft = drafting.save_draft(db.session(), form.fields, form_key=_form_key(), by=_actor(), now=now())
    if "finish" in request.form and draft.state is ProposalState.DRAFT:
        return _finish_later(draft)
    answer = respond("pages/volunteer/propose.html", "partials/proposal/saved.html", saved_at=now(), **_context(form))
    if draft.state is ProposalState.DRAFT:
        answer.headers["HX-Replace-Url"] = links.draft_path(draft, site=site())  # a reload finds what was typed
    return answer


@blueprint.get("/propose/continue/<token>")
@public
def continue_draft(token: str) -> Response:
    """The form as it was left."""
    draft = links.find_draft(db.session(), token, site=site())
    return _page(ProposalForm(draft.form), form_key=draft.form_key, token=token)


@blueprint.post("/propose/discard/<token>")
@public
def discard_draft(token: str) -> Response:
    """Forget the draft."""
    draft = links.find_draft(db.session(), token, site=site())
    drafting.discard_draft(db.session(), draft, by=_actor(), now=now())
    flash("The draft is deleted.", "good")
    return go_to(url_for("volunteer.propose"))


@blueprint.get("/propose/confirm/<token>")
@public
def confirm_address(token: str) -> Response:
    """What is about to be sent in this address's name, and the button that sends it."""
    proposal = _unconfirmed(token)
    if proposal.state is not ProposalState.UNCONFIRMED:
        return go_to(links.proposal_path(proposal, site=site()))
    return make_response(render_template("pages/volunteer/address.html", proposal=proposal, token=token))


@blueprint.post("/propose/confirm/<token>")
@public
def send_confirmed(token: str) -> Response:
    """The holder of the address says yes."""
    proposal, version = _unconfirmed(token), request.form.get("version", 0, type=int)
    proposing.confirm_address(db.session(), proposal, version=version, by=LINK, site=site(), now=now())
    flash("Thank you: your proposal is with the organizers.", "good")
    return go_to(links.proposal_path(proposal, site=site()))


def _unconfirmed(token: str) -> Proposal:
    """Whoever has the mailed link has proven the address, before and after it was confirmed."""
    proposal = links.find_by_address(db.session(), token, site=site())
    if proposal.state is ProposalState.DRAFT:
        raise NotFound("This link does not open anything (any more).")
    return proposal


def _finish_later(draft: Proposal) -> Response:
    mailed, problem = False, ""
    if draft.email:
        try:
            drafting.mail_draft_link(db.session(), draft, site=site(), now=now())
            mailed = True
        except TooMany as error:
            problem = str(error)
    address = site().url(links.draft_path(draft, site=site()))
    page = "pages/volunteer/draft_saved.html"
    return make_response(render_template(page, draft=draft, address=address, mailed=mailed, problem=problem))


def _refused(form: ProposalForm, error: HouseError) -> Response:
    """The form again with what was typed; a refusal that is about no field stands at the address."""
    db.session.rollback()
    body = render_template("pages/volunteer/propose.html", **_context(form, errors=_errors_of(error)))
    return make_response(body, status_of(error))


def _errors_of(error: HouseError) -> dict[str, str]:
    return error.errors if isinstance(error, InvalidInput) else {"email": str(error)}


def _sent_page(email: str, *, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    may_ask = "sent_form" in cookie
    body = render_template("pages/volunteer/sent.html", email=email, errors=errors or {}, may_ask=may_ask)
    return make_response(body, status)


def _page(form: ProposalForm, parts: tuple[str, ...] = PREVIEW, **context: Any) -> Response:
    return respond("pages/volunteer/propose.html", parts[0], also=parts[1:], **{**_context(form), **context})


def _context(form: ProposalForm, *, errors: dict[str, str] | None = None) -> dict[str, Any]:
    return {"form_key": _form_key(), **form_context(form, errors=errors), **_addresses()}


def _addresses() -> dict[str, str]:
    return {"preview_url": url_for("volunteer.preview"), "speakers_url": url_for("volunteer.change_speakers")}


def _form_key() -> str:
    """The form's one-time key, or a new one where it came without, or with one that could be guessed."""
    sent = request.form.get("form_key", "")
    return sent if _FORM_KEY.fullmatch(sent) else secrets.token_urlsafe(24)


def _actor() -> Actor:
    person = current_person()
    return Actor.signed_in(person) if person else VISITOR
