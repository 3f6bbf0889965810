"""Organizers correct a proposal: text, choices and speakers, never looser in naming or recording than its speakers."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from app.domain.errors import RuleViolation
from app.domain.permissions import Permission
from app.extensions import db
from app.models import Proposal
from app.services.blind_review import WHY_NOT_EDITED
from app.services.queries.pool import read_proposal
from app.web.clock import now
from app.web.guards import allow
from app.web.identity import current_actor, signed_in_person
from app.web.organizer import blueprint
from app.web.proposal_editing import Desk, change_speakers_form, preview_form, save_form, show_form


@blueprint.get("/pool/<key>/edit")
@allow(Permission.REVIEW)
def edit_proposal(key: str) -> Response:
    """The form, as long as nobody has decided."""
    return show_form(_desk(key))


@blueprint.post("/pool/<key>/edit")
@allow(Permission.REVIEW)
def save_proposal(key: str) -> Response:
    """Write the corrections."""
    return save_form(_desk(key))


@blueprint.post("/pool/<key>/edit/preview")
@allow(Permission.REVIEW)
def preview_proposal(key: str) -> Response:
    """What the public calendar would say."""
    return preview_form(_desk(key))


@blueprint.post("/pool/<key>/edit/speakers")
@allow(Permission.REVIEW)
def change_speakers(key: str) -> Response:
    """One speaker more or fewer in the form."""
    return change_speakers_form(_desk(key))


def _desk(key: str) -> Desk:
    def find() -> Proposal:
        page = read_proposal(db.session(), key, organizer=signed_in_person(), now=now())
        if page.face.blind:
            raise RuleViolation(WHY_NOT_EDITED)
        return page.proposal

    return Desk(
        find=find,
        by=current_actor(),
        nav="organizer.pool",
        save_url=url_for("organizer.save_proposal", key=key),
        back_url=url_for("organizer.proposal", key=key),
        preview_url=url_for("organizer.preview_proposal", key=key),
        speakers_url=url_for("organizer.change_speakers", key=key),
    )
