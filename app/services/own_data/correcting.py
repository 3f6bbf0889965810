"""Correcting what stands of somebody on a talk, old ones too: pages, feeds and calendars follow at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.people import ProfileForm, RoleCategory, check_profile
from app.domain.site import Site
from app.domain.states import TalkState
from app.models import Speaker, Talk, Touchpoint
from app.services.auditing import Actor, record
from app.services.entries import update_entries
from app.services.locking import lock_row
from app.services.own_data.holders import Holder, is_speaker
from app.services.publishing import publish_touchpoints
from app.services.versions import expect_version


@dataclass(frozen=True)
class OwnSpeaker:
    """One's row as a speaker, as a form shows it. `version` is that of the proposal."""

    number: int
    talk: str
    form: ProfileForm
    version: int


def read_speaker(session: Session, holder: Holder, number: int) -> OwnSpeaker:
    """The holder's own row. Raises NotFound for anybody else's."""
    speaker = _own(session, holder, number)
    form = ProfileForm(
        speaker.name,
        speaker.pronouns,
        speaker.affiliation,
        speaker.role_category.value,
        speaker.bio,
        speaker.time_zone,
    )
    return OwnSpeaker(speaker.id, speaker.proposal.title, form, speaker.proposal.version)


def correct_speaker(
    session: Session,
    holder: Holder,
    number: int,
    form: ProfileForm,
    *,
    version: int,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """Write who they are on this talk; how they are named stays as they chose.

    Raises NotFound, Conflict for a stale version, InvalidInput (the fields of `form`).
    """
    speaker = _own(session, holder, number)
    lock_row(session, speaker.proposal)
    expect_version(speaker.proposal, version)
    profile = check_profile(form)
    speaker.name, speaker.pronouns, speaker.affiliation = profile.name, profile.pronouns, profile.affiliation
    speaker.role_category = profile.role_category or RoleCategory.OTHER
    speaker.bio, speaker.time_zone = profile.bio, profile.time_zone
    speaker.proposal.updated_at = now
    record(session, "speaker.corrected", speaker, by=by, now=now, proposal=speaker.proposal_id)
    confirmed = Talk.proposal_id == speaker.proposal_id, Talk.state == TalkState.CONFIRMED
    calls = select(Touchpoint).join(Talk, Talk.touchpoint_id == Touchpoint.id).where(*confirmed)
    publish_touchpoints(session, session.scalars(calls.order_by(Touchpoint.id)).all(), site=site, now=now)
    update_entries(session, speaker.proposal, site=site, now=now)
    session.commit()


def _own(session: Session, holder: Holder, number: int) -> Speaker:
    speaker = session.scalar(select(Speaker).where(Speaker.id == number, is_speaker(holder)))
    if speaker is None:
        raise NotFound("There is no such talk of yours.")
    return speaker
