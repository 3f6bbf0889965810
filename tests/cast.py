"""The cast and the scenery of the tests: plain rows, made by hand and added to a session."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from app.domain.agenda import SegmentKind
from app.domain.attribution import Attribution
from app.domain.localtime import to_utc
from app.domain.people import Role, RoleCategory
from app.domain.proposals import Level, SeriesPreference, TalkFormat
from app.domain.publication import Audience
from app.domain.secret import Secret, WayIn
from app.domain.states import ConfirmationState, ProposalState, TalkState
from app.models import (
    CadenceRule,
    Chair,
    Confirmation,
    Person,
    Proposal,
    SegmentTemplate,
    Series,
    SisterCalendar,
    SisterOccurrence,
    Speaker,
    Talk,
    Touchpoint,
    TouchpointSegment,
    WorkingGroup,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MADRID = "Europe/Madrid"
STANDARD_CALL = (
    (SegmentKind.WELCOME, "Welcome", 5, True, False),
    (SegmentKind.TALK, "Guest talk and questions", 20, True, False),
    (SegmentKind.UPDATES, "Working-group updates", 15, True, False),
    (SegmentKind.FORUM, "Open forum", 20, False, True),
)


def make_person(session: Session, name: str, *, role: Role = Role.VOLUNTEER, email: str | None = None) -> Person:
    """A person whose address is NAME@example.org."""
    person = Person(
        name=name,
        email=email or f"{name.split(maxsplit=1)[0].lower()}@example.org",
        role=role,
        time_zone=MADRID,
        affiliation="Example Org",
        role_category=RoleCategory.OSPO,
        created_at=NOW,
    )
    session.add(person)
    session.flush()
    return person


def make_series(
    session: Session,
    slug: str = "thursday",
    *,
    name: str = "Europe Chapter and OSPOlogy",
    audience: Audience = Audience.OPEN,
    rrule: str = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
    start: time = time(14, 0),
    zone: str = MADRID,
    hue: str = "blue",
    shape: str = "circle",
) -> Series:
    """An open series of one-hour calls with the standard agenda: 20 minutes for talks."""
    series = Series(
        slug=slug,
        name=name,
        short_name=slug.capitalize(),
        audience=audience,
        hue=hue,
        shape=shape,
        role_address=f"{slug}@example.org",
        rules=[CadenceRule(valid_from=date(2026, 1, 1), rrule=rrule, start_time=start, minutes=60, time_zone=zone)],
        template=[
            SegmentTemplate(
                position=position, kind=kind, title=title, minutes=minutes, recorded=recorded, under_rule=rule
            )
            for position, (kind, title, minutes, recorded, rule) in enumerate(STANDARD_CALL)
        ],
    )
    session.add(series)
    session.flush()
    return series


def make_touchpoint(session: Session, series: Series, local_start: datetime, *, talk_minutes: int = 20) -> Touchpoint:
    """An open touchpoint at the naive wall time `local_start` in the series' zone, with the standard agenda."""
    zone = series.rules[-1].time_zone
    touchpoint = Touchpoint(
        series=series,
        local_start=local_start,
        time_zone=zone,
        minutes=40 + talk_minutes,
        starts_at=to_utc(local_start, zone),
        rule_date=local_start.date(),
        created_at=NOW,
        segments=[
            TouchpointSegment(
                position=position,
                kind=kind,
                title=title,
                minutes=talk_minutes if kind is SegmentKind.TALK else minutes,
                recorded=recorded,
                under_rule=rule,
            )
            for position, (kind, title, minutes, recorded, rule) in enumerate(STANDARD_CALL)
        ],
    )
    session.add(touchpoint)
    session.flush()
    return touchpoint


def make_speaker(
    name: str = "Sam Speaker",
    *,
    email: str | None = None,
    affiliation: str = "Kestrel Works",
    attribution: Attribution | None = Attribution.NAME_AND_AFFILIATION,
    recording_consent: bool | None = True,
    zone: str = MADRID,
) -> Speaker:
    """A speaker whose address is FIRSTNAME@example.org, not yet on a proposal."""
    return Speaker(
        position=0,
        name=name,
        email=email or f"{name.split(maxsplit=1)[0].lower()}@example.org",
        affiliation=affiliation,
        role_category=RoleCategory.OSPO,
        attribution=attribution,
        recording_consent=recording_consent,
        time_zone=zone,
    )


def make_proposal(
    session: Session,
    title: str = "Upstream first at a railway operator",
    *,
    state: ProposalState = ProposalState.SUBMITTED,
    speakers: tuple[Speaker, ...] = (),
    owner: Person | None = None,
    email: str = "vera@example.org",
    minutes: int = 20,
    preference: SeriesPreference = SeriesPreference.EITHER,
    preferred_series: Series | None = None,
    submitted_at: datetime = NOW - timedelta(days=3),
) -> Proposal:
    """A proposal with one speaker, Sam, if none are given."""
    speakers = speakers or (make_speaker(),)
    for position, speaker in enumerate(speakers):
        speaker.position = position
    proposal = Proposal(
        title=title,
        abstract="The audience sees how a railway operator sends every fix upstream first.",
        benefit="Fewer forks to carry.",
        format=TalkFormat.PRESENTATION,
        level=Level.INTRODUCTORY,
        minutes=minutes,
        state=state,
        email=email,
        owner=owner,
        preference=preference,
        preferred_series=preferred_series,
        speakers=list(speakers),
        created_at=submitted_at,
        updated_at=submitted_at,
        submitted_at=submitted_at,
    )
    session.add(proposal)
    session.flush()
    return proposal


def make_talk(
    session: Session,
    proposal: Proposal,
    touchpoint: Touchpoint,
    *,
    state: TalkState = TalkState.HOLD,
    position: int = 0,
) -> Talk:
    """The proposal on the touchpoint; its confirmations stand as `state` implies."""
    answer = {
        TalkState.HOLD: ConfirmationState.WAITING,
        TalkState.INVITED: ConfirmationState.ASKED,
        TalkState.CONFIRMED: ConfirmationState.CONFIRMED,
        TalkState.DECLINED: ConfirmationState.DECLINED,
    }[state]
    talk = Talk(
        proposal=proposal,
        touchpoint=touchpoint,
        position=position,
        state=state,
        minutes=proposal.minutes,
        created_at=NOW,
        invited_at=None if state is TalkState.HOLD else NOW,
        answer_by=None if state is TalkState.HOLD else NOW + timedelta(days=7),
        confirmations=[
            Confirmation(
                speaker=speaker,
                state=answer,
                attribution=speaker.attribution,
                recording_consent=speaker.recording_consent,
            )
            for speaker in proposal.speakers
        ],
    )
    session.add(talk)
    session.flush()
    return talk


def way_in(address: str) -> WayIn:
    """The secret way into calls by this address alone; an empty one is none."""
    return WayIn(Secret(address))


def make_sister(session: Session, name: str = "OpenChain", **facts: object) -> SisterCalendar:
    """A sister calendar that was fetched an hour ago; `facts` are columns."""
    slug = name.lower().replace(" ", "-")
    usual: dict[str, object] = {
        "hue": "amber",
        "shape": "diamond",
        "address": Secret(f"https://calendar.google.com/calendar/ical/{slug}/public/basic.ics"),
        "due_at": NOW + timedelta(hours=5),
        "fetched_at": NOW - timedelta(hours=1),
        "expanded_at": NOW - timedelta(hours=1),
    }
    calendar = SisterCalendar(**{"slug": slug, "name": name, **usual, **facts})
    session.add(calendar)
    session.flush()
    return calendar


def make_sister_event(
    session: Session, calendar: SisterCalendar, title: str, starts_at: datetime, **facts: object
) -> None:
    """An hour of that community; `facts` are columns."""
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    session.add(SisterOccurrence(calendar_id=calendar.id, uid=title, title=title, **times | facts))
    session.flush()


def make_group(session: Session, name: str = "OSPO Book", *, slug: str = "", **facts: object) -> WorkingGroup:
    """An active working group without chairs, as organizers keep it; it is not published."""
    said = {"scope": "Writes the handbook together.", "created_at": NOW, "channels": [], "chairs": [], **facts}
    group = WorkingGroup(name=name, slug=slug or name.lower().replace(" ", "-"), **said)
    session.add(group)
    session.flush()
    return group


def make_chair(
    name: str = "Sam Speaker",
    *,
    email: str | None = "sam@example.org",
    affiliation: str = "Kestrel Works",
    naming: Attribution | None = None,
) -> Chair:
    """A chair who was asked at their address, not yet on a group."""
    asked = NOW - timedelta(days=3) if email else None
    return Chair(name=name, email=email, affiliation=affiliation, naming=naming, asked_at=asked)
