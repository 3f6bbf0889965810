"""The forms of series and touchpoints: as typed, for the page that comes back, and as drafts, for the services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from app.domain.agenda import Segment, SegmentKind
from app.domain.cadence import Rule, next_occurrences
from app.domain.errors import Conflict
from app.domain.publication import Audience, PublicDetail
from app.domain.secret import Secret, WayIn
from app.domain.series import PartDraft, RuleDraft, SeriesDraft
from app.domain.text import clean_line, clean_text
from app.models import Series
from app.web.fields import read_clock, read_day, read_number, read_word

Form = MultiDict[str, str]
_MOST_TYPED, _MOST_ROWS = 5_000, 30
_SERIES = (
    "name",
    "short_name",
    "slug",
    "audience",
    "public_detail",
    "hue",
    "shape",
    "role_address",
    "description",
    "ended_on",
    "moved_to",
    "blind_review",
)
WAY_IN = ("join_url", "passcode", "dial_in", "registration")
_RULE = ("rhythm", "weekday", "weeks", "start", "minutes", "zone", "valid_from")


def typed(form: Form, names: Iterable[str]) -> dict[str, str]:
    """The fields of those names as they were typed, cut where no honest text goes on."""
    return {name: form.get(name, "")[:_MOST_TYPED] for name in names}


def sent_way_in(form: Form) -> WayIn:
    """The secrets that a form of a way in has, each on one line."""
    said = {name: Secret(clean_line(form.get(name, "")[:_MOST_TYPED])) for name in WAY_IN}
    return WayIn(said["join_url"], said["passcode"], said["dial_in"], said["registration"])


def stale_form(form: Form, error: Conflict) -> dict[str, str]:
    """What is wrong with a form whose page was stale, at its first field. Raises `error` where there is none."""
    first = next((name for name in form if name not in ("csrf_token", "version")), None)
    if first is None:
        raise error
    return {first: f"{error} What you typed still stands here."}


@dataclass(frozen=True)
class SeriesForm:
    """The form of a series. `fields` are as typed."""

    fields: Mapping[str, str]

    @classmethod
    def empty(cls) -> SeriesForm:
        return cls(
            {
                "audience": Audience.OPEN.value,
                "public_detail": PublicDetail.TITLE_AND_TIME.value,
                "hue": "teal",
                "shape": "triangle",
            }
        )

    @classmethod
    def of(cls, series: Series) -> SeriesForm:
        fields = {name: str(getattr(series, name) or "") for name in _SERIES}
        words = {"audience": series.audience.value, "public_detail": series.public_detail.value}
        return cls(fields | words | {"blind_review": "yes" if series.blind_review else ""})

    def beside(self, stored: SeriesForm) -> dict[str, str]:
        """What somebody else saved meanwhile, at each field in which this form says another thing."""
        mine = {name: clean_text(self.fields.get(name, "")) for name in _SERIES}  # browsers end lines in two characters
        theirs = {name: stored.fields[name] for name in _SERIES if stored.fields[name] != mine[name]}
        return {
            name: f"Somebody else saved meanwhile: {_in_words(name, text)}. Save again to keep yours."
            for name, text in theirs.items()
        }

    @classmethod
    def sent(cls, form: Form) -> SeriesForm:
        return cls(typed(form, _SERIES))

    def draft(self) -> SeriesDraft:
        lines = {name: clean_line(self.fields.get(name, "")) for name in _SERIES}
        return SeriesDraft(
            name=lines["name"],
            short_name=lines["short_name"],
            slug=lines["slug"],
            audience=read_word(Audience, lines["audience"]),
            public_detail=read_word(PublicDetail, lines["public_detail"] or PublicDetail.TITLE_AND_TIME.value),
            hue=lines["hue"],
            shape=lines["shape"],
            role_address=lines["role_address"],
            description=clean_text(self.fields.get("description", "")),
            ended_on=_last_day(lines["ended_on"]),
            moved_to=lines["moved_to"],
            blind_review=lines["blind_review"] == "yes",
        )


def _in_words(name: str, text: str) -> str:
    words = text.replace("_", " ") if name == "public_detail" else text
    return f"“{words}”" if words else "nothing"


def _last_day(text: str) -> date | None:
    """None where nothing was typed; what is no day is one that cannot be, so that it does not count as nothing."""
    return (read_day(text) or date.min) if text else None


@dataclass(frozen=True)
class RuleForm:
    """The form of a cadence rule. `nths` are the chosen weeks of the month, as typed."""

    fields: Mapping[str, str]
    nths: tuple[str, ...] = ()

    @classmethod
    def starting(cls, rules: Sequence[Rule], *, today: date, zone: str) -> RuleForm:
        """The form to begin with: the present rule from its next date on, so that a count of weeks stays in step.

        A series without one begins with an hour in `zone`.
        """
        start = {"rhythm": "monthly", "weekday": "", "weeks": "2", "start": "", "minutes": "60", "zone": zone}
        coming = next_occurrences(rules, after=today - timedelta(days=1), count=1)
        if not coming:
            return cls(start | {"valid_from": today.isoformat()})
        rule = coming[0].rule
        cadence = rule.cadence
        own = {
            "rhythm": "weekly" if cadence.weeks else "monthly",
            "weekday": str(cadence.weekday),
            "weeks": str(cadence.weeks or 2),
            "start": f"{rule.start:%H:%M}",
            "minutes": str(rule.minutes),
            "zone": rule.zone,
            "valid_from": coming[0].date.isoformat(),
        }
        return cls(start | own, tuple(map(str, cadence.nths)))

    @classmethod
    def sent(cls, form: Form) -> RuleForm:
        return cls(typed(form, _RULE), tuple(form.getlist("nth")[:_MOST_ROWS]))

    def draft(self) -> RuleDraft:
        fields = self.fields
        return RuleDraft(
            rhythm=fields["rhythm"],
            weekday=read_number(fields["weekday"]),
            weeks=read_number(fields["weeks"]),
            nths=tuple(nth for text in self.nths if (nth := read_number(text)) is not None),
            start=read_clock(fields["start"]),
            minutes=read_number(fields["minutes"]),
            zone=clean_line(fields["zone"]),
            valid_from=read_day(fields["valid_from"]),
        )


@dataclass(frozen=True)
class PartRow:
    """A row of an agenda's form as typed; `number` is part of its fields' names."""

    number: int
    position: str = ""
    kind: str = SegmentKind.TALK.value
    title: str = ""
    minutes: str = ""
    recorded: bool = False
    under_rule: bool = False
    working_group: str = ""

    def draft(self) -> PartDraft:
        return PartDraft(
            number=self.number,
            position=read_number(self.position),
            kind=read_word(SegmentKind, self.kind),
            title=clean_line(self.title),
            minutes=read_number(self.minutes),
            recorded=self.recorded,
            under_rule=self.under_rule,
            working_group=clean_line(self.working_group),
        )


@dataclass(frozen=True)
class AgendaForm:
    """The rows of an agenda's form, as they stood on the page."""

    rows: list[PartRow] = field(default_factory=list)

    @classmethod
    def of(cls, segments: Iterable[Segment]) -> AgendaForm:
        return cls(
            [
                PartRow(
                    number,
                    str(number + 1),
                    part.kind.value,
                    part.title,
                    str(part.minutes),
                    part.recorded,
                    part.under_rule,
                    part.working_group.slug if part.working_group else "",
                )
                for number, part in enumerate(segments)
            ]
        )

    @classmethod
    def sent(cls, form: Form) -> AgendaForm:
        numbers = [read_number(text) for text in form.getlist("part")]
        kept = [number for number in dict.fromkeys(numbers) if number is not None and number >= 0]
        return cls([_row(form, number) for number in kept[:_MOST_ROWS]])

    def changed_rows(self, form: Form) -> AgendaForm | None:
        """The rows after the button that adds or takes one away, or None if another button was pressed."""
        if "add" in form:
            number = max((row.number for row in self.rows), default=-1) + 1
            return AgendaForm([*self.rows, PartRow(number, str(len(self.rows) + 1))])
        if "remove" in form:
            gone = read_number(form["remove"])
            return AgendaForm([row for row in self.rows if row.number != gone])
        return None

    def beside(self, stored: AgendaForm) -> dict[str, str]:
        """What somebody else saved meanwhile, at the first row of this form."""
        groups = [f", for {row.working_group}" if row.working_group else "" for row in stored.rows]
        parts = [
            f"{row.title or row.kind} {row.minutes} min{group}" for row, group in zip(stored.rows, groups, strict=True)
        ]
        first = self.rows[0].number if self.rows else 0
        said = f"Somebody else saved meanwhile: {'; '.join(parts) or 'no parts'}."
        return {f"part-{first}-title": f"{said} What you typed still stands here; save again to keep it."}

    @property
    def minutes(self) -> int:
        """What the rows add up to, as far as they can be read."""
        return sum(draft.minutes or 0 for draft in self.drafts())

    @property
    def talk_minutes(self) -> int:
        """The room for talks among them."""
        return sum(draft.minutes or 0 for draft in self.drafts() if draft.kind is SegmentKind.TALK)

    @property
    def groups(self) -> list[str]:
        """The working groups that rows belong to, by slug."""
        return [row.working_group for row in self.rows if row.working_group]

    def drafts(self) -> list[PartDraft]:
        return [row.draft() for row in self.rows]


def _row(form: Form, number: int) -> PartRow:
    def text(name: str) -> str:
        return form.get(f"part-{number}-{name}", "")[:_MOST_TYPED]

    return PartRow(
        number=number,
        position=text("position"),
        kind=text("kind"),
        title=text("title"),
        minutes=text("minutes"),
        recorded=bool(text("recorded")),
        under_rule=bool(text("under_rule")),
        working_group=text("working_group"),
    )
