"""What subscribers would see of a call with the talks that stand on it now, and what of that is not public yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.domain.attribution import PublicText
from app.domain.disclosure import TalkFacts
from app.domain.publication import PublicDetail, PublicTouchpoint
from app.domain.site import Site
from app.domain.states import TalkState
from app.feeds.words import description, summary
from app.models import Publication, Talk, Touchpoint
from app.services.cross_sharing import other_calls
from app.services.public_history import read_value
from app.services.publishing import preview_touchpoint
from app.services.queries.run_sheet import talks_that_stand
from app.services.queries.touchpoints import find_touchpoint
from app.services.talk_facts import facts_of, talk_facts
from app.services.wording import governing_wording


@dataclass(frozen=True)
class SubscribersView:
    """`call` as it would be in public; `waiting` are the states of its talks, in order: None is public as it stands.

    `title` and `text` are those of its calendar entry. `hidden`: the public sees nothing of its series, members do.
    """

    touchpoint: Touchpoint
    call: PublicTouchpoint
    waiting: tuple[TalkState | None, ...]
    in_calendars: bool
    hidden: bool
    title: PublicText
    text: PublicText

    @property
    def pending(self) -> int:
        """How many of its talks are not public yet."""
        return sum(state is not None for state in self.waiting)


def read_subscribers_view(session: Session, key: str, *, site: Site) -> SubscribersView:
    """The call of this key, made by the very code that publishes it. Raises NotFound."""
    touchpoint = find_touchpoint(session, key)
    talks = talks_that_stand(session, touchpoint)
    waiting = tuple(None if talk.state is TalkState.CONFIRMED else talk.state for talk in talks)
    row = session.get(Publication, touchpoint.id)
    published = read_value(row.value) if row else None
    call = published if published is not None and not any(waiting) else _preview(session, touchpoint, talks, site)
    return SubscribersView(
        touchpoint=touchpoint,
        call=call,
        waiting=waiting,
        in_calendars=row is not None and bool(row.vevent),
        hidden=touchpoint.series.shown is PublicDetail.NOTHING,
        title=summary(call),
        text=description(call, url=site.url(f"/touchpoints/{call.key}")),
    )


def _preview(session: Session, touchpoint: Touchpoint, talks: Sequence[Talk], site: Site) -> PublicTouchpoint:
    also = other_calls(session, talks)
    facts = [_once_confirmed(talk, replace(talk_facts(talk), also=also[talk.id])) for talk in talks]
    return preview_touchpoint(touchpoint, talks=facts, wording=governing_wording(session, touchpoint), site=site)


def _once_confirmed(talk: Talk, facts: TalkFacts) -> TalkFacts:
    """The talk as it would be if its speakers confirmed what they have chosen so far."""
    answers = {confirmation.speaker_id: confirmation for confirmation in talk.confirmations}
    speakers = tuple(
        facts_of(speaker, answers[speaker.id].attribution, agreed=answers[speaker.id].agreed_sentences)
        if speaker.id in answers
        else facts_of(speaker, None)
        for speaker in talk.proposal.speakers
    )
    return replace(facts, speakers=speakers)
