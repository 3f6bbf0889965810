"""What a speaker gives to the archive: the address of the slides, and whether the recording may be shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, RuleViolation
from app.domain.join_links import WHY_NOT, holds_join_link
from app.domain.proposals import CONSENT_WORDING
from app.domain.site import Site
from app.domain.states import TalkState
from app.domain.text import is_web_address
from app.models import Confirmation, Talk, Touchpoint
from app.services.auditing import Actor, record
from app.services.locking import lock_row, lock_touchpoints
from app.services.publishing import publish_touchpoint
from app.services.versions import expect_version


def give_materials(
    session: Session,
    confirmation: Confirmation,
    *,
    slides_url: str,
    recording: bool | None,
    version: int,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """Keep the talk's slides and this speaker's decision on the recording; the archive follows at once.

    Raises InvalidInput; Conflict when somebody changed the talk since it was read; RuleViolation unless it is
    confirmed for a date.
    """
    talk = confirmation.talk
    call = _claim(session, talk, version)
    if problems := _problems(slides_url, recording=recording):
        raise InvalidInput(problems)
    if talk.slides_url != slides_url:
        talk.slides_url = slides_url
        record(session, "talk.slides_given", talk, by=by, now=now)
    if confirmation.recording_consent is not recording:
        _decide(confirmation, recording=bool(recording), now=now)
        record(session, "confirmation.recording_decided", confirmation, by=by, now=now, agreed=recording)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()


def takes_materials(talk: Talk) -> bool:
    """Whether there is anything to give: a talk that is confirmed for a date, past or to come."""
    return talk.state is TalkState.CONFIRMED and talk.touchpoint is not None


def _claim(session: Session, talk: Talk, version: int) -> Touchpoint:
    """Lock the talk after its call, as everybody does; returns the call."""
    lock_touchpoints(session, [talk.touchpoint] if talk.touchpoint else [])
    lock_row(session, talk)
    expect_version(talk, version)
    if talk.touchpoint is None or not takes_materials(talk):
        raise RuleViolation("This talk has no date at the moment: there is nothing to give yet.")
    return talk.touchpoint


def _problems(slides_url: str, *, recording: bool | None) -> dict[str, str]:
    problems = {}
    if slides_url and not is_web_address(slides_url):
        problems["slides_url"] = "Write the whole address, beginning with https:// or http://, at most 500 characters."
    elif holds_join_link(slides_url):
        problems["slides_url"] = WHY_NOT
    if recording is None:
        problems["recording"] = "Choose whether the recording may be shown."
    return problems


def _decide(confirmation: Confirmation, *, recording: bool, now: datetime) -> None:
    """The consent for this talk, dated and worded. A no is where every later date starts from."""
    speaker = confirmation.speaker
    confirmation.recording_consent = recording
    speaker.consent_at, speaker.consent_wording = now, CONSENT_WORDING
    if not recording:
        speaker.recording_consent = False
