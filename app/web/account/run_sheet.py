"""The run sheet of a call, for those who run it: to read from, on a phone, a projector or paper."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from app.domain.permissions import Permission
from app.extensions import db
from app.services.queries.run_sheet import MOST_LATE, read_run_sheet
from app.web.account import blueprint
from app.web.account.asking import page
from app.web.clock import now
from app.web.fields import read_number
from app.web.guards import allow
from app.web.identity import signed_in_person


@blueprint.get("/touchpoints/<key>/run")
@allow(Permission.OWN_ACCOUNT)
def run_sheet(key: str) -> Response:
    """Organizers see every call's, a moderator and a scribe that of their own; `late` moves its clock."""
    late = read_number(request.args.get("late", "")) or 0
    sheet = read_run_sheet(db.session(), key, person=signed_in_person(), late=late)
    answer = page("run_sheet", sheet=sheet, at=now(), most_late=MOST_LATE)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
