"""The form of a working group: as typed, for the page that comes back, and as a draft, for the service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.group_forms import ChairDraft, ChannelDraft, GroupDraft
from app.domain.states import WorkingGroupState
from app.domain.text import clean_line, clean_text
from app.models import WorkingGroup
from app.web.fields import read_number, read_word
from app.web.organizer.series_forms import Form, typed

_WORDS = ("name", "slug", "scope", "state", "rhythm", "calendar", "repository", "notes")
_TEXTS = frozenset({"scope", "notes"})
_CHANNEL, _CHAIR = ("label", "address"), ("id", "name", "affiliation", "email")
_MOST_ROWS, _MOST_TYPED = 20, 600
_OURS = "Somebody else saved meanwhile: {}. Save again to keep yours."
Row = Mapping[str, str]


@dataclass(frozen=True)
class GroupForm:
    """`fields` are as typed; so are the rows, whose place is the number in their fields' names."""

    fields: Row
    channels: tuple[Row, ...] = ()
    chairs: tuple[Row, ...] = ()

    @classmethod
    def empty(cls) -> GroupForm:
        return cls({"state": WorkingGroupState.ACTIVE.value}, ({},), ({},))

    @classmethod
    def of(cls, group: WorkingGroup) -> GroupForm:
        fields = {name: str(getattr(group, name)) for name in _WORDS}
        chairs = [
            {"id": str(chair.id), "name": chair.name, "affiliation": chair.affiliation, "email": chair.email or ""}
            for chair in group.chairs
        ]
        return cls(fields, tuple(dict(each) for each in group.channels), tuple(chairs))

    @classmethod
    def sent(cls, form: Form) -> GroupForm:
        channels, chairs = _rows(form, "channel", _CHANNEL), _rows(form, "chair", _CHAIR)
        return cls(typed(form, _WORDS), channels, chairs)

    def with_row(self, kind: str) -> GroupForm:
        """With one more empty row of "channel" or "chair"."""
        if kind == "channel":
            return GroupForm(self.fields, (*self.channels, {}), self.chairs)
        return GroupForm(self.fields, self.channels, (*self.chairs, {}))

    def without_row(self, which: str) -> GroupForm:
        """Without the row that a button names: "channel-1"."""
        kind, _, number = which.partition("-")
        gone = read_number(number)
        return GroupForm(
            self.fields,
            tuple(row for place, row in enumerate(self.channels) if (kind, place) != ("channel", gone)),
            tuple(row for place, row in enumerate(self.chairs) if (kind, place) != ("chair", gone)),
        )

    def draft(self) -> GroupDraft:
        said = {name: (clean_text if name in _TEXTS else clean_line)(self.fields.get(name, "")) for name in _WORDS}
        return GroupDraft(
            name=said["name"],
            slug=said["slug"],
            scope=said["scope"],
            notes=said["notes"],
            repository=said["repository"],
            calendar=said["calendar"],
            rhythm=said["rhythm"],
            state=read_word(WorkingGroupState, said["state"]),
            channels=tuple(
                ChannelDraft(number, clean_line(row.get("label", "")), clean_line(row.get("address", "")))
                for number, row in enumerate(self.channels)
                if _says(row, _CHANNEL)
            ),
            chairs=tuple(_chair(number, row) for number, row in enumerate(self.chairs) if _says(row, _CHAIR[1:])),
        )

    def beside(self, stored: GroupForm) -> dict[str, str]:
        """What somebody else saved meanwhile, at each field in which this form says another thing."""
        mine, theirs = self._said(), stored._said()
        return {
            name: _OURS.format(
                f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}" if text else "nothing"
            )
            for name, text in theirs.items()
            if text != mine[name]
        }

    def _said(self) -> dict[str, str]:
        fields = {name: clean_text(self.fields.get(name, "")) for name in _WORDS}
        return {**fields, "channels": _in_words(self.channels, _CHANNEL), "chairs": _in_words(self.chairs, _CHAIR[1:])}


def _rows(form: Form, kind: str, names: Iterable[str]) -> tuple[Row, ...]:
    numbers = [read_number(text) for text in form.getlist(kind)]
    kept = [number for number in dict.fromkeys(numbers) if number is not None][:_MOST_ROWS]
    return tuple({name: form.get(f"{kind}-{number}-{name}", "")[:_MOST_TYPED] for name in names} for number in kept)


def _chair(number: int, row: Row) -> ChairDraft:
    said = {name: clean_line(row.get(name, "")) for name in _CHAIR}
    return ChairDraft(number, read_number(said["id"]), said["name"], said["affiliation"], said["email"])


def _says(row: Row, names: Iterable[str]) -> bool:
    return any(clean_line(row.get(name, "")) for name in names)


def _in_words(rows: Iterable[Row], names: Iterable[str]) -> str:
    named = tuple(names)
    said = [" ".join(filter(None, (clean_line(row.get(name, "")) for name in named))) for row in rows]
    return "; ".join(filter(None, said))
