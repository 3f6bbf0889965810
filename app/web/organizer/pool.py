"""The pool's pages: the list with its filters, one proposal, votes and decisions."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import InvalidInput, RuleViolation
from app.domain.people import RoleCategory
from app.domain.permissions import Permission
from app.domain.reviews import Ground, Vote
from app.domain.states import ProposalState
from app.domain.text import clean_line
from app.extensions import db
from app.services import blind_review, reviewing
from app.services.proposal_content import draft_of
from app.services.queries import pool as queries
from app.services.queries.pool import PoolFilter, ProposalPage
from app.services.reviewing import Decision
from app.web.clock import now
from app.web.guards import allow
from app.web.htmx import go_to, respond
from app.web.identity import current_actor, signed_in_person
from app.web.organizer import blueprint
from app.web.proposal_page import draft_findings
from app.web.site import site

E = TypeVar("E", bound=StrEnum)


@blueprint.get("/pool")
@allow(Permission.REVIEW)
def pool() -> Response:
    """The proposals that match the filter, longest waiting first."""
    asked = _filter()
    page = queries.read_pool(db.session(), asked, organizer=signed_in_person(), now=now())
    return respond(
        "pages/organizer/pool.html",
        "partials/pool/list.html",
        page=page,
        asked=asked,
        choices=queries.read_choices(db.session()),
        categories=list(RoleCategory),
        url=lambda number: url_for("organizer.pool", **{**request.args.to_dict(), "page": number}),
    )


@blueprint.get("/pool/<key>")
@allow(Permission.REVIEW)
def proposal(key: str) -> Response:
    """One proposal, its reviews and its decision."""
    return _proposal_page(_read(key))


@blueprint.post("/pool/<key>/vote")
@allow(Permission.REVIEW)
def vote(key: str) -> Response:
    """Cast or change one's vote."""
    page = _read(key)
    chosen = _one_of(Vote, request.form.get("vote"))
    comment = request.form.get("comment", "")
    try:
        if chosen is None:
            raise InvalidInput({"vote": "Choose yes, no or abstain."})
        reviewing.cast_vote(db.session(), page.proposal, vote=chosen, comment=comment, by=current_actor(), now=now())
    except InvalidInput as error:
        return _proposal_page(_read(key), errors=error.errors, comment=comment, status=422)
    flash("Your vote is counted.", "good")
    return go_to(url_for("organizer.proposal", key=key))


@blueprint.post("/pool/<key>/preview")
@allow(Permission.REVIEW)
def preview_decision(key: str) -> Response:
    """Show the decision's mail exactly as it would leave, or go back to its form; nothing is written."""
    page, decision, version = _read(key), _decision(), request.form.get("version", -1, type=int)
    if "back" in request.form:
        return _proposal_page(page, decision=decision)
    try:
        mail = reviewing.preview_decision(
            db.session(), page.proposal, decision, version=version, by=current_actor(), site=site()
        )
    except InvalidInput as error:
        return _proposal_page(_read(key), errors=error.errors, decision=decision, status=422)
    settle_minutes = int(site().settle.total_seconds() // 60)
    return make_response(
        render_template(
            "pages/organizer/decision.html",
            page=page,
            decision=decision,
            version=version,
            mail=blind_review.unnamed_mail(mail, page.proposal) if page.face.blind else mail,
            settle_minutes=settle_minutes,
        )
    )


@blueprint.post("/pool/<key>/decide")
@allow(Permission.REVIEW)
def decide(key: str) -> Response:
    """Accept or decline, as previewed."""
    decision, version = _decision(), request.form.get("version", -1, type=int)
    proposal = _read(key).proposal
    reviewing.decide(db.session(), proposal, decision, version=version, by=current_actor(), site=site(), now=now())
    flash(f"{decision.verdict.value.capitalize()}. The mail leaves soon; until then you can undo this.", "good")
    return go_to(url_for("organizer.proposal", key=key))


@blueprint.post("/pool/<key>/undo")
@allow(Permission.REVIEW)
def undo_decision(key: str) -> Response:
    """Take the decision back while its mail has not left."""
    version = request.form.get("version", -1, type=int)
    reviewing.undo_decision(db.session(), _read(key).proposal, version=version, by=current_actor(), now=now())
    flash("Undone: the proposal waits for a decision again, and no mail has left.", "good")
    return go_to(url_for("organizer.proposal", key=key))


@blueprint.post("/pool/<key>/names")
@allow(Permission.REVIEW)
def show_names(key: str) -> Response:
    """End the blind review of this one proposal, for all organizers, with the reason."""
    proposal, reason = _read(key).proposal, request.form.get("reason", "")
    try:
        blind_review.show_names(db.session(), proposal, reason=reason, by=current_actor(), now=now())
    except InvalidInput as error:
        return _proposal_page(_read(key), errors=error.errors, reason=reason, status=422)
    flash("Every organizer sees the names of this proposal now.", "good")
    return go_to(url_for("organizer.proposal", key=key))


def _decision() -> Decision:
    verdict = _one_of(ProposalState, request.form.get("verdict"))
    if verdict not in {ProposalState.ACCEPTED, ProposalState.DECLINED}:
        raise RuleViolation("Choose whether to accept or to decline.")
    ground = _one_of(Ground, request.form.get("ground")) or Ground.MAJORITY
    return Decision(verdict, request.form.get("message", ""), ground)


def _read(key: str) -> ProposalPage:
    return queries.read_proposal(db.session(), key, organizer=signed_in_person(), now=now())


def _proposal_page(
    page: ProposalPage,
    *,
    errors: dict[str, str] | None = None,
    comment: str | None = None,
    decision: Decision | None = None,
    reason: str = "",
    status: int = 200,
) -> Response:
    mine = page.row.mine.comment if page.row.mine else ""
    body = render_template(
        "pages/organizer/proposal.html",
        page=page,
        errors=errors or {},
        comment=mine if comment is None else comment,
        decision=decision,
        reason=reason,
        findings={} if page.face.blind else draft_findings(draft_of(page.proposal)),
        undoable=reviewing.can_undo(db.session(), page.proposal),
    )
    return make_response(body, status)


def _filter() -> PoolFilter:
    args = request.args
    state = args.get("state", ProposalState.SUBMITTED.value)
    return PoolFilter(
        text=clean_line(args.get("q", ""))[:120],
        state=_one_of(ProposalState, state),
        series=args.get("series", "")[:40],
        topic=args.get("topic", "")[:60],
        role_category=_one_of(RoleCategory, args.get("role")),
        waiting=min(max(args.get("waiting", 0, type=int), 0), 3650),
        page=min(max(args.get("page", 1, type=int), 1), 10_000),
    )


def _one_of(enum: type[E], word: str | None) -> E | None:
    return next((member for member in enum if member.value == word), None)
