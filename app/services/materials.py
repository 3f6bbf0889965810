"""What a speaker gives to the archive: the address of the slides, and whether these and the recording may be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.consent import Choices
from app.domain.errors import InvalidInput, RuleViolation
from app.domain.join_links import WHY_NOT, holds_join_link
from app.domain.site import Site
from app.domain.states import TalkState
from app.domain.text import is_web_address
from app.models import Confirmation, Talk
from app.services.auditing import Actor, record
from app.services.consenting import choices_of, choose, expect_held, keep_consent
from app.services.locking import lock_answers
from app.services.retracting import take_effect
from app.services.versions import expect_version


def give_materials(
    session: Session,
    confirmation: Confirmation,
    *,
    slides_url: str,
    recording: bool | None,
    slides: bool | None,
    version: int,
    held: str | None = None,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """Keep the talk's slides and this speaker's decisions on them and on the recording; the archive follows at once.

    Raises InvalidInput; Conflict when somebody changed the talk since it was read; ChosenSince when more is allowed
    than what holds, and `held` is not that (any more); RuleViolation unless it is confirmed for a date.
    """
    talk = confirmation.talk
    _claim(session, confirmation, version)
    if problems := _problems(slides_url, recording=recording, slides=slides):
        raise InvalidInput(problems)
    before = choices_of(confirmation)
    decided = replace(before, recording=recording, slides=slides)
    expect_held(confirmation, decided, held=held)
    if talk.slides_url != slides_url:
        talk.slides_url = slides_url
        record(session, "talk.slides_given", talk, by=by, now=now)
    if decided != before:
        _decide(session, confirmation, decided, by=by, now=now)
    take_effect(session, {confirmation: before}, by=by, site=site, now=now)
    session.commit()


def takes_materials(talk: Talk) -> bool:
    """Whether there is anything to give: a talk that is confirmed for a date, past or to come."""
    return talk.state is TalkState.CONFIRMED and talk.touchpoint is not None


def _claim(session: Session, confirmation: Confirmation, version: int) -> None:
    """Lock the talk after its call, as everybody does."""
    talk = confirmation.talk
    lock_answers(session, [confirmation])
    expect_version(talk, version)
    if not takes_materials(talk):
        raise RuleViolation("This talk has no date at the moment: there is nothing to give yet.")


def _problems(slides_url: str, *, recording: bool | None, slides: bool | None) -> dict[str, str]:
    problems = {}
    if slides_url and not is_web_address(slides_url):
        problems["slides_url"] = "Write the whole address, beginning with https:// or http://, at most 500 characters."
    elif holds_join_link(slides_url):
        problems["slides_url"] = WHY_NOT
    if recording is None:
        problems["recording"] = "Choose whether the recording may be shown."
    if slides_url and slides is None:
        problems["slides"] = "Choose whether the slides may be shown."
    return problems


def _decide(session: Session, confirmation: Confirmation, decided: Choices, *, by: Actor, now: datetime) -> None:
    """The consents for this talk, dated and worded."""
    choose(confirmation, decided, now=now)
    keep_consent(session, confirmation, by=by, now=now)
    about = {"recording": decided.recording, "slides": decided.slides}
    record(session, "confirmation.materials_decided", confirmation, by=by, now=now, **about)
