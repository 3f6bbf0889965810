"""The question box of a call: for anyone, without account, address or trace."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import InvalidInput
from app.domain.questions import MAX_QUESTION, NamesIn
from app.extensions import db
from app.services.queries.questions import read_asked_call
from app.services.questions import ask_question
from app.web.clock import now
from app.web.fields import read_word
from app.web.guards import public
from app.web.htmx import go_to
from app.web.identity import current_person
from app.web.limits import limit_question
from app.web.public import blueprint


@blueprint.get("/touchpoints/<key>/questions")
@public
def ask(key: str) -> Response:
    """The form, until the call begins; afterwards that it is closed."""
    return _page(key)


@blueprint.post("/touchpoints/<key>/questions")
@limit_question
@public
def ask_send(key: str) -> Response:
    """Keep the question. Whatever filled in the field that nobody sees is thanked as well, and nothing is kept."""
    if request.form.get("website"):
        return go_to(url_for("public.ask", key=key, asked="yes"))
    names, question = read_word(NamesIn, request.form.get("names", "")), request.form.get("question", "")
    try:
        ask_question(db.session(), key, question, names=names, asker=current_person(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return _page(key, errors=error.errors, status=422)
    return go_to(url_for("public.ask", key=key, asked="yes"))


def _page(key: str, *, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    found = read_asked_call(db.session(), key, asker=current_person(), now=now())
    body = render_template(
        "pages/public/ask.html",
        call=found.call,
        is_open=found.is_open,
        typed=request.form.get("question", "")[: 2 * MAX_QUESTION],
        errors=errors or {},
        limit=MAX_QUESTION,
        asked="asked" in request.args and not errors,
    )
    return Response(body, status, mimetype="text/html")
