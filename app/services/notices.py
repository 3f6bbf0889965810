"""The notice of a call for those who come to it: in mails to its moderator, and above its notes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.notice import Notice
from app.domain.states import TalkState
from app.models import Talk, Touchpoint
from app.services.publishing import notice_on_call
from app.services.talk_facts import talk_facts
from app.services.wording import governing_wording


def notice_of_call(session: Session, touchpoint: Touchpoint) -> Notice:
    """The notice of the call with its confirmed talks, part by part, in the wording that governs it."""
    confirmed = select(Talk).where(Talk.touchpoint_id == touchpoint.id, Talk.state == TalkState.CONFIRMED)
    talks = [talk_facts(talk) for talk in session.scalars(confirmed.order_by(Talk.position, Talk.id))]
    return notice_on_call(touchpoint, talks=talks, wording=governing_wording(session, touchpoint))
