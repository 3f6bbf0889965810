"""The confirm page: a speaker answers for one talk from the mailed link, without signing in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, cast

from flask import flash, make_response, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.attribution import Attribution
from app.domain.confirming import checked_answer
from app.domain.consent import ChosenSince
from app.domain.errors import Conflict, InvalidInput
from app.domain.publication import PublicTalk
from app.domain.text import clean_line, clean_text
from app.domain.withholding import Finding
from app.extensions import db
from app.models import Confirmation, Touchpoint
from app.services import confirming, links
from app.services.auditing import LINK, Actor
from app.services.consenting import mark_of, own_choices
from app.services.proposing import withdraw_proposal
from app.services.queries import confirming as queries
from app.web.clock import now
from app.web.guards import public
from app.web.htmx import go_to
from app.web.identity import current_person
from app.web.site import site
from app.web.volunteer import blueprint

_TICKS = {"yes": True, "no": False}


@dataclass(frozen=True)
class AnswerForm:
    """The form as typed. None is "not chosen". `held` is the mark of the choices that the page showed."""

    title: str
    abstract: str
    attribution: Attribution | None
    recording_consent: bool | None
    slides_consent: bool | None
    words_stand: bool | None
    held: str | None

    @classmethod
    def sent(cls) -> AnswerForm:
        """What the request sent."""
        form = request.form
        level = form.get("attribution", "")
        return cls(
            title=form.get("title", ""),
            abstract=form.get("abstract", ""),
            attribution=Attribution(level) if level in set(Attribution) else None,
            recording_consent=_TICKS.get(form.get("recording_consent", "")),
            slides_consent=_TICKS.get(form.get("slides_consent", "")),
            words_stand=_TICKS.get(form.get("words_stand", "")),
            held=form.get("held"),
        )

    @classmethod
    def stored(cls, confirmation: Confirmation) -> AnswerForm:
        """What the speaker chose before; nothing that somebody else chose for them is ticked."""
        proposal, chosen = confirmation.talk.proposal, own_choices(confirmation)
        stand = True if confirmation.agreed_sentences else None
        held = mark_of(confirmation)
        return cls(proposal.title, proposal.abstract, chosen.attribution, chosen.recording, chosen.slides, stand, held)


@blueprint.get("/confirm/<token>")
@public
def confirm(token: str) -> Response:
    """What, when, how named, what is recorded; and the three answers. Opening it changes nothing."""
    confirmation = _find(token)
    return _page(token, confirmation, _heard(confirmation, AnswerForm.stored(confirmation)))


@blueprint.post("/confirm/<token>")
@public
def confirm_talk(token: str) -> Response:
    """Yes, with the text and the choices as they stand in the form."""
    confirmation = _find(token)
    form = _heard(confirmation, AnswerForm.sent())
    try:
        answer = checked_answer(
            title=form.title,
            abstract=form.abstract,
            attribution=form.attribution,
            recording_consent=form.recording_consent,
            slides_consent=form.slides_consent,
            words_stand=form.words_stand,
        )
        seen, by = request.form.get("seen"), speaking()
        confirming.confirm_talk(
            db.session(), confirmation, answer, seen=seen, held=form.held, by=by, site=site(), now=now()
        )
    except InvalidInput as error:
        db.session.rollback()
        return _page(token, _find(token), form, errors=error.errors, status=422)
    except ChosenSince as error:
        db.session.rollback()
        stands = replace(AnswerForm.stored(_find(token)), title=form.title, abstract=form.abstract)
        return _page(token, _find(token), stands, errors={"attribution": str(error)}, status=409)
    except Conflict as error:
        db.session.rollback()
        return _stale(token, form, str(error))
    flash("Thank you: you are confirmed.", "good")
    return go_to(request.path)


@blueprint.post("/confirm/<token>/preview")
@public
def preview_confirmation(token: str) -> Response:
    """The public entry as the form would make it; nothing is written."""
    confirmation = _find(token)
    form = _heard(confirmation, AnswerForm.sent())
    talk = _shown(confirmation, form)
    notice = queries.notice_for(db.session(), confirmation.talk, talk)
    said = render_template("partials/public/preview.html", talk=talk, notice=notice)
    words = _words(confirmation, form)
    if words["words_for"] == request.form.get("words_for"):
        return make_response(said)  # the same question: whoever is at it keeps the focus
    context = {"form": form, "errors": {}, "words_oob": True, **words}
    return make_response(said + render_template("partials/confirm/words.html", **context))


@blueprint.post("/confirm/<token>/another-date")
@public
def another_date(token: str) -> Response:
    """Not on this date: the dates that suit, or the reason why none does."""
    confirmation, words = _find(token), request.form.get("words", "")
    keys = request.form.getlist("wish")[: queries.OFFERED]
    free = queries.free_touchpoints(db.session(), confirmation.talk, now=now())
    wishes = [touchpoint for touchpoint in free if touchpoint.key in keys]
    try:
        confirming.ask_for_another_date(
            db.session(), confirmation, wishes=wishes, words=words, by=LINK, site=site(), now=now()
        )
    except InvalidInput as error:
        form = AnswerForm.stored(confirmation)
        return _page(token, confirmation, form, errors=error.errors, words=words, wishes=keys, status=422)
    flash("Thank you: the organizers know, and will come back to you with another date.", "good")
    return go_to(request.path.removesuffix("/another-date"))


@blueprint.get("/confirm/<token>/withdraw")
@public
def ask_to_withdraw(token: str) -> Response:
    """Whether to withdraw the whole proposal, and who would be told."""
    confirmation = _find(token)
    return make_response(
        render_template("pages/volunteer/confirm_withdraw.html", token=token, confirmation=confirmation)
    )


@blueprint.post("/confirm/<token>/withdraw")
@public
def withdraw_talk(token: str) -> Response:
    """Withdraw the whole proposal: it is off the board and out of public view, and all concerned are told."""
    proposal = _find(token).talk.proposal
    withdraw_proposal(db.session(), proposal, by=LINK, site=site(), now=now())
    flash("Withdrawn. Everyone concerned is told.", "good")
    return go_to(request.path.removesuffix("/withdraw"))


def speaking() -> Actor:
    """Whoever has the link speaks by it, signed in or not; what they choose is kept with the way it came."""
    return Actor(LINK.door, current_person())


def _shown(confirmation: Confirmation, form: AnswerForm) -> PublicTalk:
    """The public entry as the form would make it."""
    return queries.preview_answer(
        confirmation,
        title=form.title or confirmation.talk.proposal.title,
        abstract=form.abstract or confirmation.talk.proposal.abstract,
        attribution=form.attribution,
        recording_consent=form.recording_consent,
        words_stand=form.words_stand,
    )


def _findings(confirmation: Confirmation, form: AnswerForm) -> dict[str, tuple[Finding, ...]]:
    """What the form's text says against the naming that is chosen in it; nothing before one is."""
    if form.attribution is None:
        return {}
    title, abstract = clean_line(form.title), clean_text(form.abstract)
    return queries.findings_of(confirmation, title=title, abstract=abstract, attribution=form.attribution)


def _words(confirmation: Confirmation, form: AnswerForm) -> dict[str, Any]:
    """The findings for the page, and a mark of those that the speaker is shown and gives their word for."""
    findings = _findings(confirmation, form)
    every = [(field, each) for field in findings for each in findings[field]]
    shown = form.attribution, [(field, each.place, each.before, each.words, each.after) for field, each in every]
    return {
        "findings": findings,
        "words_for": sha256(repr(shown).encode()).hexdigest()[:16],
        "all_agreed": all(each.agreed for field, each in every if each.place == 0 and field != "links"),
    }


def _heard(confirmation: Confirmation, form: AnswerForm) -> AnswerForm:
    """The form; their word counts for what they have seen: another sentence or another level takes a new one."""
    words = _words(confirmation, form)
    heard = words["all_agreed"] if request.method == "GET" else request.form.get("words_for") == words["words_for"]
    return form if heard or not form.words_stand else replace(form, words_stand=None)


def _find(token: str) -> Confirmation:
    return links.find_confirmation(db.session(), token, site=site())


def _stale(token: str, form: AnswerForm, words: str) -> Response:
    """The page as it is now, with the choices that were made; nobody's newer text is written over."""
    confirmation = _find(token)
    proposal = confirmation.talk.proposal
    fresh = replace(form, title=proposal.title, abstract=proposal.abstract)
    return _page(token, confirmation, fresh, errors={"title": words}, status=409)


def _page(
    token: str,
    confirmation: Confirmation,
    form: AnswerForm,
    *,
    errors: dict[str, str] | None = None,
    words: str = "",
    wishes: list[str] | None = None,
    status: int = 200,
) -> Response:
    page = queries.read_confirm_page(db.session(), confirmation, now=now())
    zone = confirmation.speaker.time_zone or (page.talk.touchpoint.time_zone if page.talk.touchpoint else "UTC")
    wished = select(Touchpoint).where(Touchpoint.id.in_(confirmation.wishes)).order_by(Touchpoint.starts_at)
    body = render_template(
        "pages/volunteer/confirm.html",
        token=token,
        page=page,
        form=form,
        **_words(confirmation, form),
        shown=_shown(confirmation, form),
        seen=confirming.sight_of(db.session(), page.talk),
        errors=errors or {},
        words=words,
        wishes=wishes or [],
        wished=db.session.scalars(wished).all() if confirmation.wishes else [],
        speaker_zone=zone,
        levels=list(Attribution),
    )
    return cast(Response, make_response(body, status))
