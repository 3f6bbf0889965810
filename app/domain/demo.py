"""The believable demo: its people, series and talks, as plain values. Every name is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from app.domain.agenda import STANDARD_AGENDA, Segment, SegmentKind
from app.domain.attribution import Attribution
from app.domain.cadence import Cadence
from app.domain.people import Role, RoleCategory
from app.domain.proposals import SeriesPreference, TalkFormat
from app.domain.publication import Audience
from app.domain.reviews import Vote
from app.domain.series import SeriesDraft


@dataclass(frozen=True)
class DemoPerson:
    email: str
    name: str
    role: Role


@dataclass(frozen=True)
class DemoSeries:
    draft: SeriesDraft
    cadence: Cadence
    start: time
    zone: str = "Europe/Madrid"
    minutes: int = 60
    agenda: tuple[Segment, ...] = STANDARD_AGENDA


@dataclass(frozen=True)
class DemoSpeaker:
    name: str
    affiliation: str
    category: RoleCategory
    zone: str
    attribution: Attribution = Attribution.NAME_AND_AFFILIATION
    recording: bool = True


@dataclass(frozen=True)
class DemoTalk:
    """A proposal `waited` days old. `votes` are the organizers', in order; two that agree decide.

    `place` is (series slug, how many calls ahead), `invited` the days since its speakers were asked for it. `answer`
    is what becomes of it there: "hold", "invited", "confirmed" or the words of a speaker who asks for another date.
    """

    title: str
    takeaway: str
    benefit: str
    speakers: tuple[DemoSpeaker, ...]
    minutes: int
    topic: str
    waited: int
    invited: int = 2
    preference: SeriesPreference = SeriesPreference.EITHER
    series: str = ""
    format: TalkFormat = TalkFormat.PRESENTATION
    votes: tuple[Vote, ...] = (Vote.YES, Vote.YES)
    place: tuple[str, int] | None = None
    answer: str = "hold"
    also: tuple[str, int] | None = None
    working_group: str = ""


TOPICS = (
    "OSPO strategy",
    "Compliance and security",
    "Community and InnerSource",
    "Value and sustainability",
    "Emerging trends",
)
ORGANIZER = DemoPerson("ines@example.org", "Ines Prado", Role.ORGANIZER)
VOLUNTEER = DemoPerson("vera@example.org", "Vera Olsen", Role.VOLUNTEER)
PEOPLE = (
    ORGANIZER,
    DemoPerson("olu@example.org", "Olu Adeyemi", Role.ORGANIZER),
    DemoPerson("mira@example.org", "Mira Kaya", Role.MEMBER),
    VOLUNTEER,
)
SERIES = (
    DemoSeries(
        SeriesDraft(
            name="Europe Chapter and OSPOlogy",
            short_name="Thursday",
            slug="thursday",
            audience=Audience.OPEN,
            hue="blue",
            shape="circle",
            role_address="thursday@example.org",
            description="Open to everyone who manages open source. One guest, then everyone asks.",
        ),
        Cadence(4, weeks=2),
        time(14, 0),
    ),
    DemoSeries(
        SeriesDraft(
            name="General Member",
            short_name="Friday",
            slug="friday",
            audience=Audience.OPEN,
            hue="plum",
            shape="square",
            role_address="friday@example.org",
            description="For General Members and their guests. Its notes are open and name nobody.",
        ),
        Cadence(5, nths=(1, 3)),
        time(17, 30),
        agenda=(
            Segment(SegmentKind.WELCOME, "Welcome", 5, recorded=True, under_rule=False),
            Segment(SegmentKind.TALK, "Two guest talks", 35, recorded=True, under_rule=False),
            Segment(SegmentKind.FORUM, "Open forum", 20, recorded=False, under_rule=True),
        ),
    ),
)
HOLIDAY = ("friday", 2, "Public holiday")
_YES_NO = (Vote.YES, Vote.NO)
TALKS = (
    DemoTalk(
        "Measuring what an OSPO changes, with CHAOSS metrics",
        "Three metrics that survived two budget rounds, the eleven that did not, and how to tell them apart early.",
        "A shared, small set of measures that other OSPOs can compare with.",
        (DemoSpeaker("Wren Castellanos", "Tessellate", RoleCategory.OSPO, "Europe/Madrid"),),
        20,
        TOPICS[3],
        34,
        preference=SeriesPreference.BOTH,
        invited=20,
        place=("thursday", 0),
        answer="confirmed",
        also=("friday", 1),
        working_group="oss-in-business",
    ),
    DemoTalk(
        "Licence review without the queue",
        "How a bank moved four fifths of its licence reviews to the teams themselves, and what stayed with legal.",
        "Less waiting for maintainers whose releases a bank wants to use.",
        (DemoSpeaker("Diego Marín", "Northwind Bank", RoleCategory.OSPO, "America/Bogota", Attribution.AFFILIATION),),
        20,
        TOPICS[1],
        41,
        preference=SeriesPreference.ONE,
        series="friday",
        invited=24,
        place=("friday", 0),
        answer="confirmed",
    ),
    DemoTalk(
        "A city that publishes its code",
        "What changed in procurement, hiring and support when a city of 260,000 made publishing the default.",
        "A path for public bodies that want to give back.",
        (
            DemoSpeaker("Katrijn De Smet", "Havenstad", RoleCategory.STAKEHOLDER, "Europe/Brussels"),
            DemoSpeaker("Bas Vermeer", "Havenstad", RoleCategory.STAKEHOLDER, "Europe/Brussels", Attribution.ROLE),
        ),
        20,
        TOPICS[0],
        22,
        place=("thursday", 1),
        answer="invited",
    ),
    DemoTalk(
        "InnerSource as the on-ramp to upstream",
        "A year of inner source at a car maker: which teams went upstream afterwards, and which did not.",
        "More first contributions that are good ones.",
        (DemoSpeaker("Hannah Weiss", "Voltwerk", RoleCategory.OSPO, "Europe/Berlin", Attribution.NAME),),
        15,
        TOPICS[2],
        12,
        place=("thursday", 2),
    ),
    DemoTalk(
        "Paying the maintainers we lean on",
        "Four ways to get money to a maintainer, what each costs in paperwork, and what maintainers say of them.",
        "Maintainers are paid sooner and with less work.",
        (DemoSpeaker("Tunde Bello", "Sable Systems", RoleCategory.STAKEHOLDER, "America/Toronto"),),
        15,
        TOPICS[3],
        19,
        place=("friday", 1),
        answer="The board meets that day. Any Friday in the month after suits.",
    ),
    DemoTalk(
        "Upstream first at a railway operator",
        "How signalling teams learned to send fixes upstream before they ship, and the three rules that made it stick.",
        "Fewer private forks of industrial libraries.",
        (DemoSpeaker("Jonas Lindqvist", "Lumen Rail", RoleCategory.OSPO, "Europe/Stockholm"),),
        20,
        TOPICS[0],
        16,
        preference=SeriesPreference.ONE,
        series="thursday",
    ),
    DemoTalk(
        "SBOMs in procurement: what suppliers actually send",
        "Two hundred bills of materials from forty suppliers, read line by line: what is there and what is missing.",
        "Better inventories for everyone downstream.",
        (DemoSpeaker("Mei Tanaka", "Orbital Data", RoleCategory.OSPO, "Asia/Tokyo", recording=False),),
        20,
        TOPICS[1],
        9,
        preference=SeriesPreference.ONE,
        series="friday",
    ),
    DemoTalk(
        "Running an OSPO with half a person",
        "What to do first, what to drop, and what to write down when the open source office is twenty hours a week.",
        "Small organisations can take part too.",
        (DemoSpeaker("Priya Raghunathan", "Fjordbank", RoleCategory.OSPO, "Asia/Kolkata", Attribution.ROLE),),
        15,
        TOPICS[0],
        4,
    ),
    DemoTalk(
        "What stewards owe the Cyber Resilience Act",
        "The duties of an open source steward in plain words, and the four that foundations already meet.",
        "Foundations and users know who does what.",
        (DemoSpeaker("Ana Ferreira", "Harbor Foundation", RoleCategory.FOUNDATION, "Europe/Lisbon"),),
        20,
        TOPICS[4],
        6,
        votes=_YES_NO,
    ),
    DemoTalk(
        "Ten years of saying no: a maintainer’s triage",
        "A maintainer’s rules for closing issues kindly, with the numbers behind them.",
        "Kinder, shorter queues.",
        (DemoSpeaker("Sam Okafor", "Kestrel project", RoleCategory.INDEPENDENT, "Africa/Lagos"),),
        20,
        TOPICS[2],
        3,
        format=TalkFormat.DISCUSSION,
        votes=(),
    ),
    DemoTalk(
        "Our product roadmap for next year",
        "What our platform will offer open source offices next year.",
        "Customers can plan.",
        (DemoSpeaker("Kit Moran", "Brightlane", RoleCategory.STAKEHOLDER, "Europe/London"),),
        30,
        TOPICS[4],
        18,
        format=TalkFormat.DEMO,
        votes=(Vote.NO, Vote.NO),
    ),
)
