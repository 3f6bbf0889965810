"""The pool: the proposals that organizers review, filtered and counted, and one proposal with its reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from app.domain.errors import NotFound
from app.domain.people import Role, RoleCategory
from app.domain.proposals import SeriesPreference
from app.domain.reviews import Tally, tally
from app.domain.states import ProposalState
from app.models import BouncingAddress, Person, Proposal, Review, Series, Speaker, Talk, Topic
from app.models.proposal import proposal_topic
from app.services.blind_review import blind_proposals, blind_series, is_blind, unnamed
from app.services.queries.received import bouncing_among
from app.services.queries.review_faces import ProposalFace, face_of
from app.services.reviewing import is_own

PAGE = 50
IN_THE_POOL = frozenset(ProposalState) - {ProposalState.DRAFT, ProposalState.UNCONFIRMED}
LATE_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class PoolFilter:
    """What the organizer asked to see. Empty values do not filter; `waiting` is the least number of days."""

    text: str = ""
    state: ProposalState | None = ProposalState.SUBMITTED
    series: str = ""
    topic: str = ""
    role_category: RoleCategory | None = None
    waiting: int = 0
    page: int = 1


@dataclass(frozen=True)
class PoolRow:
    """One proposal of the list. `mine` is the asking organizer's review, `own` whether they may not vote.

    `face` is what they may read of its words and people.
    """

    proposal: Proposal
    face: ProposalFace
    tally: Tally
    mine: Review | None
    own: bool
    waiting_days: int

    @property
    def late(self) -> bool:
        waits = self.proposal.state is ProposalState.SUBMITTED
        return waits and self.waiting_days > LATE_AFTER.days


@dataclass(frozen=True)
class PoolPage:
    rows: Sequence[PoolRow]
    total: int
    page: int
    pages: int
    counts: dict[ProposalState, int]


@dataclass(frozen=True)
class PoolChoices:
    """What the filter offers."""

    series: Sequence[Series]
    topics: Sequence[Topic]


@dataclass(frozen=True)
class ProposalPage:
    """One proposal for an organizer: its reviews, the count, and the talks that it became.

    `bouncing` are those of its addresses from which mail came back.
    """

    row: PoolRow
    reviews: Sequence[Review]
    talks: Sequence[Talk]
    bouncing: dict[str, BouncingAddress]

    @property
    def proposal(self) -> Proposal:
        return self.row.proposal

    @property
    def face(self) -> ProposalFace:
        return self.row.face

    def comment_of(self, review: Review) -> str:
        """Its private comment, which may name whom nobody is to know yet."""
        return unnamed(review.comment, self.proposal) if self.face.blind else review.comment


def read_pool(session: Session, asked: PoolFilter, *, organizer: Person, now: datetime) -> PoolPage:
    """One page of the pool, longest waiting first."""
    matching = select(Proposal).where(*_conditions(session, asked, now=now))
    total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, asked.page), pages)
    proposals = session.scalars(_in_order(matching).limit(PAGE).offset((page - 1) * PAGE)).all()
    return PoolPage(_rows(session, proposals, organizer=organizer, now=now), total, page, pages, _counts(session))


def read_proposal(session: Session, key: str, *, organizer: Person, now: datetime) -> ProposalPage:
    """The proposal with this key. Raises NotFound, also for drafts, which are nobody's business but the writer's."""
    statement = select(Proposal).where(Proposal.key == key, Proposal.state.in_(IN_THE_POOL))
    proposal = session.scalar(_loaded(statement))
    if proposal is None:
        raise NotFound("There is no such proposal.")
    reviews = session.scalars(
        select(Review)
        .where(Review.proposal_id == proposal.id)
        .options(joinedload(Review.organizer))
        .order_by(Review.id)
    ).all()
    talks = session.scalars(
        select(Talk).where(Talk.proposal_id == proposal.id).options(joinedload(Talk.touchpoint)).order_by(Talk.id)
    ).all()
    addresses = [proposal.email, *(speaker.email or "" for speaker in proposal.speakers)]
    row = _rows(session, [proposal], organizer=organizer, now=now)[0]
    return ProposalPage(row, reviews, talks, bouncing_among(session, addresses))


def read_choices(session: Session) -> PoolChoices:
    """The running series and all topics that any proposal can have."""
    series = session.scalars(select(Series).where(Series.ended_on.is_(None)).order_by(Series.position, Series.id)).all()
    return PoolChoices(series, session.scalars(select(Topic).order_by(Topic.position, Topic.id)).all())


def _conditions(session: Session, asked: PoolFilter, *, now: datetime) -> list[ColumnElement[bool]]:
    state = Proposal.state == asked.state if asked.state in IN_THE_POOL else Proposal.state.in_(IN_THE_POOL)
    conditions: list[ColumnElement[bool]] = [state, Proposal.import_key.is_(None)]
    if asked.text.strip():
        conditions.append(_says(session, asked.text))
    if asked.series:
        either = Proposal.preference != SeriesPreference.ONE
        conditions.append(or_(either, Proposal.preferred_series.has(Series.slug == asked.series)))
    if asked.topic:
        tagged = select(proposal_topic.c.proposal_id).join(Topic).where(Topic.slug == asked.topic)
        conditions.append(Proposal.id.in_(tagged))
    if asked.role_category:
        conditions.append(Proposal.speakers.any(Speaker.role_category == asked.role_category))
    if asked.waiting:
        conditions.append(Proposal.submitted_at <= now - timedelta(days=asked.waiting))
    return conditions


def _says(session: Session, text: str) -> ColumnElement[bool]:
    """Each word stands in the title, the abstract, or a speaker's name or affiliation, in any case.

    Of a proposal that is reviewed blind only what an organizer reads is searched: a name would find it else.
    """

    def in_column(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
        return func.lower(column).contains(word.lower(), autoescape=True)

    def somewhere(word: str) -> ColumnElement[bool]:
        who = or_(in_column(Speaker.name, word), in_column(Speaker.affiliation, word))
        return or_(in_column(Proposal.title, word), in_column(Proposal.abstract, word), Proposal.speakers.any(who))

    words = text.split()[:8]
    unnamed_ones = _blind(session)
    saying = [proposal.id for proposal in unnamed_ones if face_of(proposal, blind=True).says(words)]
    others = Proposal.id.not_in([proposal.id for proposal in unnamed_ones])
    return or_(and_(others, *(somewhere(word) for word in words)), Proposal.id.in_(saying))


def _blind(session: Session) -> list[Proposal]:
    """The proposals that are reviewed without names at present."""
    unnamed_ones = select(Proposal).where(blind_proposals(blind_series(session)), Proposal.state.in_(IN_THE_POOL))
    return list(session.scalars(_loaded(unnamed_ones)))


def _in_order(statement: Select[Proposal]) -> Select[Proposal]:
    return _loaded(statement).order_by(Proposal.submitted_at, Proposal.id)


def _loaded(statement: Select[Proposal]) -> Select[Proposal]:
    return statement.options(
        selectinload(Proposal.speakers),
        selectinload(Proposal.topics),
        joinedload(Proposal.preferred_series),
        joinedload(Proposal.owner),
    )


def _rows(session: Session, proposals: Sequence[Proposal], *, organizer: Person, now: datetime) -> list[PoolRow]:
    organizers = session.scalars(select(Person).where(Person.role == Role.ORGANIZER)).all()
    by_proposal: dict[int, list[Review]] = {proposal.id: [] for proposal in proposals}
    for review in session.scalars(select(Review).where(Review.proposal_id.in_(by_proposal))):
        by_proposal[review.proposal_id].append(review)
    rows, blind = [], blind_series(session)
    for proposal in proposals:
        reviews = by_proposal[proposal.id]
        electorate = {person.id for person in organizers if not is_own(proposal, person)}
        own = is_own(proposal, organizer)
        rows.append(
            PoolRow(
                proposal=proposal,
                face=face_of(proposal, blind=is_blind(proposal, blind) and not own),
                tally=tally([r.vote for r in reviews if r.organizer_id in electorate], electorate=len(electorate)),
                mine=next((review for review in reviews if review.organizer_id == organizer.id), None),
                own=own,
                waiting_days=(now - (proposal.submitted_at or now)).days,
            )
        )
    return rows


def _counts(session: Session) -> dict[ProposalState, int]:
    counted = session.execute(
        select(Proposal.state, func.count()).where(Proposal.import_key.is_(None)).group_by(Proposal.state)
    )
    return {state: number for state, number in counted if state in IN_THE_POOL}
