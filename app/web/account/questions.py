"""The questions that people ask before a call, for its moderator and the organizers."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, InvalidInput
from app.domain.permissions import Permission
from app.domain.states import QuestionState
from app.extensions import db
from app.services.queries.notes import find_noted_call
from app.services.queries.questions import read_questions
from app.services.questions import decide_question
from app.web.account import blueprint
from app.web.clock import now
from app.web.fields import read_number
from app.web.guards import allow
from app.web.htmx import go_to
from app.web.identity import current_actor, signed_in_person

_BUTTONS = {
    "accept": (QuestionState.ACCEPTED, "text"),
    "neutral": (QuestionState.ACCEPTED, "neutral"),
    "dismiss": (QuestionState.DISMISSED, "text"),
}
_SAID = {
    QuestionState.ACCEPTED: "Accepted: it stands on the run sheet.",
    QuestionState.DISMISSED: "Dismissed.",
}
_FASTER = "Somebody else decided about this question meanwhile. Nothing of yours was written yet: it stands here."


@blueprint.get("/touchpoints/<key>/questions/moderate")
@allow(Permission.OWN_ACCOUNT)
def questions(key: str) -> Response:
    """The questions of a call, new ones first."""
    return _page(key)


@blueprint.post("/touchpoints/<key>/questions/<question>")
@allow(Permission.OWN_ACCOUNT)
def question_decide(key: str, question: str) -> Response:
    """Accept the question in these words, or dismiss it."""
    state, words = _BUTTONS.get(request.form.get("do", ""), (None, ""))
    if state is None:
        return _page(key, {question: "Accept the question or dismiss it."})
    try:
        decide_question(
            db.session(),
            find_noted_call(db.session(), key),
            question,
            text=request.form.get(words, ""),
            state=state,
            version=read_number(request.form.get("version", "")) or 0,
            by=current_actor(),
            now=now(),
        )
    except InvalidInput as error:
        db.session.rollback()
        return _page(key, {question: error.errors["question"]})
    except Conflict:
        db.session.rollback()
        return _page(key, {question: _FASTER}, status=409)
    flash(_SAID[state], "good")
    return go_to(url_for("account.questions", key=key))


def _page(key: str, errors: dict[str, str] | None = None, *, status: int = 422) -> Response:
    """The page; with `errors`, by question, in `status`. After a conflict the next button is over the newer words."""
    call = find_noted_call(db.session(), key)
    rows = read_questions(db.session(), call, person=signed_in_person())
    body = render_template(
        "pages/account/questions.html",
        call=call,
        rows=rows,
        errors=errors or {},
        typed=request.form,
        stale=status == 409,
    )
    return make_response(body, status if errors else 200)
