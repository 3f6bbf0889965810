"""The demo: an empty installation is filled by the very use cases that people would use, some weeks back in time."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import zip_longest

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import demo
from app.domain.confirming import Answer
from app.domain.demo import DemoSeries, DemoTalk
from app.domain.proposals import Level, ProposalDraft, SpeakerDraft
from app.domain.reviews import Ground, Vote
from app.domain.secret import Secret, WayIn
from app.domain.series import PartDraft, RuleDraft
from app.domain.site import Site
from app.domain.states import ProposalState
from app.models import Person, Proposal, Series, Talk, Topic, Touchpoint
from app.services import confirming, inviting, people, placing, proposing, reviewing, scheduling, series, topics
from app.services.auditing import COMMAND, Actor
from app.services.demo_groups import add_groups, give_updates
from app.services.demo_held import Walk, hold_past_calls
from app.services.demo_past import add_past
from app.services.demo_sisters import add_sisters
from app.services.people import find_or_make_person
from app.services.reviewing import Decision

AHEAD = timedelta(days=120)
BEGAN = timedelta(days=200)
_VERDICTS: dict[tuple[Vote, ...], ProposalState] = {
    (Vote.YES, Vote.YES): ProposalState.ACCEPTED,
    (Vote.NO, Vote.NO): ProposalState.DECLINED,
}


def is_empty(session: Session) -> bool:
    """Whether nobody uses this installation yet: it has no person and no series."""
    return not any(session.scalar(select(func.count()).select_from(table)) for table in (Person, Series))


def seed_demo(session: Session, *, site: Site, now: datetime) -> None:
    """Fill an empty installation: two series at their cadences, people, and proposals in every state."""
    began = now - BEGAN
    for person in demo.PEOPLE:
        people.add_person(session, person.email, name=person.name, role=person.role, by=COMMAND, now=began)
    by = Actor.signed_in(_person(session, demo.ORGANIZER.email))
    _add_topics(session, by=by, now=began)
    for described in demo.SERIES:
        _add_series(session, described, by=by, site=site, now=began)
    add_groups(session, by=by, site=site, now=began)
    hold_past_calls(session, _onto_the_next(session, site), by=by, site=site, now=now)
    scheduling.open_touchpoints(session, until=(now + AHEAD).date(), by=by, site=site, now=now)
    give_updates(session, on=demo.SERIES[0].draft.slug, by=by, site=site, now=now)
    slug, ahead, reason = demo.HOLIDAY
    holiday = _call(session, slug, ahead, after=now)
    scheduling.skip_touchpoint(session, holiday, reason=reason, version=holiday.version, by=by, site=site, now=now)
    for number, talk in enumerate(demo.TALKS):
        _walk(session, talk, number, site=site, now=now)
    add_sisters(session, now=now)
    add_past(session, by=by, site=site, now=now)


def _onto_the_next(session: Session, site: Site) -> Walk:
    """How the demo leads a talk of the past onto the call that was next then."""
    numbers = itertools.count()

    def walk(talk: DemoTalk, slug: str, then: datetime) -> None:
        _walk(session, replace(talk, place=(slug, 0)), f"held-{next(numbers)}", site=site, now=then)

    return walk


def _add_topics(session: Session, *, by: Actor, now: datetime) -> None:
    known = set(session.scalars(select(Topic.name)))
    for name in demo.TOPICS:
        if name not in known:
            topics.add_topic(session, name, by=by, now=now)


def _add_series(session: Session, described: DemoSeries, *, by: Actor, site: Site, now: datetime) -> None:
    cadence = described.cadence
    added = series.create_series(session, described.draft, by=by, now=now)
    rule = RuleDraft(
        rhythm="weekly" if cadence.weeks else "monthly",
        weekday=cadence.weekday,
        weeks=cadence.weeks or None,
        nths=cadence.nths,
        start=described.start,
        minutes=described.minutes,
        zone=described.zone,
        valid_from=date(now.year, 1, 1),
    )
    series.add_rule(session, added, rule, version=added.version, by=by, now=now)
    parts = [
        PartDraft(place, place, part.kind, part.title, part.minutes, part.recorded, part.under_rule)
        for place, part in enumerate(described.agenda)
    ]
    series.save_template(session, added, parts, version=added.version, by=by, now=now)
    way_in = WayIn(Secret(f"https://meet.example.org/{described.draft.slug}"), passcode=Secret("an-example"))
    series.save_join_link(session, added, way_in, by=by, site=site, now=now)


def _walk(session: Session, talk: DemoTalk, number: object, *, site: Site, now: datetime) -> None:
    """Lead one proposal as far as the demo tells: sent, reviewed, decided, placed, invited, answered."""
    sent = now - timedelta(days=talk.waited)
    owner = _owner(session, talk, now=sent)
    proposal = proposing.submit_proposal(
        session, _draft(talk, owner), form_key=f"demo-{number}", by=Actor.signed_in(owner), site=site, now=sent
    )
    _review(session, proposal, talk, site=site, now=sent + timedelta(days=1))
    placed = now - timedelta(days=talk.invited)
    if talk.place and proposal.state is ProposalState.ACCEPTED:
        onto = _call(session, *talk.place, after=now)
        _place(session, proposal, onto, talk, answer=talk.answer, site=site, now=placed)
    if talk.also:
        onto = _call(session, *talk.also, after=now)
        _place(session, proposal, onto, talk, answer="invited", site=site, now=now - timedelta(hours=20))


def _owner(session: Session, talk: DemoTalk, *, now: datetime) -> Person:
    first = talk.speakers[0]
    owner = find_or_make_person(session, _address(first.name), name=first.name, now=now)
    session.commit()
    return owner


def _draft(talk: DemoTalk, owner: Person) -> ProposalDraft:
    return ProposalDraft(
        title=talk.title,
        abstract=talk.takeaway,
        benefit=talk.benefit,
        format=talk.format,
        minutes=talk.minutes,
        level=Level.INTRODUCTORY,
        topics=(talk.topic.lower().replace(" ", "-"),),
        preference=talk.preference,
        series=talk.series,
        working_group=talk.working_group,
        speakers=tuple(
            SpeakerDraft(
                number=number,
                name=speaker.name,
                email=_address(speaker.name),
                affiliation=speaker.affiliation,
                role_category=speaker.category,
                time_zone=speaker.zone,
                attribution=speaker.attribution,
                recording_consent=speaker.recording,
            )
            for number, speaker in enumerate(talk.speakers)
        ),
        email=owner.email,
        acknowledged=True,
    )


def _review(session: Session, proposal: Proposal, talk: DemoTalk, *, site: Site, now: datetime) -> None:
    organizers = [_person(session, person.email) for person in demo.PEOPLE if person.role is demo.ORGANIZER.role]
    for organizer, vote in zip_longest(organizers, talk.votes):
        if organizer is not None and vote is not None:
            by = Actor.signed_in(organizer)
            reviewing.cast_vote(session, proposal, vote=vote, comment="", by=by, now=now)
    if verdict := _VERDICTS.get(talk.votes):
        words = "We look forward to it." if verdict is ProposalState.ACCEPTED else "Touchpoints are no place to sell."
        decision = Decision(verdict, words, Ground.MAJORITY)
        by = Actor.signed_in(organizers[0])
        reviewing.decide(session, proposal, decision, version=proposal.version, by=by, site=site, now=now)


def _place(
    session: Session,
    proposal: Proposal,
    onto: Touchpoint,
    described: DemoTalk,
    *,
    answer: str,
    site: Site,
    now: datetime,
) -> None:
    by = Actor.signed_in(_person(session, demo.ORGANIZER.email))
    talk = placing.place_proposal(session, proposal, onto=onto, version=proposal.version, by=by, site=site, now=now)
    if answer == "hold":
        return
    inviting.invite_talk(session, talk, version=talk.version, by=by, site=site, now=now)
    _answer(session, talk, described, answer, site=site, now=now + timedelta(hours=5))


def _answer(session: Session, talk: Talk, described: DemoTalk, answer: str, *, site: Site, now: datetime) -> None:
    by = Actor.signed_in(_person(session, talk.proposal.email))
    for confirmation in talk.confirmations:
        speaker = described.speakers[confirmation.speaker.position]
        if answer == "confirmed":
            yes = Answer(
                talk.proposal.title, talk.proposal.abstract, speaker.attribution, speaker.recording, slides_consent=True
            )
            confirming.confirm_talk(session, confirmation, yes, by=by, site=site, now=now)
        elif answer != "invited":
            confirming.ask_for_another_date(session, confirmation, wishes=(), words=answer, by=by, site=site, now=now)


def _call(session: Session, slug: str, ahead: int, *, after: datetime) -> Touchpoint:
    """The call of that series, so many after the next one after `after`."""
    coming = select(Touchpoint).join(Series).where(Series.slug == slug, Touchpoint.starts_at > after)
    return session.scalars(coming.order_by(Touchpoint.starts_at).offset(ahead).limit(1)).one()


def _person(session: Session, email: str) -> Person:
    return session.scalars(select(Person).where(Person.email == email)).one()


def _address(name: str) -> str:
    return f"{name.split(maxsplit=1)[0].lower()}@example.org"
