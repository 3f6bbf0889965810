"""A series as organizers write it: its form, its rule and its agenda, and what must be put right in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType

from app.domain.agenda import IN_CONFIDENCE, Segment, SegmentKind, agenda_problem
from app.domain.cadence import HORIZON, NTHS, WEEKS, Cadence, Rule
from app.domain.errors import InvalidInput
from app.domain.join_links import WHY_NOT, holds_join_link
from app.domain.localtime import known_zone
from app.domain.publication import MEMBERS_DETAILS, Audience, PublicDetail
from app.domain.secret import WayIn
from app.domain.text import MAX_LINE, MAX_TEXT, is_web_address
from app.domain.working_groups import ChairFacts, GroupRef, names_somebody

HUES = ("blue", "plum", "teal", "amber", "green", "red")
SHAPES = ("circle", "square", "triangle", "diamond")
MAX_SHORT_NAME = MAX_SLUG = 40
MIN_CALL, MAX_CALL = 15, 240  # minutes
MAX_PASSCODE, MAX_DIAL_IN = 120, 500
MAX_PARTS = 12
EARLIEST = date(2000, 1, 1)
RESERVED_SLUGS = frozenset({"all", "new"})  # /calendar/all.ics, /series/new
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

NO_GROUPS: Mapping[str, GroupRef] = MappingProxyType({})

Problems = dict[str, str]
IsAddress = Callable[[str], bool]


@dataclass(frozen=True)
class SeriesDraft:
    """A series as its form has it, cleaned. None is "not chosen" or unreadable."""

    name: str = ""
    short_name: str = ""
    slug: str = ""
    audience: Audience | None = None
    public_detail: PublicDetail | None = PublicDetail.TITLE_AND_TIME
    hue: str = HUES[0]
    shape: str = SHAPES[0]
    role_address: str = ""
    description: str = ""
    ended_on: date | None = None  # the last day on which it may meet; None while it goes on
    moved_to: str = ""  # the address where it goes on after that
    blind_review: bool = False


@dataclass(frozen=True)
class RuleDraft:
    """A cadence rule as its form has it. `rhythm` is "weekly" (then `weeks` counts) or "monthly" (then `nths`)."""

    rhythm: str = "monthly"
    weekday: int | None = None
    weeks: int | None = None
    nths: tuple[int, ...] = ()
    start: time | None = None
    minutes: int | None = None
    zone: str = ""
    valid_from: date | None = None


@dataclass(frozen=True)
class PartDraft:
    """A row of the agenda's form. `number` names its fields; rows stand in order of `position`.

    `working_group` is the slug of the group whose part it is, empty without one.
    """

    number: int
    position: int | None = None
    kind: SegmentKind | None = None
    title: str = ""
    minutes: int | None = None
    recorded: bool = False
    under_rule: bool = False
    working_group: str = ""

    def field(self, name: str) -> str:
        """The name of a field of this row: "part-0-minutes"."""
        return f"part-{self.number}-{name}"


def series_problems(draft: SeriesDraft, *, is_address: IsAddress) -> Problems:
    """What must be put right before the series can be saved: a sentence for each field, in the order of the form."""
    problems: Problems = {}
    for name, text, limit, missing in (
        ("name", draft.name, MAX_LINE, "Give the series a name."),
        ("short_name", draft.short_name, MAX_SHORT_NAME, "Give it a short name, for chips and columns."),
    ):
        if problem := _line_problem(text, limit, missing):
            problems[name] = problem
    if problem := _slug_problem(draft.slug):
        problems["slug"] = problem
    problems |= _audience_problems(draft)
    for name, value, choices in (("hue", draft.hue, HUES), ("shape", draft.shape, SHAPES)):
        if value not in choices:
            problems[name] = f"Choose a {name} from the list."
    if not is_address(draft.role_address):
        problems["role_address"] = "Give a mailbox of the series, like thursday@example.org; never a person's own."
    if len(draft.description) > MAX_TEXT:
        problems["description"] = f"At most {MAX_TEXT} characters; these are {len(draft.description)}."
    elif holds_join_link(draft.description):
        problems["description"] = WHY_NOT
    return problems | _moved_problems(draft) | _ending_problems(draft)


def way_in_problems(way_in: WayIn) -> Problems:
    """What must be put right in a way into calls; whatever is empty is taken away."""
    problems = {
        name: "Write the link whole, beginning with https://."
        for name, secret in (("join_url", way_in.address), ("registration", way_in.registration))
        if secret and not is_web_address(secret.reveal())
    }
    for name, secret, limit in (
        ("passcode", way_in.passcode, MAX_PASSCODE),
        ("dial_in", way_in.dial_in, MAX_DIAL_IN),
    ):
        if len(secret.reveal()) > limit:
            problems[name] = f"At most {limit} characters; these are {len(secret.reveal())}."
    return problems


def reason_problem(reason: str) -> str | None:
    """Why `reason` cannot stand on the public schedule as the reason for no call."""
    return _line_problem(reason, MAX_LINE, "Say why, in a few words: subscribers read it.")


def read_rule(draft: RuleDraft, *, today: date) -> Rule:
    """The rule that the form describes. Raises InvalidInput with a sentence for each field."""
    problems = _rhythm_problems(draft) | _clock_problems(draft, today=today)
    if problems or not (draft.weekday and draft.start and draft.minutes and draft.valid_from):
        raise InvalidInput(problems)
    weekly = draft.rhythm == "weekly"
    cadence = Cadence(
        draft.weekday,
        weeks=(draft.weeks or 0) if weekly else 0,
        nths=() if weekly else tuple(nth for nth in NTHS if nth in draft.nths),
    )
    return Rule(draft.valid_from, cadence, draft.start, draft.minutes, draft.zone)


NAMES_A_CHAIR = (
    "This names a chair. Choose the working group of the part instead: its page names chairs as each of them agreed."
)


def read_agenda(
    parts: Sequence[PartDraft],
    *,
    minutes: int,
    groups: Mapping[str, GroupRef] = NO_GROUPS,
    chairs: Sequence[ChairFacts] = (),
) -> list[Segment]:
    """The agenda that the form describes, in order of its positions, for a call of `minutes`.

    A part without a title is called what its kind is called. `groups` are the working groups by slug, `chairs` those of
    all groups: no title names one, since it would outlive their word.
    Raises InvalidInput; what concerns the whole agenda stands under "parts".
    """
    problems: Problems = {}
    for part in parts:
        problems |= _part_problems(part)
        if names_somebody(part.title, chairs):
            problems[part.field("title")] = NAMES_A_CHAIR
        if part.working_group and part.working_group not in groups:
            problems[part.field("working_group")] = "Choose a working group from the list."
    if len(parts) > MAX_PARTS:
        problems["parts"] = f"At most {MAX_PARTS} parts; these are {len(parts)}."
    ordered = sorted(parts, key=lambda part: (part.position is None, part.position or 0, part.number))
    segments = [
        Segment(
            part.kind,
            part.title or part.kind.label,
            part.minutes,
            part.recorded,
            part.under_rule,
            groups.get(part.working_group),
        )
        for part in ordered
        if part.kind and part.minutes
    ]
    if not problems and (problem := agenda_problem(segments, minutes=minutes)):
        problems["parts"] = problem
    if problems:
        raise InvalidInput(problems)
    return segments


def _rhythm_problems(draft: RuleDraft) -> Problems:
    problems: Problems = {}
    if draft.rhythm not in {"weekly", "monthly"}:
        problems["rhythm"] = "Choose weeks or months."
    if draft.rhythm == "weekly" and draft.weeks not in WEEKS:
        problems["weeks"] = "Choose how many weeks apart."
    if draft.rhythm == "monthly" and not (draft.nths and set(draft.nths) <= set(NTHS)):
        problems["nth"] = "Choose at least one week of the month."
    if draft.weekday not in range(1, 8):
        problems["weekday"] = "Choose a day of the week."
    return problems


def _clock_problems(draft: RuleDraft, *, today: date) -> Problems:
    problems: Problems = {}
    if draft.start is None:
        problems["start"] = "Give the start as hours and minutes, like 14:00."
    if draft.minutes is None or not MIN_CALL <= draft.minutes <= MAX_CALL:
        problems["minutes"] = f"A call takes {MIN_CALL} to {MAX_CALL} minutes."
    if not known_zone(draft.zone):
        problems["zone"] = "Choose a place from the list."
    if draft.valid_from is None:
        problems["valid_from"] = "Give the first day on which the rule holds."
    elif not EARLIEST <= draft.valid_from <= today + HORIZON:
        problems["valid_from"] = "Choose a day between 2000 and two years from now."
    return problems


def _part_problems(part: PartDraft) -> Problems:
    problems: Problems = {}
    if part.kind is None:
        problems[part.field("kind")] = "Choose what this part is."
    if len(part.title) > MAX_LINE:
        problems[part.field("title")] = f"At most {MAX_LINE} characters; these are {len(part.title)}."
    elif holds_join_link(part.title):
        problems[part.field("title")] = WHY_NOT
    if part.kind and Segment(part.kind, part.title, 1, part.recorded, part.under_rule).is_contradiction:
        problems[part.field("recorded")] = IN_CONFIDENCE
    if part.minutes is None or not 1 <= part.minutes <= MAX_CALL:
        problems[part.field("minutes")] = "Say how many minutes it takes, as a whole number."
    return problems


def _line_problem(text: str, limit: int, missing: str) -> str | None:
    if not text:
        return missing
    if len(text) > limit:
        return f"At most {limit} characters; these are {len(text)}."
    return WHY_NOT if holds_join_link(text) else None


def _audience_problems(draft: SeriesDraft) -> Problems:
    chosen = {
        "audience": draft.audience is not None or "Choose who it is for.",
        "public_detail": draft.public_detail in MEMBERS_DETAILS or "Choose what the public sees of it.",
    }
    return {name: problem for name, problem in chosen.items() if isinstance(problem, str)}


def _moved_problems(draft: SeriesDraft) -> Problems:
    if not draft.moved_to:
        return {}
    if not is_web_address(draft.moved_to):
        return {"moved_to": "Write the address whole, beginning with https://."}
    if holds_join_link(draft.moved_to):
        return {"moved_to": WHY_NOT}
    return {} if draft.ended_on else {"ended_on": "Say on which day it meets here last, too."}


def _ending_problems(draft: SeriesDraft) -> Problems:
    """Calendars cannot count beyond the year 9999, and one such day would be left to stand in the feed for ever."""
    if draft.ended_on is None or 2000 <= draft.ended_on.year <= 2100:
        return {}
    return {"ended_on": "Choose a day between 2000 and 2100."}


def _slug_problem(slug: str) -> str | None:
    if len(slug) > MAX_SLUG or not _SLUG.fullmatch(slug):
        return "Use small letters, digits and single hyphens, like thursday."
    if slug in RESERVED_SLUGS:
        return f"“{slug}” is taken by the site itself: choose another."
    return None
