"""The public numbers: calls by year and series, what they were about, whose hours they suit."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.extensions import db
from app.services.queries.numbers import read_numbers
from app.web.clock import now
from app.web.guards import public
from app.web.public import blueprint
from app.web.public.showing import show


@blueprint.get("/numbers")
@public
def numbers() -> Response:
    """What can be counted from what is public."""
    return show("pages/public/numbers.html", it=read_numbers(db.session(), now=now()))
