"""One call as the mails about one of its talks tell of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import consent
from app.domain.attribution import SpeakerFacts, public_name
from app.domain.errors import RuleViolation
from app.domain.publication import PublicDetail, PublicTouchpoint
from app.domain.secret import NO_WAY_IN, WayIn
from app.domain.site import Site
from app.domain.states import ConfirmationState
from app.mail.values import Appearance, CalendarObject, Choices, Mail, Occasion, Reader
from app.models import Confirmation, Talk, Touchpoint
from app.services.board_moves import occasion_of
from app.services.consenting import choices_of, own_choices
from app.services.join_links import ways_in
from app.services.links import confirmation_path
from app.services.notifying.calendars import answers_to, invitation, public_view, talks_shown
from app.services.notifying.knowing import Facts, facts, telling
from app.services.notifying.readers import reader_of
from app.services.outbox import count_taken_back, queue_mail
from app.services.talk_facts import told_title


@dataclass(frozen=True)
class Call:
    """All that the mails about one talk say of its call. `way_in` is for speakers alone."""

    talk: Talk
    touchpoint: Touchpoint
    occasion: Occasion
    public: PublicTouchpoint
    named: Mapping[str, str]
    way_in: WayIn
    site: Site

    @classmethod
    def of(cls, session: Session, talk: Talk, *, site: Site) -> Call:
        """Raises RuleViolation for a talk without a date."""
        session.flush()
        touchpoint = talk.touchpoint
        if touchpoint is None:
            raise RuleViolation("This talk has no date that its speakers could be told.")
        public = public_view(session, talk, touchpoint, site=site)
        named = _levels(talk, talks_shown(session, talk, touchpoint))
        way_in = ways_in(session, [touchpoint]).get(touchpoint.id, NO_WAY_IN)
        return cls(talk, touchpoint, occasion_of(touchpoint), public, named, way_in, site)

    @property
    def is_hidden(self) -> bool:
        """Whether it has no public page."""
        return self.public.series.detail is PublicDetail.NOTHING

    @property
    def url(self) -> str:
        """Its page; of one that the public knows nothing of, where speakers find their talks."""
        return self.site.url("/my/proposals" if self.is_hidden else f"/touchpoints/{self.public.key}")

    @property
    def facts(self) -> Facts:
        """What a reader of a mail about it knows."""
        return facts(self.occasion, title=told_title(self.talk), way_in=self.way_in, named=self.named)

    @property
    def answers_to(self) -> str:
        """The mailbox to which calendars answer."""
        return answers_to(self.occasion, site=self.site)

    def part(self, answer: Confirmation) -> Appearance:
        """What this call is to one of its speakers."""
        return Appearance(
            title=told_title(self.talk),
            minutes=self.talk.minutes,
            with_speakers=tuple(public_name(_named(other)) for other in self.talk.confirmations if other is not answer),
            occasion=self.occasion,
            choices=_choices(answer, self.public.series.detail),
            notice=str(self.public.notice),
            link=self.site.url(confirmation_path(answer, site=self.site)),
            page_url="" if self.is_hidden else self.url,
            answer_by=self.talk.answer_by,
            way_in=self.way_in,
        )

    def entry(self, reader: Reader, *, accepted: bool, sequence: int | None = None, now: datetime) -> CalendarObject:
        """The speaker's calendar entry for the whole call; `sequence` as for `invitation`."""
        return invitation(
            self.talk,
            reader,
            call=self.public,
            occasion=self.occasion,
            url=self.url,
            way_in=self.way_in,
            accepted=accepted,
            sequence=sequence,
            site=self.site,
            now=now,
        )


def speakers(talk: Talk, *states: ConfirmationState) -> Iterator[tuple[Confirmation, Reader]]:
    """The speakers whose answer is one of `states` and who have an address."""
    for answer in talk.confirmations:
        reader = reader_of(answer.speaker)
        if reader is not None and answer.state in states:
            yield answer, reader


def queue_for_speaker(
    session: Session,
    mail: Mail,
    answer: Confirmation,
    *,
    tells: Facts | None = None,
    was: Facts | None = None,
    due_at: datetime,
    site: Site,
    now: datetime,
) -> None:
    """Once for each version of the talk and each reader, and once more after it was taken back."""
    talk = answer.talk
    again = count_taken_back(session, talk, mail.kind, mail.to)
    dedup = f"{mail.kind}:talk-{talk.id}.{talk.version}:confirmation-{answer.id}:speaker.{again}"
    told = telling(tells, was=was) if tells else None
    queue_mail(session, mail, dedup=dedup, talk=talk, tells=told, due_at=due_at, site=site, now=now)


def _choices(answer: Confirmation, detail: PublicDetail) -> Choices:
    chosen = _chosen(answer)
    return Choices(
        level=chosen.attribution.label if chosen.attribution else "",
        shown=public_name(_named(answer)),
        recording=chosen.recording,
        members_only=detail is not PublicDetail.EVERYTHING,
        public_detail=detail,
    )


def _levels(talk: Talk, shown: Sequence[Talk]) -> dict[str, str]:
    """How each speaker is named in a mail about the talk or in its entry, by the id of their confirmation."""
    answers = [answer for each in shown for answer in each.confirmations]
    return {
        str(answer.id): level.value
        for answer in answers
        if (level := _chosen(answer).attribution)
        and (answer.talk is talk or answer.state is ConfirmationState.CONFIRMED)
    }


def _chosen(answer: Confirmation) -> consent.Choices:
    """What the speaker chose: what a volunteer guessed for them names nobody, in no mail either."""
    return choices_of(answer) if answer.state is ConfirmationState.CONFIRMED else own_choices(answer)


def _named(answer: Confirmation) -> SpeakerFacts:
    """The speaker as others may know them: co-speakers, too, learn no more than the public will."""
    speaker = answer.speaker
    return SpeakerFacts(speaker.name, speaker.affiliation, speaker.role_category, _chosen(answer).attribution)
