"""What the tables say of talks and their speakers, as facts for what decides what is public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.attribution import Attribution, SpeakerFacts
from app.domain.disclosure import TalkFacts
from app.domain.identity_words import addresses_in, handles_of
from app.domain.mentions import find_mentions, hidden_identity, without_mentions
from app.domain.publication import PublicOccasion
from app.domain.states import ON_THE_BOARD, ConfirmationState, TalkState
from app.domain.withholding import kept_words
from app.models import Confirmation, Proposal, Speaker, Talk


def talk_facts(talk: Talk, *, also: tuple[PublicOccasion, ...] = ()) -> TalkFacts:
    """What the tables say of a talk, with the attribution and consent of its speakers' confirmations.

    `also` are the other calls on which it is held, as `other_calls` finds them.
    """
    proposal = talk.proposal
    answers = {confirmation.speaker_id: confirmation for confirmation in talk.confirmations}
    return TalkFacts(
        title=proposal.title,
        abstract=proposal.abstract,
        speakers=tuple(speaker_facts(speaker, answers.get(speaker.id)) for speaker in proposal.speakers),
        minutes=talk.minutes,
        consented=_all_agreed(proposal, answers, "recording_consent"),
        topics=tuple(topic.name for topic in proposal.topics),
        links=tuple(proposal.links),
        recording_url=talk.recording_url,
        slides_url=talk.slides_url,
        slides_agreed=_all_agreed(proposal, answers, "slides_consent"),
        also=also,
        key=talk.key,
        working_group=proposal.working_group.ref() if proposal.working_group else None,
    )


def read_talks(session: Session, touchpoint_ids: Sequence[int]) -> dict[int | None, list[Talk]]:
    """The talks that stand on these calls, in their order, read anew with all that is told of them."""
    query = (
        select(Talk)
        .where(Talk.touchpoint_id.in_(touchpoint_ids), Talk.state.in_(ON_THE_BOARD))
        .order_by(Talk.position, Talk.id)
        .options(
            joinedload(Talk.proposal).options(
                selectinload(Proposal.speakers), selectinload(Proposal.topics), joinedload(Proposal.working_group)
            ),
            selectinload(Talk.confirmations),
        )
    )
    talks: dict[int | None, list[Talk]] = defaultdict(list)
    for talk in session.scalars(query, execution_options={"populate_existing": True}):
        talks[talk.touchpoint_id].append(talk)
    return talks


def awaited_on(talks: Iterable[Talk]) -> tuple[SpeakerFacts, ...]:
    """The speakers of those of these talks that are not confirmed: nothing of them is public."""
    waiting = (talk for talk in talks if talk.state is not TalkState.CONFIRMED)
    return tuple(facts_of(speaker, None) for talk in waiting for speaker in talk.proposal.speakers)


def without_speakers(text: str, talk: Talk) -> str:
    """`text` without the names of whoever speaks in the talk. Their organisations may stand for themselves."""
    speakers = talk.proposal.speakers
    people = [replace(hidden_identity(facts_of(speaker, Attribution.NONE)), affiliation="") for speaker in speakers]
    return without_mentions(text, find_mentions(text, people))


def told_title(talk: Talk) -> str:
    """The talk's title as mails and calendar entries tell it to its speakers: of several, none reads there what another
    keeps back. Whoever speaks alone reads their own words.
    """
    answers = talk.confirmations
    if len(answers) < 2:
        return talk.proposal.title
    people = [facts_of(each.speaker, each.attribution, agreed=each.agreed_sentences) for each in answers]
    return kept_words(talk.proposal.title, people)


def people_in(text: str, talks: Iterable[Talk]) -> list[str]:
    """The words of `text` that tell who speaks in one of these talks, however they may be named there."""
    answers = [answer for talk in talks for answer in talk.confirmations]
    people = [hidden_identity(facts_of(answer.speaker, Attribution.NONE)) for answer in answers]
    return [mention.words for mention in find_mentions(text, people)]


def speaker_facts(speaker: Speaker, confirmation: Confirmation | None) -> SpeakerFacts:
    """The speaker for one talk, at the level of their confirmation; without one they have chosen nothing."""
    if confirmation is None or confirmation.state is not ConfirmationState.CONFIRMED:
        return facts_of(speaker, None)
    return facts_of(speaker, confirmation.attribution, agreed=confirmation.agreed_sentences)


def facts_of(speaker: Speaker, level: Attribution | None, *, agreed: Iterable[str] = ()) -> SpeakerFacts:
    """The speaker at this level, with all that a text could betray them by; `agreed` sentences may."""
    proposal = speaker.proposal
    addresses = [*proposal.links, *addresses_in(speaker.bio)]
    return SpeakerFacts(
        name=speaker.name,
        affiliation=speaker.affiliation,
        role_category=speaker.role_category,
        attribution=level,
        emails=(speaker.email,) if speaker.email else (),
        handles=handles_of(addresses, name=speaker.name, alone=len(proposal.speakers) == 1),
        agreed=frozenset(agreed),
    )


def _all_agreed(proposal: Proposal, answers: dict[int, Confirmation], to: str) -> bool:
    """Whether every speaker has said yes `to` that, by the name of the column; silence is no yes."""
    consents = [getattr(answers[speaker.id], to) for speaker in proposal.speakers if speaker.id in answers]
    return len(consents) == len(proposal.speakers) > 0 and all(consents)
